// The scans of a training run, in memory, and the slices cut from them.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "dawson/bundle/slices.h"
#include "dawson/cache/cache.h"
#include "dawson/core/random.h"

namespace dawson::training {

/// A scan held in memory with what sampling needs to know of it.
struct PooledScan {
  double weight = 1;  ///< of its patient, when patients are drawn
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
  int channels = 0, height = 0, width = 0;
  double pixel_mm = 1;
  double centre_x = 0, centre_y = 0;  ///< where a patch should lie, pixels
};

/// How slices are chosen: a patient by weight, a visit, then a slice.
class Pool {
 public:
  /// Throws Error{input} when there is no scan, or no target pixel in any of them.
  Pool(std::vector<PooledScan> scans, bundle::SliceInput input, double lesion_fraction);

  [[nodiscard]] const std::vector<PooledScan>& scans() const noexcept { return scans_; }
  [[nodiscard]] std::vector<std::string> patients() const;

  /// Draws one slice. A thin scan is, with `thick_probability`, first averaged into slabs of 2 …
  /// `thick_max_mm`, as a scanner with thick slices would see the head.
  [[nodiscard]] DrawnSlice draw(core::Random& random, double thick_probability,
                                double thick_max_mm) const;

 private:
  [[nodiscard]] const PooledScan& draw_scan(core::Random& random) const;

  std::vector<PooledScan> scans_;
  std::vector<std::vector<std::size_t>> patients_;  ///< indices of each patient's scans
  std::vector<double> cumulative_weight_;           ///< of patients_
  bundle::SliceInput input_;
  double lesion_fraction_;
};

/// Loads the cache's scans whose patient is in `patients` (all when empty), each of this weight.
/// Throws Error{input} for a patient that the cache does not hold, or a scan that shows no brain.
std::vector<PooledScan> load_scans(const cache::Cache& cache,
                                   const std::vector<std::string>& patients, double weight);

}  // namespace dawson::training
