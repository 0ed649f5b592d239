// A TOML file as the library has it. Private to this room.
#pragma once

#include <toml++/toml.h>

#include <filesystem>
#include <string>

namespace dawson::core {

/// Throws Error{usage} naming the file: it is missing ("WHAT does not exist"), or the line and what
/// is wrong with it.
toml::table parse_toml(const std::filesystem::path& file, const std::string& what);

}  // namespace dawson::core
