#include "dawson/core/toml_file.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <sstream>

#include "dawson/core/toml_table.h"

namespace dawson::core {
namespace {

/// Each dot of a name is a table within a table, and the library recurses into all of them.
constexpr std::ptrdiff_t most_dots = 2000;

Json json_of(const toml::node& node) {
  if (const auto* table = node.as_table()) {
    Json object = Json::object();
    for (const auto& [key, value] : *table) object[std::string(key.str())] = json_of(value);
    return object;
  }
  if (const auto* array = node.as_array()) {
    Json list = Json::array();
    for (const toml::node& value : *array) list.push_back(json_of(value));
    return list;
  }
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* flag = node.as_boolean()) return flag->get();
  if (const auto* integer = node.as_integer()) return integer->get();
  if (const auto* real = node.as_floating_point()) return real->get();
  std::ostringstream text;
  node.visit([&](const auto& value) {
    if constexpr (toml::is_date<decltype(value)> || toml::is_time<decltype(value)> ||
                  toml::is_date_time<decltype(value)>) {
      text << value;
    }
  });
  return text.str();
}

}  // namespace

toml::table parse_toml(const std::filesystem::path& file, const std::string& what) {
  if (!std::filesystem::exists(file) || std::filesystem::is_directory(file)) {
    throw Error(ExitCode::usage, what + " does not exist", file.string());
  }
  std::ifstream in(file, std::ios::binary);
  if (std::count(std::istreambuf_iterator<char>(in), {}, '.') > most_dots) {
    throw Error(ExitCode::usage, "has more than 2000 dots", file.string());
  }
  try {
    return toml::parse_file(file.string());
  } catch (const toml::parse_error& e) {
    throw Error(
        ExitCode::usage,
        "line " + std::to_string(e.source().begin.line) + ": " + std::string(e.description()),
        file.string());
  }
}

Json read_toml(const std::filesystem::path& file, const std::string& what) {
  return json_of(parse_toml(file, what));
}

}  // namespace dawson::core
