// How well two masks overlap, voxel by voxel.
#pragma once

#include <cstddef>

#include "dawson/volume/volume.h"

namespace dawson::evaluation {

/// Voxels by reference and prediction, within some region.
struct Counts {
  std::size_t true_positive = 0;
  std::size_t false_positive = 0;
  std::size_t false_negative = 0;
  std::size_t true_negative = 0;
  [[nodiscard]] std::size_t reference() const noexcept { return true_positive + false_negative; }
  [[nodiscard]] std::size_t predicted() const noexcept { return true_positive + false_positive; }
  [[nodiscard]] std::size_t total() const noexcept {
    return reference() + false_positive + true_negative;
  }
};

/// Counts voxels (≠ 0), within `region` when it is not null. All on one grid.
Counts count_voxels(const volume::Mask& reference, const volume::Mask& prediction,
                    const volume::Mask* region = nullptr);

/// 2|P∩G| / (|P|+|G|) (Dice 1945); both empty 1, one empty 0.
double dice(const Counts& counts) noexcept;
/// Share of the reference that was found; NaN where the reference is empty.
double sensitivity(const Counts& counts) noexcept;
/// Share of the prediction that is right; NaN where nothing was predicted.
double positive_predictive_value(const Counts& counts) noexcept;
/// Share of the rest that was left alone; NaN where there is no rest.
double specificity(const Counts& counts) noexcept;
/// Share of all voxels that were judged rightly; NaN where there are none.
double accuracy(const Counts& counts) noexcept;
/// Normalised Dice of the Shifts challenge (Raina et al. 2023): false positives are weighed as if
/// lesions filled the share `load` of the region: k = (1−load)·|G| / (load·(N−|G|)), k = 1 where
/// the reference is empty; 2TP / (2TP + k·FP + FN); both empty 1. It depends on N = total().
double normalised_dice(const Counts& counts, double load = 0.001) noexcept;

/// The voxel measures of one case; volumes in ml, undefined values NaN.
struct VoxelMeasures {
  Counts whole;  ///< over the whole volume: Dice, nDSC and volumes
  Counts brain;  ///< within the brain; all zero where no brain mask is known
  double dice = 0;
  /// Within the brain. Without a brain mask sensitivity and PPV are over the whole volume, where
  /// they need no true negatives; specificity and accuracy, flattering there, are NaN.
  double sensitivity = 0, ppv = 0, specificity = 0, accuracy = 0;
  double ndsc = 0;        ///< N = whole.total(), as the challenge has it
  double ndsc_brain = 0;  ///< N = brain.total(); NaN without a brain mask
  double reference_ml = 0, predicted_ml = 0;
  double volume_difference_ml = 0;       ///< predicted − reference
  double volume_difference_percent = 0;  ///< of the reference; NaN where it is empty
  /// Voxels of either mask that lie outside the brain mask and so escape the four measures above.
  std::size_t lesion_voxels_outside_brain = 0;
};

/// `brain` may be null. All on one grid.
VoxelMeasures measure_voxels(const volume::Mask& reference, const volume::Mask& prediction,
                             const volume::Mask* brain);

}  // namespace dawson::evaluation
