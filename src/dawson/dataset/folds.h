// Which patient belongs to which fold of a cross-validation.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "dawson/dataset/bids.h"

namespace dawson::dataset {

/// One row of folds.tsv: a scan and the fold that its patient is held out in.
struct FoldRow {
  std::string source;
  std::string participant;  ///< "sub-01"
  std::string file;         ///< the FLAIR, relative to the folder that holds the trees
  int fold = 0;             ///< from 0
  double lesion_ml = 0;     ///< NaN where the table says n/a
};

/// A patient-level split. A patient is source + participant_id; all visits share a fold.
struct Folds {
  std::vector<FoldRow> rows;
  int count = 0;  ///< folds are 0 … count - 1, none empty

  /// Throws Error{input} naming the patient when the split does not know it.
  [[nodiscard]] int fold_of(const std::string& source, const std::string& participant) const;
  [[nodiscard]] int fold_of(const Scan& scan) const;
};

/// Reads columns source, participant_id, fold and, where there, file and lesion_ml.
/// Throws Error{input}: a column is missing, a fold is no whole number ≥ 0, a fold between others
/// is empty, or the same patient stands in two folds (a leak between training and test).
Folds read_folds(const std::filesystem::path& file);

/// A fold a site, by name, for what a site does that no training scan came from. A patient's site
/// is the column `site` of its tree's participants.tsv, or the tree's name where that has none.
/// Throws Error{input} when all patients are of one site.
Folds leave_site_out(const std::vector<Scan>& scans);

/// Writes columns source, participant_id, file, fold and lesion_ml, as read_folds reads them.
void write_folds(const Folds& folds, const std::filesystem::path& file);

/// Throws Error{input} as read_folds does; for splits that were made in memory.
void verify_folds(const Folds& folds, const std::string& where);

/// Throws Error{input} naming every patient of `scans` that the split lacks.
void require_all(const Folds& folds, const std::vector<Scan>& scans);

}  // namespace dawson::dataset
