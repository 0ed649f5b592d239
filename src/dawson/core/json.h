// JSON as dawson reads and writes it: keys keep their order, files appear whole or not at all.
#pragma once

#include <cstddef>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "dawson/core/error.h"

namespace dawson::core {

using Json = nlohmann::ordered_json;

/// Lists and tables within each other; a copy of a value recurses into each. Networks have eight.
constexpr std::size_t deepest_json = 100;
/// Names in one table; a table that keeps its order looks through all of them for each.
constexpr std::size_t most_json_names = 10'000;

/// Throws Error{code} naming `where` and the place of the mistake, or the bound that is passed.
Json parse_json(const std::string& text, const std::string& where, ExitCode code);
/// The same for a file.
Json read_json(const std::filesystem::path& file, ExitCode code = ExitCode::input);
/// Two-space indent, UTF-8 (invalid bytes replaced), a newline at the end. Throws Error{output}.
void write_json(const std::filesystem::path& file, const Json& json);

}  // namespace dawson::core
