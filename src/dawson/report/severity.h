// Severity bands of the report: the product's own, configurable, not a clinical scale.
#pragma once

#include <string>
#include <vector>

#include "dawson/segmentation/result.h"

namespace dawson::report {

enum class Severity { none, minimal, mild, moderate, severe, undetermined };

/// Upper limits (exclusive) of lesion volume in percent of brain volume. No lesion volume is
/// `none`, anything from `moderate_below` on is `severe`.
struct SeverityBands {
  double minimal_below = 0.1;
  double mild_below = 1;
  double moderate_below = 3;
};

/// Throws Error{usage} unless the limits are positive, finite and ascending.
void check_bands(const SeverityBands& bands);

/// The band of a percentage; `undetermined` when it is not finite (no brain was found).
Severity severity_of(double lesion_percent, const SeverityBands& bands = {});

/// "none", "minimal", …: as the JSON report has it, whatever the report's language.
std::string severity_key(Severity severity);

/// How many lesions, by each of the rules that the report states.
struct LesionCounts {
  std::size_t total = 0;            ///< of at least 3 mm³ (lesions/lesions.h)
  std::size_t of_3mm_diameter = 0;  ///< of at least 14.14 mm³, the volume of a 3 mm sphere
  std::size_t single_voxel = 0;     ///< of one voxel
};
LesionCounts count(const std::vector<segmentation::Lesion>& lesions);

/// Lesion volume in percent of brain volume; NaN when there are lesions but no brain.
double lesion_percent(const segmentation::Segmentation& segmentation);

}  // namespace dawson::report
