#include "dawson/report/severity.h"

#include <cmath>
#include <limits>

#include "dawson/core/error.h"
#include "dawson/lesions/lesions.h"

namespace dawson::report {

void check_bands(const SeverityBands& bands) {
  if (bands.minimal_below > 0 && bands.mild_below > bands.minimal_below &&
      bands.moderate_below > bands.mild_below && std::isfinite(bands.moderate_below)) {
    return;
  }
  throw Error(ExitCode::usage, "the limits must be positive and ascending", "severity bands");
}

Severity severity_of(double lesion_percent, const SeverityBands& bands) {
  if (!std::isfinite(lesion_percent)) return Severity::undetermined;
  if (lesion_percent <= 0) return Severity::none;
  if (lesion_percent < bands.minimal_below) return Severity::minimal;
  if (lesion_percent < bands.mild_below) return Severity::mild;
  if (lesion_percent < bands.moderate_below) return Severity::moderate;
  return Severity::severe;
}

std::string severity_key(Severity severity) {
  switch (severity) {
    case Severity::none:
      return "none";
    case Severity::minimal:
      return "minimal";
    case Severity::mild:
      return "mild";
    case Severity::moderate:
      return "moderate";
    case Severity::severe:
      return "severe";
    case Severity::undetermined:
      break;
  }
  return "undetermined";
}

LesionCounts count(const std::vector<segmentation::Lesion>& lesions) {
  LesionCounts counts;
  counts.total = lesions.size();
  for (const segmentation::Lesion& lesion : lesions) {
    const double volume_mm3 = 1000 * lesion.volume_ml;
    if (volume_mm3 >= lesions::volume_of_3mm_sphere_mm3 - lesions::volume_tolerance_mm3) {
      ++counts.of_3mm_diameter;
    }
    if (lesion.voxels == 1) ++counts.single_voxel;
  }
  return counts;
}

double lesion_percent(const segmentation::Segmentation& segmentation) {
  if (segmentation.lesion_volume_ml > 0 && segmentation.brain_volume_ml <= 0) {
    return std::numeric_limits<double>::quiet_NaN();
  }
  return segmentation.lesion_percent();
}

}  // namespace dawson::report
