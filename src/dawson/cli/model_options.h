// The options that say which model: of segment and explain.
#pragma once

#include <vector>

#include "dawson/cli/command.h"
#include "dawson/model/model.h"

namespace dawson::cli {

/// --model, --brain-model.
std::vector<Option> model_options();

/// The model that they name, with the atlas. Throws Error{model}.
model::Model open_model(const Context& context);

}  // namespace dawson::cli
