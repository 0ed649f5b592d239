#include "dawson/dataset/participants.h"

#include <charconv>
#include <map>
#include <set>

#include "dawson/core/error.h"
#include "dawson/core/table.h"

namespace dawson::dataset {
namespace {

std::optional<double> as_number(const std::optional<std::string>& text) {
  if (!text) return std::nullopt;
  double value = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error != std::errc{} || end != text->data() + text->size()) return std::nullopt;
  return value;
}

}  // namespace

std::vector<Participant> read_participants_table(const std::filesystem::path& file) {
  std::vector<Participant> participants;
  const core::Table table = core::Table::read(file);
  if (!table.has_column("participant_id")) {
    throw Error(ExitCode::input, "has no column 'participant_id'", file.string());
  }
  std::set<std::string> seen;
  for (const auto& row : table.rows()) {
    const auto cell = [&](const std::string& name) -> std::optional<std::string> {
      if (!table.has_column(name)) return std::nullopt;
      const std::string& text = row[table.column(name)];
      if (text.empty() || text == "n/a") return std::nullopt;
      return text;
    };
    Participant p;
    p.id = row[table.column("participant_id")];
    if (!seen.insert(p.id).second) {
      throw Error(ExitCode::input, "names " + p.id + " twice", file.string());
    }
    p.age_years = as_number(cell("age"));
    p.sex = cell("sex");
    p.site = cell("site");
    p.scanner = cell("scanner");
    p.field_tesla = as_number(cell("field_t"));
    participants.push_back(std::move(p));
  }
  return participants;
}

std::vector<Participant> read_participants(const std::filesystem::path& tree) {
  const std::filesystem::path file = tree / "participants.tsv";
  if (!std::filesystem::exists(file)) return {};
  return read_participants_table(file);
}

std::vector<Participant> participants_of(const std::vector<Scan>& scans) {
  std::map<std::filesystem::path, std::vector<Participant>> tables;
  std::vector<Participant> participants;
  for (const Scan& scan : scans) {
    const auto [table, is_new] = tables.try_emplace(scan.tree());
    if (is_new) table->second = read_participants(scan.tree());
    Participant found;
    found.id = scan.participant;
    for (const Participant& p : table->second) {
      if (p.id == scan.participant) found = p;
    }
    if (!found.site) found.site = scan.source;
    participants.push_back(std::move(found));
  }
  return participants;
}

}  // namespace dawson::dataset
