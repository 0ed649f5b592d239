// A case that `segment` has finished, read back from its folder.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "dawson/report/report.h"

namespace dawson::report {

/// Where a finished case lies.
struct CasePlace {
  std::filesystem::path folder;
  std::string stem;
};

/// The cases whose STEM_run.json lies in `folder` or below it, in order of their paths; hidden
/// folders are left out. Throws Error{input} when there is none.
std::vector<CasePlace> find_finished(const std::filesystem::path& folder);

/// A folder with history.tsv and no STEM_run.json in it: what `train` writes.
bool is_training_run(const std::filesystem::path& folder);

/// What a report needs, from the files of a finished case.
struct FinishedCase {
  volume::Image scan;
  segmentation::Segmentation segmentation;  ///< lesions found again in the mask
  CaseReport facts;                         ///< without pointers; use `report()`
  /// STEM_lesion-ID_relevance.nii.gz of the folder, ascending ids.
  std::vector<RelevanceFile> relevance;

  /// The facts, pointing to this object, which must outlive them.
  [[nodiscard]] CaseReport report() const;
};

/// Reads masks, probabilities and run record, and the scan: at the place the record names, if its
/// SHA-256 is the record's, or `scan` where given (another hash is then a warning of the report).
/// Patient fields, date, severity bands and the brain's measured error are those of the report
/// already there.
/// Throws Error{input} when a file is missing or damaged, the scan is not the one that was
/// segmented, or masks and scan do not lie on one grid.
FinishedCase open_finished(const CasePlace& place, const std::filesystem::path& scan = {});

}  // namespace dawson::report
