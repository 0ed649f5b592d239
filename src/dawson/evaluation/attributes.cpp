#include "dawson/evaluation/attributes.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <fstream>
#include <optional>
#include <set>

#include "dawson/core/error.h"
#include "dawson/core/text.h"

namespace dawson::evaluation {
namespace {

namespace fs = std::filesystem;
using Row = std::map<std::string, std::string>;

constexpr const char* unknown = "n/a";
constexpr std::size_t longest_cell = 100;  // of one that names a group: more is no value but a text

std::string trimmed(const std::string& text) {
  const auto blank = [](unsigned char c) { return std::isspace(c) != 0; };
  const auto begin = std::find_if_not(text.begin(), text.end(), blank);
  const auto end = std::find_if_not(text.rbegin(), text.rend(), blank).base();
  return begin < end ? std::string(begin, end) : std::string();
}

std::vector<std::string> cells_of(std::string line) {
  if (!line.empty() && line.back() == '\r') line.pop_back();
  std::vector<std::string> cells(1);
  for (const char c : line) {
    if (c == '\t') {
      cells.emplace_back();
    } else {
      cells.back() += c;
    }
  }
  for (std::string& cell : cells) cell = trimmed(cell);
  return cells;
}

/// What people write where they know nothing.
bool is_unknown(const std::string& cell) {
  static const std::set<std::string> words{"",     "n/a",     "na", "nan", "none",
                                           "null", "unknown", "-",  "?",   "."};
  return words.count(core::lower_case(cell)) > 0;
}

/// Years; nothing where the text is no age of a person.
std::optional<double> years_in(std::string text) {
  if (!text.empty() && text.back() == '+') text.pop_back();  // BIDS: 89+ for whoever is older
  double years = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), years);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return years >= 0 && years <= 125 ? std::optional(years) : std::nullopt;
}

std::string band_of(double years) {
  if (years < 30) return "< 30";
  if (years >= 60) return "≥ 60";
  const int decade = static_cast<int>(years / 10) * 10;
  return std::to_string(decade) + "–" + std::to_string(decade + 9);
}

std::string sex_in(const std::string& cell) {
  static const std::map<std::string, std::string> spellings{
      {"f", "F"},    {"female", "F"}, {"w", "F"}, {"woman", "F"}, {"m", "M"},
      {"male", "M"}, {"man", "M"},    {"o", "O"}, {"other", "O"}, {"x", "O"}};
  const auto found = spellings.find(core::lower_case(cell));
  return found == spellings.end() ? "" : found->second;
}

GroupValue odd(const std::string& column, const std::string& cell) {
  return {unknown, column + " is \"" + cell.substr(0, longest_cell) + "\""};
}

}  // namespace

bool PatientTable::has_column(const std::string& name) const {
  return std::find(columns.begin(), columns.end(), name) != columns.end();
}

const Row* PatientTable::find(const std::string& patient) const {
  const std::string participant = patient.substr(patient.rfind('/') + 1);
  const std::string bare = participant.starts_with("sub-") ? participant.substr(4) : participant;
  for (const std::string& name : {patient, participant, bare}) {
    const auto row = patients.find(name);
    if (row != patients.end()) return &row->second;
  }
  return nullptr;
}

PatientTable read_patient_table(const fs::path& file) {
  std::ifstream in(file);
  std::string line;
  if (!in || !std::getline(in, line)) {
    throw Error(ExitCode::input, "cannot be read as a table of patients", file.string());
  }
  if (line.starts_with("\xEF\xBB\xBF")) line.erase(0, 3);  // a byte order mark, as editors add it
  const std::vector<std::string> header = cells_of(line);
  const auto id = std::find(header.begin(), header.end(), "participant_id");
  if (id == header.end()) {
    throw Error(ExitCode::input, "has no column participant_id", file.string(),
                "cells are separated by tabs, as BIDS has it");
  }
  PatientTable table;
  table.file = file;
  for (const std::string& name : header) {
    if (name != "participant_id") table.columns.push_back(name);
  }
  for (int number = 2; std::getline(in, line); ++number) {
    const std::vector<std::string> cells = cells_of(line);
    if (cells.size() == 1 && cells[0].empty()) continue;
    const std::string where = file.filename().string() + ", line " + std::to_string(number);
    if (cells.size() != header.size()) {
      table.warnings.push_back(where + ", was left out: it has " + std::to_string(cells.size()) +
                               " cells where the header has " + std::to_string(header.size()));
      continue;
    }
    const std::string& name = cells[static_cast<std::size_t>(id - header.begin())];
    if (is_unknown(name)) {
      table.warnings.push_back(where + ", was left out: it names no participant");
      continue;
    }
    Row row;
    for (std::size_t c = 0; c < header.size(); ++c) {
      if (header[c] != "participant_id") row[header[c]] = is_unknown(cells[c]) ? unknown : cells[c];
    }
    if (!table.patients.emplace(name, std::move(row)).second) {
      table.warnings.push_back(where + ", was left out: " + name + " is there already");
    }
  }
  return table;
}

fs::path patient_table_above(const fs::path& mask) {
  // A mask lies at most at tree/derivatives/NAME/sub/ses/anat/: the tree is six folders up.
  constexpr int highest = 7;
  fs::path folder = fs::absolute(mask).lexically_normal().parent_path();
  for (int n = 0; n < highest; ++n) {
    if (fs::exists(folder / "participants.tsv")) return folder / "participants.tsv";
    if (folder == folder.parent_path()) break;
    folder = folder.parent_path();
  }
  return {};
}

GroupValue group_of(const std::string& column, const std::string& cell) {
  if (is_unknown(cell)) return {unknown, ""};
  const std::string name = core::lower_case(column);
  if (name == "age") {
    const auto years = years_in(cell);
    return years ? GroupValue{band_of(*years), ""} : odd(column, cell);
  }
  if (name == "sex" || name == "gender") {
    const std::string sex = sex_in(cell);
    return sex.empty() ? odd(column, cell) : GroupValue{sex, ""};
  }
  if (cell.size() > longest_cell) return odd(column, cell);
  return {cell, ""};
}

bool group_before(const std::string& a, const std::string& b) {
  const auto rank = [](const std::string& name) { return name == unknown ? 2 : name != "< 30"; };
  return rank(a) != rank(b) ? rank(a) < rank(b) : a < b;
}

}  // namespace dawson::evaluation
