// Who the participants of a BIDS tree are.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "dawson/dataset/bids.h"

namespace dawson::dataset {

/// One row of participants.tsv; what the table lacks or calls n/a is empty.
struct Participant {
  std::string id;  ///< "sub-01"
  std::optional<double> age_years;
  std::optional<std::string> sex, site, scanner;
  std::optional<double> field_tesla;
};

/// The rows of a participants.tsv that lies anywhere.
/// Throws Error{input} when it cannot be read, is ragged, lacks participant_id or names one twice.
std::vector<Participant> read_participants_table(const std::filesystem::path& file);

/// The rows of `tree`/participants.tsv; none where the tree has no such file.
/// Throws as read_participants_table.
std::vector<Participant> read_participants(const std::filesystem::path& tree);

/// The participant of each scan, by its tree's participants.tsv (id alone where that has none). A
/// site that no table names is the tree's name. Throws as read_participants_table.
std::vector<Participant> participants_of(const std::vector<Scan>& scans);

}  // namespace dawson::dataset
