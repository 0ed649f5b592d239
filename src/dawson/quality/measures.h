// Is this scan fit to be read? Measures of a FLAIR and the brain in it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "dawson/core/progress.h"
#include "dawson/volume/volume.h"

namespace dawson::quality {

struct Measure {
  std::string name;     ///< in records and tables: "noise"
  std::string words;    ///< in sentences: "noise"
  std::string unit;     ///< "" for ratios
  std::string meaning;  ///< formula and source
};

/// In the order of Looked::values. All but millimetres and millilitres are indifferent to a
/// rescaling of the intensities.
const std::vector<Measure>& measures();

/// Bins of Looked::histogram: equal ones over -5 … 11 robust deviations from the brain's median.
inline constexpr int histogram_bins = 64;

struct Looked {
  std::vector<std::optional<double>> values;  ///< none where there is nothing to measure it on
  std::vector<double> histogram;              ///< of the brain's intensities, shares that sum to 1
};

/// Looks at a scan. Measures of air are none where the scan was stripped or its air was blanked.
/// `histogram` of the reference (empty: none) gives the histogram's distance. The field of the coil
/// is taken off first (imaging::bias_field). Throws Error{input}: an empty mask, a constant brain.
Looked look_at(const volume::Image& scan, const volume::Mask& brain, bool was_stripped,
               const std::vector<double>& reference_histogram, Progress& progress);

}  // namespace dawson::quality
