// What is given to a command from outside its command line.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "dawson/cli/command.h"

namespace dawson::cli {

/// What the settings file (`config`, else dawson.toml in the current folder where there is one) and
/// the environment (as ::environ) give to `command`; the latter wins. Throws Error{usage} as
/// core::file_layer and core::environment_layer do.
std::vector<core::Layer> outer_layers(const std::vector<Command>& commands,
                                      const std::string& command,
                                      const std::optional<std::filesystem::path>& config,
                                      const char* const* environment);

}  // namespace dawson::cli
