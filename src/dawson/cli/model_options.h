// The options that say what finds lesions: of segment, explain and crossval.
#pragma once

#include <memory>
#include <vector>

#include "dawson/cli/command.h"
#include "dawson/model/model.h"
#include "dawson/segmentation/method.h"

namespace dawson::cli {

/// --model, --brain-model.
std::vector<Option> model_options();

/// The model that they name, with the atlas. Throws Error{model}.
model::Model open_model(const Context& context);

/// --method: the network, or a traditional method.
Option method_option(const std::string& help);

/// The fitted method that --method, --model and --brain-model name. Throws Error{model, usage}.
std::unique_ptr<segmentation::Method> open_method(const Context& context,
                                                  const segmentation::SegmenterSettings& settings);

}  // namespace dawson::cli
