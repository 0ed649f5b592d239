// The scans of a training run, in memory, and the slices cut from them.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "dawson/bundle/slices.h"
#include "dawson/cache/cache.h"
#include "dawson/core/random.h"
#include "dawson/training/lesion_places.h"
#include "dawson/training/settings.h"

namespace dawson::training {

/// A scan held in memory with what sampling needs to know of it.
struct PooledScan {
  double weight = 1;  ///< of its patient, when patients are drawn; scans of a patient with another
                      ///< weight (derived ones) are drawn apart
  cache::Entry entry;
  cache::Arrays arrays;
  std::vector<int> brain_slices;   ///< slices to draw from: those that show brain, or all
  std::vector<int> target_slices;  ///< slices with at least one target pixel

  /// Its stack in network space, as `use` sees it.
  [[nodiscard]] bundle::Stack stack() const;
};

/// A slice as drawn: network channels and target, in network space, before augmentation.
struct DrawnSlice {
  std::vector<float> image;   ///< [channels, height, width]
  std::vector<float> target;  ///< [height, width], share of the pixel that is target
  /// [channels, height, width]: the target as each channel sees it; empty unless the pool was asked
  /// for it, and where no channel sees any.
  std::vector<float> lesions;
  int channels = 0, height = 0, width = 0;
  double pixel_mm = 1;
  double centre_x = 0, centre_y = 0;  ///< where a patch should lie, pixels
};

/// How slices are chosen: a patient by weight, a visit, then a slice.
struct Sampling {
  double lesion_fraction = 0.5;  ///< share of draws from slices with a target
  double lesion_balance = 0;     ///< share of those that begin with a lesion (LesionPlaces), whose
                                 ///< patch then lies near it, so that small lesions are not drowned
  double lesion_power = 0;       ///< of LesionPlaces
  bool lesion_channels = false;  ///< fill DrawnSlice::lesions
};

/// What `settings` asks for. vary_lesions needs `lesion_channels`.
Sampling sampling_of(const TrainingSettings& settings);

class Pool {
 public:
  /// Throws Error{input} when there is no scan, or no target pixel in any of them.
  Pool(std::vector<PooledScan> scans, bundle::SliceInput input, const Sampling& sampling);
  Pool(std::vector<PooledScan> scans, bundle::SliceInput input, double lesion_fraction)
      : Pool(std::move(scans), std::move(input), Sampling{lesion_fraction}) {}

  [[nodiscard]] const std::vector<PooledScan>& scans() const noexcept { return scans_; }
  [[nodiscard]] const bundle::SliceInput& input() const noexcept { return input_; }
  [[nodiscard]] std::vector<std::string> patients() const;

  /// Draws one slice. A thin scan is, with `thick_probability`, first averaged into slabs of 2 …
  /// `thick_max_mm`, as a scanner with thick slices would see the head. With `at`, the slice of
  /// that place is taken, the patch near it; the rest is drawn as before.
  [[nodiscard]] DrawnSlice draw(core::Random& random, double thick_probability, double thick_max_mm,
                                const std::optional<PlaceInScan>& at = std::nullopt) const;

  /// A patient by weight, a visit and a slice that shows brain, evenly; its middle.
  [[nodiscard]] PlaceInScan draw_brain_slice(core::Random& random) const;
  /// Slice z of a scan as it is, the patch in its middle.
  [[nodiscard]] DrawnSlice cut(std::size_t scan, int z) const;

 private:
  [[nodiscard]] std::size_t draw_scan(core::Random& random) const;
  [[nodiscard]] DrawnSlice cut(const PooledScan& scan, int z, double thickness_mm) const;

  std::vector<PooledScan> scans_;
  std::vector<LesionPlaces> lesions_;               ///< of each scan; empty without balance
  std::vector<std::vector<std::size_t>> patients_;  ///< indices of each patient's scans
  std::vector<double> cumulative_weight_;           ///< of patients_
  bundle::SliceInput input_;
  Sampling sampling_;
};

/// Loads the cache's scans whose patient is in `patients` (all when empty), each of this weight.
/// Throws Error{input} for a patient that the cache does not hold, or a scan that shows no brain.
std::vector<PooledScan> load_scans(const cache::Cache& cache,
                                   const std::vector<std::string>& patients, double weight);

}  // namespace dawson::training
