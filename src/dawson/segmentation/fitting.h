// Fitting a traditional method: its settings, coefficients and calibration, on training scans.
#pragma once

#include <memory>
#include <string>

#include "dawson/core/progress.h"
#include "dawson/core/random.h"
#include "dawson/segmentation/brain_space.h"
#include "dawson/segmentation/calibration.h"

namespace dawson::segmentation {

/// A training scan with its truth. Patients of one fold are left out together where a method is
/// tuned by cross-validation within the training scans.
struct TrainingScan {
  std::string patient;
  int fold = 0;
  const BrainSpace& space;
  const volume::Mask& lesions;  ///< on the space's grid
};

/// What a fit gives: make_scorer's parameters, the calibration, and how it was chosen.
struct Fitted {
  core::Json parameters;
  Calibration calibration;
  core::Json candidates;  ///< each setting that was tried with its mean Dice on training patients
};

/// Shown each scan once, in any number; keeps sampled voxels only (about 2 MB a scan).
class Fitting {
 public:
  virtual ~Fitting() = default;
  virtual void show(const TrainingScan& scan, core::Random& random) = 0;
  /// The setting with the best mean Dice over the patients shown, voxel by voxel at its best cut.
  /// What learns from labels is judged on folds it has not learned from, one at a time. Throws
  /// Error{input}: nothing shown, no lesions, one fold only where folds are needed.
  [[nodiscard]] virtual Fitted finish(core::Random& random, Progress& progress) = 0;
};

/// Throws Error{usage} for a method that is not of traditional_methods().
std::unique_ptr<Fitting> make_fitting(const std::string& method);

// The same, by kind: settings alone (threshold, mixture), or learned (logistic, forest).
std::unique_ptr<Fitting> fit_settings(const std::string& method);
std::unique_ptr<Fitting> fit_logistic_regression();
std::unique_ptr<Fitting> fit_random_forest();

/// Voxels of a brain that stand for all of it: lesions, bright tissue and the rest each by chance.
struct SampledVoxels {
  std::vector<std::size_t> voxels;
  std::vector<std::uint8_t> lesion;
  std::vector<float> weight;  ///< voxels of the brain that each stands for
};
SampledVoxels sample_voxels(const TrainingScan& scan, core::Random& random);

}  // namespace dawson::segmentation
