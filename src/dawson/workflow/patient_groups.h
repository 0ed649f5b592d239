// The groups that columns of participants.tsv make of a cohort's cases.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "dawson/core/progress.h"
#include "dawson/evaluation/pairing.h"

namespace dawson::workflow {

/// By case name: column → group, "n/a" where it is not known.
using PatientGroups = std::map<std::string, std::map<std::string, std::string>>;

/// Reads `participants`, or without it the participants.tsv of each reference's tree. "site" is the
/// data set's folder where no table has such a column. Patients that are missing or have odd values
/// are named in warnings. Throws Error{input} when no table has one of the columns, naming those
/// there are, and when a table cannot be read.
PatientGroups patient_groups(const evaluation::Pairing& pairing,
                             const std::vector<std::string>& columns,
                             const std::optional<std::filesystem::path>& participants,
                             Progress& progress);

}  // namespace dawson::workflow
