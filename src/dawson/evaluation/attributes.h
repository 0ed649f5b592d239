// What is known of the patients: columns of participants.tsv, and the groups that they make.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace dawson::evaluation {

/// A participants.tsv as it is: every column as text, unknown cells "n/a".
struct PatientTable {
  std::filesystem::path file;
  std::vector<std::string> columns;                                    ///< without participant_id
  std::map<std::string, std::map<std::string, std::string>> patients;  ///< by participant_id
  std::vector<std::string> warnings;  ///< sentences: rows that could not be read, and why

  [[nodiscard]] bool has_column(const std::string& name) const;
  /// The row of a patient: of "source/sub-01" in full, else of "sub-01", else of "01"; null if
  /// none.
  [[nodiscard]] const std::map<std::string, std::string>* find(const std::string& patient) const;
};

/// Reads tolerantly: a row of another length, a second row of a participant and one without an id
/// are left out with a warning. Throws Error{input} when the file cannot be read or has no column
/// participant_id.
PatientTable read_patient_table(const std::filesystem::path& file);

/// The participants.tsv that covers a mask: in its folder or one of those above, the nearest; empty
/// where there is none.
std::filesystem::path patient_table_above(const std::filesystem::path& mask);

/// A value and what made it unusable.
struct GroupValue {
  std::string group;    ///< "n/a" where the value is missing or odd
  std::string warning;  ///< a sentence where the value was odd
};

/// The group that a cell of this column belongs to. Ages become bands: < 30, 30–39, 40–49, 50–59,
/// ≥ 60; ("89+" is BIDS's capped age); sex becomes F, M or O whatever the spelling; elsewhere the
/// text itself.
GroupValue group_of(const std::string& column, const std::string& cell);

/// The order of groups: "< 30" first, then by name, "n/a" last.
bool group_before(const std::string& a, const std::string& b);

}  // namespace dawson::evaluation
