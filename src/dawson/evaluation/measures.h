// Everything that is measured of one case: a reference, a prediction, and what is known beside.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "dawson/evaluation/lesion_measures.h"
#include "dawson/evaluation/probability_measures.h"
#include "dawson/evaluation/surface.h"
#include "dawson/evaluation/voxel_measures.h"
#include "dawson/volume/volume.h"

namespace dawson::evaluation {

/// Headers written by different programs differ by rounding; a tenth of a millimetre at a corner is
/// far below any voxel, and far above rounding.
inline constexpr double grid_tolerance_mm = 0.1;

struct CaseMeasures {
  VoxelMeasures voxels;
  LesionMeasures lesions;
  SurfaceMeasures surface;
  /// Absent without probabilities or without a brain mask.
  std::optional<ProbabilityMeasures> probabilities;
  /// How sure the prediction is that there is any lesion: the mean probability of the largest
  /// predicted lesion that counts under the rule (ties: the first id); 0 where there is none, NaN
  /// where there is one but no probability map.
  double scan_score = 0;
};

/// Measures one case. `brain` and `probabilities` may be null.
/// Throws Error{input} when a volume lies on another grid than the reference (sizes differ, or
/// corners by more than 0.1 mm), saying which and how, and when probabilities leave 0–1.
CaseMeasures evaluate_case(const volume::Mask& reference, const volume::Mask& prediction,
                           const volume::Mask* brain = nullptr,
                           const volume::Image* probabilities = nullptr,
                           LesionRule rule = LesionRule::dawson);

/// One figure of a case: a column of cases.tsv.
struct MeasureColumn {
  std::string name;
  std::string description;  ///< with unit and, where it may differ between tools, the definition
  int decimals = 4;
  bool in_summary = false;                           ///< its mean over patients is reported
  std::function<double(const CaseMeasures&)> value;  ///< NaN where undefined
};

/// All figures in the order of their columns.
const std::vector<MeasureColumn>& measure_columns();

}  // namespace dawson::evaluation
