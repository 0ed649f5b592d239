// Options that say how scans are brought to the space in which networks see them.
#pragma once

#include <vector>

#include "dawson/cli/command.h"
#include "dawson/preprocessing/recipe.h"

namespace dawson::cli {

/// --in-plane, --slice, --sequences and --keep-bias of what prepares training scans.
std::vector<Option> recipe_options();
/// Throws Error{usage} for a sequence that is none.
preprocessing::RecipeSettings recipe_settings(const Context& context);

}  // namespace dawson::cli
