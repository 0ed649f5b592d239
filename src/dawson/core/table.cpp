#include "dawson/core/table.h"

#include <array>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "dawson/core/atomic_file.h"
#include "dawson/core/error.h"
#include "dawson/core/json.h"

namespace dawson::core {
namespace {

// A tab or newline inside a cell would break the table.
std::string cell(std::string text) {
  for (char& c : text) {
    if (c == '\t' || c == '\n' || c == '\r') c = ' ';
  }
  return text.empty() ? "n/a" : text;
}

std::vector<std::string> split(const std::string& line) {
  std::vector<std::string> cells;
  std::size_t begin = 0;
  while (true) {
    const std::size_t tab = line.find('\t', begin);
    cells.push_back(line.substr(begin, tab == std::string::npos ? tab : tab - begin));
    if (tab == std::string::npos) return cells;
    begin = tab + 1;
  }
}

}  // namespace

void Table::add_row(std::vector<std::string> cells) {
  if (cells.size() != columns_.size()) throw std::invalid_argument("table row of another length");
  rows_.push_back(std::move(cells));
}

bool Table::has_column(const std::string& name) const noexcept {
  for (const Column& c : columns_) {
    if (c.name == name) return true;
  }
  return false;
}

std::size_t Table::column(const std::string& name) const {
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (columns_[i].name == name) return i;
  }
  throw Error(ExitCode::input, "the table has no column '" + name + "'");
}

void Table::write(const std::filesystem::path& file) const {
  std::string text;
  Json sidecar = Json::object();
  for (const Column& c : columns_) {
    text += (text.empty() ? "" : "\t") + c.name;
    sidecar[c.name] = {{"Description", c.description}};
  }
  text += "\n";
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i) text += (i == 0 ? "" : "\t") + cell(row[i]);
    text += "\n";
  }
  write_text(file, text);
  write_json(std::filesystem::path(file).replace_extension(".json"), sidecar);
}

Table Table::read(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw Error(ExitCode::input, "cannot be read", file.string());
  std::string line;
  std::size_t line_number = 0;
  Table table({});
  while (std::getline(in, line)) {
    ++line_number;
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (line.empty()) continue;
    std::vector<std::string> cells = split(line);
    if (table.columns_.empty()) {
      for (std::string& name : cells) table.columns_.push_back({std::move(name), ""});
    } else if (cells.size() != table.columns_.size()) {
      throw Error(ExitCode::input,
                  "line " + std::to_string(line_number) + " has " + std::to_string(cells.size()) +
                      " cells where the header has " + std::to_string(table.columns_.size()),
                  file.string());
    } else {
      table.rows_.push_back(std::move(cells));
    }
  }
  if (table.columns_.empty()) throw Error(ExitCode::input, "the table is empty", file.string());
  return table;
}

std::string number(double value, int decimals) {
  if (!std::isfinite(value)) return "n/a";
  std::array<char, 64> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%.*f", decimals, value);
  return buffer.data();
}

}  // namespace dawson::core
