// JSON as dawson reads and writes it: keys keep their order, files appear whole or not at all.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>

#include "dawson/core/error.h"

namespace dawson::core {

using Json = nlohmann::ordered_json;

/// Throws Error{code} naming the file and the place of the mistake.
Json read_json(const std::filesystem::path& file, ExitCode code = ExitCode::input);
/// Two-space indent, UTF-8 (invalid bytes replaced), a newline at the end. Throws Error{output}.
void write_json(const std::filesystem::path& file, const Json& json);

}  // namespace dawson::core
