// What `segment` finds in one scan, before anything is drawn or written.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "dawson/volume/volume.h"

namespace dawson::segmentation {

/// One counted lesion (lesions/lesions.h has the rule).
struct Lesion {
  int id = 0;  ///< 1, 2, … by volume, ties by first voxel
  std::size_t voxels = 0;
  double volume_ml = 0;
  volume::Vector3 centroid_mm{};  ///< world, RAS+
  volume::Index3 low{}, high{};   ///< bounding box in voxels, both ends included
  volume::Vector3 extents_mm{};   ///< of the bounding box along the voxel axes
  double mean_probability = 0;
  double peak_probability = 0;
};

/// Everything on the scan's own grid.
struct Segmentation {
  volume::Image probabilities;
  volume::Mask lesion_mask;
  volume::Mask brain_mask;
  std::vector<Lesion> lesions;  ///< counted ones, largest first
  double lesion_volume_ml = 0;  ///< of the whole mask, uncounted specks included
  double brain_volume_ml = 0;
  bool was_stripped = false;                    ///< the scan came without skull
  std::vector<std::string> sequences{"FLAIR"};  ///< that the network read

  [[nodiscard]] double lesion_percent() const noexcept {
    return brain_volume_ml > 0 ? 100.0 * lesion_volume_ml / brain_volume_ml : 0.0;
  }
};

/// The counted lesions of a mask. `probabilities` may be empty (then those fields are NaN).
std::vector<Lesion> find_lesions(const volume::Mask& mask, const volume::Image& probabilities);

}  // namespace dawson::segmentation
