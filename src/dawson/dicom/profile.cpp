#include "dawson/dicom/profile.h"

#include <algorithm>
#include <array>
#include <unordered_map>

#include "dawson/core/error.h"
#include "dawson/dicom/profile_tables.h"

namespace dawson::dicom {
namespace {

/// Columns of the table after tag and name.
enum Column {
  basic,
  safe_private,
  uids,
  device,
  institution,
  patient,
  full_dates,
  modified_dates,
  descriptors,
  structured,
  graphics,
  column_count
};

struct TableRow {
  std::string name;
  std::array<std::string, column_count> codes;  ///< empty: the column says nothing
};

/// "(60xx,3000)": what is given, and which digits count.
struct Pattern {
  std::uint32_t value = 0, mask = 0;
  TableRow row;
};

struct Table {
  std::string edition;
  std::unordered_map<std::uint32_t, TableRow> rows;
  std::vector<Pattern> patterns;
};

/// From "(gggg,eeee)", where an x stands for any digit.
Pattern pattern_of(const std::string& tag) {
  Pattern pattern;
  for (const char c : tag) {
    if (c == '(' || c == ',' || c == ')') continue;
    const bool any = c == 'x';
    pattern.value =
        pattern.value << 4U | (any ? 0 : std::uint32_t(std::stoi(std::string(1, c), nullptr, 16)));
    pattern.mask = pattern.mask << 4U | (any ? 0 : 0xFU);
  }
  return pattern;
}

/// What stands behind "# edition: ".
std::string edition_of(std::string_view table) {
  constexpr std::string_view mark = "# edition: ";
  const std::size_t from = table.find(mark) + mark.size();
  return std::string(table.substr(from, table.find('\n', from) - from));
}

Table read_table() {
  Table table;
  table.edition = edition_of(tables::confidentiality_profile);
  for (const std::vector<std::string>& cells : tables::rows_of(tables::confidentiality_profile)) {
    if (cells.size() != 2 + column_count) {
      throw Error(ExitCode::defect, "the confidentiality table has a wrong row: " + cells.front());
    }
    if (cells[0] == "private") continue;
    Pattern pattern = pattern_of(cells[0]);
    pattern.row.name = cells[1];
    for (std::size_t c = 0; c < column_count; ++c) {
      if (cells[2 + c] != "-") pattern.row.codes[c] = cells[2 + c];
    }
    if (pattern.mask == 0xFFFFFFFFU) {
      table.rows.emplace(pattern.value, std::move(pattern.row));
    } else {
      table.patterns.push_back(std::move(pattern));
    }
  }
  return table;
}

const Table& table() {
  static const Table read = read_table();
  return read;
}

Action action_of(const std::string& code) {
  if (code == "K") return Action::keep;
  if (code == "C") return Action::clean;
  if (code.find('U') != std::string::npos) return Action::replace_uid;
  if (code.find('D') != std::string::npos) return Action::dummy;
  if (code.find('Z') != std::string::npos) return Action::empty;
  return Action::remove;
}

/// The option that speaks of the row, of those that were chosen; the basic profile else. Retaining
/// goes before cleaning.
const std::string& code_of(const TableRow& row, const Profile& p) {
  const std::array<std::pair<bool, Column>, 10> options{
      {{p.safe_private, safe_private},
       {p.uids, uids},
       {p.device, device},
       {p.institution, institution},
       {p.patient, patient},
       {p.dates == Dates::kept, full_dates},
       {p.dates == Dates::shifted, modified_dates},
       {p.descriptors, descriptors},
       {p.structured, structured},
       {p.graphics, graphics}}};
  const std::string* chosen = nullptr;
  for (const auto& [on, column] : options) {
    const std::string& code = row.codes[column];
    if (!on || code.empty()) continue;
    if (code == "K") return code;
    if (chosen == nullptr) chosen = &code;
  }
  return chosen != nullptr ? *chosen : row.codes[basic];
}

struct OptionCode {
  const char* value;
  const char* meaning;
  bool (*on)(const Profile&);
  void (*set)(Profile&);
};

/// PS3.16, CID 7050.
constexpr std::array<OptionCode, 12> option_codes{{
    {"113101", "Clean Pixel Data Option", [](const Profile& p) { return p.pixels; },
     [](Profile& p) { p.pixels = true; }},
    {"113102", "Clean Recognizable Visual Features Option",
     [](const Profile& p) { return p.features; }, [](Profile& p) { p.features = true; }},
    {"113103", "Clean Graphics Option", [](const Profile& p) { return p.graphics; },
     [](Profile& p) { p.graphics = true; }},
    {"113104", "Clean Structured Content Option", [](const Profile& p) { return p.structured; },
     [](Profile& p) { p.structured = true; }},
    {"113105", "Clean Descriptors Option", [](const Profile& p) { return p.descriptors; },
     [](Profile& p) { p.descriptors = true; }},
    {"113106", "Retain Longitudinal Temporal Information Full Dates Option",
     [](const Profile& p) { return p.dates == Dates::kept; },
     [](Profile& p) { p.dates = Dates::kept; }},
    {"113107", "Retain Longitudinal Temporal Information Modified Dates Option",
     [](const Profile& p) { return p.dates == Dates::shifted; },
     [](Profile& p) { p.dates = Dates::shifted; }},
    {"113108", "Retain Patient Characteristics Option", [](const Profile& p) { return p.patient; },
     [](Profile& p) { p.patient = true; }},
    {"113109", "Retain Device Identity Option", [](const Profile& p) { return p.device; },
     [](Profile& p) { p.device = true; }},
    {"113110", "Retain UIDs Option", [](const Profile& p) { return p.uids; },
     [](Profile& p) { p.uids = true; }},
    {"113111", "Retain Safe Private Option", [](const Profile& p) { return p.safe_private; },
     [](Profile& p) { p.safe_private = true; }},
    {"113112", "Retain Institution Identity Option", [](const Profile& p) { return p.institution; },
     [](Profile& p) { p.institution = true; }},
}};

}  // namespace

std::vector<Profile::Code> Profile::codes() const {
  std::vector<Code> codes{{"113100", "Basic Application Confidentiality Profile"}};
  for (const OptionCode& option : option_codes) {
    if (option.on(*this)) codes.push_back({option.value, option.meaning});
  }
  return codes;
}

Profile Profile::of_codes(const std::vector<std::string>& values) {
  Profile profile;
  for (const OptionCode& option : option_codes) {
    if (std::find(values.begin(), values.end(), option.value) != values.end()) {
      option.set(profile);
    }
  }
  return profile;
}

bool find_row(std::uint16_t group, std::uint16_t element, const Profile& profile, Row& row) {
  const std::uint32_t tag = std::uint32_t(group) << 16U | element;
  const TableRow* found = nullptr;
  if (const auto exact = table().rows.find(tag); exact != table().rows.end()) {
    found = &exact->second;
  }
  for (const Pattern& pattern : table().patterns) {
    if (found == nullptr && (tag & pattern.mask) == pattern.value) found = &pattern.row;
  }
  if (found == nullptr) return false;
  row.name = found->name;
  row.action = action_of(code_of(*found, profile));
  row.may_be_removed = found->codes[basic].find('X') != std::string::npos;
  return true;
}

const std::string& table_edition() {
  return table().edition;
}

}  // namespace dawson::dicom
