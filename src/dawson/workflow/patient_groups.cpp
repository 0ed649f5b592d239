#include "dawson/workflow/patient_groups.h"

#include <set>

#include "dawson/core/error.h"
#include "dawson/evaluation/attributes.h"

namespace dawson::workflow {
namespace {

namespace fs = std::filesystem;
using evaluation::PairedCase;
using evaluation::PatientTable;

/// Every table that is needed, read once; an empty path stands for none.
class Tables {
 public:
  Tables(const evaluation::Pairing& pairing, const std::optional<fs::path>& given,
         Progress& progress) {
    for (const PairedCase& c : pairing.cases) {
      const fs::path file = given ? *given : evaluation::patient_table_above(c.reference);
      const auto [place, is_new] = tables_.try_emplace(file.string());
      if (is_new && !file.empty()) {
        place->second = evaluation::read_patient_table(file);
        for (const std::string& warning : place->second.warnings) progress.warn(warning);
      }
      table_of_[c.name] = &place->second;
    }
  }

  [[nodiscard]] const PatientTable& of(const PairedCase& c) const { return *table_of_.at(c.name); }

  [[nodiscard]] bool have_column(const std::string& name) const {
    for (const auto& [file, table] : tables_) {
      if (table.has_column(name)) return true;
    }
    return false;
  }

  [[nodiscard]] std::string columns() const {
    std::set<std::string> names;
    for (const auto& [file, table] : tables_) {
      names.insert(table.columns.begin(), table.columns.end());
    }
    std::string list;
    for (const std::string& name : names) list += (list.empty() ? "" : ", ") + name;
    return list;
  }

 private:
  std::map<std::string, PatientTable> tables_;
  std::map<std::string, const PatientTable*> table_of_;
};

void require_column(const Tables& tables, const std::string& column) {
  if (tables.have_column(column)) return;
  const std::string columns = tables.columns();
  throw Error(ExitCode::input, "no participants.tsv has a column '" + column + "'", "--by",
              columns.empty() ? "name a table with --participants" : "there are " + columns);
}

/// "age is not known of 12 patients: a/sub-01 (age is "old"), a/sub-02, … "
std::string sentence(const std::string& column,
                     const std::map<std::string, std::string>& patients) {
  constexpr std::size_t most_named = 5;
  std::string text = column + " is not known of " + std::to_string(patients.size()) +
                     (patients.size() == 1 ? " patient: " : " patients: ");
  std::size_t named = 0;
  for (const auto& [patient, why] : patients) {
    if (named == most_named) return text + ", …";
    text += (named++ == 0 ? "" : ", ") + patient + (why.empty() ? "" : " (" + why + ")");
  }
  return text;
}

}  // namespace

PatientGroups patient_groups(const evaluation::Pairing& pairing,
                             const std::vector<std::string>& columns,
                             const std::optional<fs::path>& participants, Progress& progress) {
  PatientGroups groups;
  if (columns.empty()) return groups;
  const Tables tables(pairing, participants, progress);
  for (const std::string& column : columns) {
    const bool by_folder = column == "site" && !tables.have_column(column);
    if (!by_folder) require_column(tables, column);
    std::map<std::string, std::string> unknown;  // patient → why
    for (const PairedCase& c : pairing.cases) {
      evaluation::GroupValue value{c.site, ""};
      if (!by_folder) {
        const auto* row = tables.of(c).find(c.patient);
        const bool there = row != nullptr && row->count(column) > 0;
        value = evaluation::group_of(column, there ? row->at(column) : "");
      }
      if (value.group == "n/a") unknown[c.patient] = value.warning;
      groups[c.name][column] = value.group;
    }
    if (!unknown.empty()) progress.warn(sentence(column, unknown));
  }
  return groups;
}

}  // namespace dawson::workflow
