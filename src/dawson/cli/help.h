// What --help prints and docs/reference holds, made from the declarations.
#pragma once

#include <string>
#include <vector>

#include "dawson/cli/command.h"

namespace dawson::cli {

/// `dawson` alone: the commands, a line each. `width` in characters.
std::string overview(const std::vector<Command>& commands, std::size_t width = 80);
/// `dawson COMMAND --help`.
std::string help(const Command& command, std::size_t width = 80);

/// A reference page in Markdown.
struct Page {
  std::string file;  ///< "segment.md"
  std::string text;
};
/// One page for each command that is not hidden, and README.md that lists them.
std::vector<Page> reference_pages(const std::vector<Command>& commands);

}  // namespace dawson::cli
