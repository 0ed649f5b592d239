// A picture a case: prediction beside truth, on the scan.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "dawson/core/progress.h"
#include "dawson/evaluation/cohort.h"

namespace dawson::workflow {

/// Finds each case's scan once and draws while its masks are at hand.
class ComparisonPictures {
 public:
  /// `scan` is a file for all cases (of one), or a folder: BIDS scans answer by data set,
  /// participant and session (or without the data set where no doubt is possible), other images by
  /// name, less `_FLAIR`. Throws Error{input} when it is missing or holds no scan.
  ComparisonPictures(const std::filesystem::path& scan, const evaluation::Pairing& pairing);

  /// Writes CASE_comparison.png into `folder`, made if need be. A case whose scan is missing or
  /// does not fit is a warning. Throws Error{output}.
  void draw(const evaluation::CaseResult& result, const evaluation::CaseVolumes& volumes,
            const std::filesystem::path& folder, Progress& progress) const;

 private:
  std::map<std::string, std::filesystem::path> scan_of_;  // by case name
};

}  // namespace dawson::workflow
