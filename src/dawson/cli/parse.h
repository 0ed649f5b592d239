// The command line of one command as a layer of settings.
#pragma once

#include <string>
#include <vector>

#include "dawson/cli/command.h"

namespace dawson::cli {

struct ParsedLine {
  core::Layer layer;
  bool help = false;  ///< --help or -h stands on the line
};

/// `arguments` without program and command name. Values are taken as text; core::Settings checks
/// them. Throws Error{usage}: an unknown option (the nearest known one is named), a missing value,
/// a stray word.
ParsedLine parse(const Command& command, const std::vector<std::string>& arguments);

}  // namespace dawson::cli
