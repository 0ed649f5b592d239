// What the error of the brain's volume does to the lesion percentage.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "dawson/report/severity.h"

namespace dawson::report {

/// A range that the next scan like those measured lies in with a stated chance.
struct VolumeErrors {
  double low_percent = 0, high_percent = 0;  ///< of the true volume: measured less true
  double chance = 0;                         ///< 0–1
  std::size_t scans = 0;                     ///< on which the error was measured
};

/// From signed errors of unseen scans, in percent of the true volume. The range between the r-th
/// smallest and r-th largest of n errors holds the next one with a chance of (n + 1 − 2r)/(n + 1),
/// whatever the errors' distribution (Wilks 1941); r is the largest with a chance of at least
/// 95 %, and 1 where n is too small for that (n < 39): then the range is that of all errors.
/// Nothing for fewer than 3 errors, or when one is not finite or not above −100.
std::optional<VolumeErrors> volume_errors(std::vector<double> errors_percent);

/// Where the brain's volume and the percentage lie when the volume's error lies in its range.
struct PercentRange {
  double low = 0, high = 0;  ///< lesion volume in percent of brain volume
  double brain_low_ml = 0, brain_high_ml = 0;
  Severity severity_low = Severity::none, severity_high = Severity::none;
  VolumeErrors errors;
};

/// Nothing where no brain was found.
std::optional<PercentRange> percent_range(double lesion_percent, double brain_ml,
                                          const VolumeErrors& errors, const SeverityBands& bands);

}  // namespace dawson::report
