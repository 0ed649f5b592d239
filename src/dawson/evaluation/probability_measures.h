// Whether probabilities mean what they say, and whether they rank voxels rightly.
#pragma once

#include <cstddef>
#include <vector>

#include "dawson/evaluation/curves.h"
#include "dawson/volume/volume.h"

namespace dawson::evaluation {

/// One bin of a reliability curve.
struct ReliabilityBin {
  double voxels = 0;            ///< its mass; all bins of a curve have the same
  double mean_probability = 0;  ///< what was said
  double observed_rate = 0;     ///< share of its voxels that are lesion in the reference
};

inline constexpr std::size_t calibration_bins = 15;

/// Measures within the brain; NaN (and empty curves) where they are undefined.
struct ProbabilityMeasures {
  double ece_brain = 0;      ///< expected calibration error over 15 bins of equal mass
  double ece_above_1pc = 0;  ///< the same over voxels with p > 0.01: nearly all others lie at zero
  double brier = 0;          ///< mean of (p − y)² (Brier 1950)
  double roc_auc = 0;        ///< flattering where lesions are rare: never without the next
  double pr_auc = 0;         ///< average precision: Σ (R_n − R_{n−1}) P_n, no interpolation
  std::vector<ReliabilityBin> reliability_brain;
  std::vector<ReliabilityBin> reliability_above_1pc;
  ThresholdCounts thresholds;  ///< what the cohort's curves are made of
};

/// All on one grid. Voxels of equal probability share their labels' mean, so that the order of
/// voxels in the array changes nothing; a bin's border may divide such a group.
ProbabilityMeasures measure_probabilities(const volume::Mask& reference,
                                          const volume::Image& probabilities,
                                          const volume::Mask& brain);

}  // namespace dawson::evaluation
