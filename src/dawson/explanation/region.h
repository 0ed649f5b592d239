// What a decision is asked about: some voxels of the scan, seen by the network.
#pragma once

#include <vector>

#include "dawson/preprocessing/recipe.h"
#include "dawson/volume/volume.h"

namespace dawson::explanation {

/// Voxels of the network's grid (offsets in its arrays), ascending; each weighs the same.
struct Region {
  std::vector<std::size_t> voxels;
  [[nodiscard]] std::size_t size() const noexcept { return voxels.size(); }
  /// The slices that hold some of them, ascending.
  [[nodiscard]] std::vector<int> slices(const volume::Grid& grid) const;
  /// Only those of these slices.
  [[nodiscard]] Region within(const std::vector<int>& slices, const volume::Grid& grid) const;
  [[nodiscard]] volume::Mask mask(const volume::Grid& grid) const;
};

/// A mask of the scan as the network's grid has it: voxels covered by half, or, where none is (a
/// small lesion between voxels), those that are covered most. Throws Error{input} when the mask is
/// empty or lies beyond what the network saw.
Region region_of(const volume::Mask& mask, const preprocessing::Prepared& prepared);

/// Voxels whose centre lies within `radius_mm` of `centre_mm` (world, RAS+), in the brain and in no
/// lesion, on the scan's grid. Throws Error{input} when there is none.
volume::Mask healthy_ball(const volume::Vector3& centre_mm, double radius_mm,
                          const volume::Mask& brain, const volume::Mask& lesions);

/// The voxels of counted lesion `id` (segmentation::find_lesions); 0: of all of them. Throws
/// Error{usage} naming the lesions there are.
volume::Mask lesion_voxels(const volume::Mask& lesions, int id);

}  // namespace dawson::explanation
