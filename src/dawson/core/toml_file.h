// TOML files as JSON: for what people write by hand and is no list of settings.
#pragma once

#include <filesystem>
#include <string>

#include "dawson/core/json.h"

namespace dawson::core {

/// Tables become objects (keys in alphabetical order), dates and times texts. Throws Error{usage}
/// naming the file: it is missing ("WHAT does not exist"), or the line and what is wrong with it.
Json read_toml(const std::filesystem::path& file, const std::string& what);

}  // namespace dawson::core
