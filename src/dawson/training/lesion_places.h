// Where each lesion of a scan can be seen, so that a draw can begin with a lesion.
#pragma once

#include <vector>

#include "dawson/cache/cache.h"
#include "dawson/core/random.h"

namespace dawson::training {

/// A pixel of a scan, in network space.
struct PlaceInScan {
  std::size_t scan = 0;  ///< of the pool
  int z = 0, x = 0, y = 0;
};

/// The lesions of one scan (26-connected components of the target, however small), each with one
/// place a slice: its pixel nearest to its centre there.
class LesionPlaces {
 public:
  /// A lesion is drawn in proportion to its volume in mm³ to the power of `power`: 0 each alike, 1
  /// as a draw of voxels would.
  LesionPlaces(const std::vector<std::uint8_t>& target, const cache::Entry& entry, double power);

  [[nodiscard]] std::size_t lesions() const noexcept { return places_.size(); }
  /// A lesion, then one of its slices evenly. There must be a lesion. `scan` is left 0.
  [[nodiscard]] PlaceInScan draw(core::Random& random) const;

 private:
  std::vector<std::vector<PlaceInScan>> places_;  ///< of each lesion
  std::vector<double> cumulative_;                ///< weights of the lesions
};

}  // namespace dawson::training
