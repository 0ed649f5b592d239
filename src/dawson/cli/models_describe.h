// dawson models describe: what a network costs by layer, known before anything runs.
#pragma once

#include <filesystem>
#include <vector>

#include "dawson/cli/command.h"

namespace dawson::cli {

/// What a network is built from (the options of `train`, under the same names), and the size, batch
/// and memory that its cost is reckoned for.
std::vector<Option> describe_options();

/// Prints the network of the bundle in `model_folder`, or where that is empty the one that the
/// options name.
void describe(const Context& context, const std::filesystem::path& model_folder);

}  // namespace dawson::cli
