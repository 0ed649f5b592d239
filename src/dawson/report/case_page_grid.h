// The grid of the case page's viewer: the scan's own voxels, turned and cropped. Private to this
// room.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "dawson/volume/volume.h"

namespace dawson::report {

/// Voxels of the scan in the order in which pictures show them: x runs to the patient's left, y to
/// the back, z to the feet, each along the voxel axis nearest to it, so that axial pictures are
/// (x, y), coronal ones (x, z) and sagittal ones (y, z). Nothing is resampled; where `step` is not
/// 1, one voxel here stands for a block of the scan's.
struct PageGrid {
  volume::Index3 size{};          ///< voxels along x, y, z
  volume::Index3 step{1, 1, 1};   ///< voxels of the scan in one of these, along x, y, z
  std::array<int, 3> axis{};      ///< the scan's voxel axis that x, y, z run along
  std::array<bool, 3> flipped{};  ///< x, y, z run against it
  volume::Index3 first{};         ///< the first block's first voxel, counted along x, y, z
  volume::Grid scan;              ///< the scan's own grid
  volume::Grid grid;              ///< where these voxels (block centres) lie in the world

  [[nodiscard]] std::size_t voxels() const noexcept { return grid.voxels(); }
  [[nodiscard]] bool reduced() const noexcept { return step != volume::Index3{1, 1, 1}; }
  /// Position in the scan, counted along x, y, z, of a block's voxel `inside` (0 … step − 1).
  [[nodiscard]] int along(std::size_t a, int index, int inside) const noexcept {
    return first[a] + index * step[a] + inside;
  }
  /// The scan's index along axis[a] of a position counted along x, y or z.
  [[nodiscard]] int in_scan(std::size_t a, int position) const noexcept {
    return flipped[a] ? scan.size[static_cast<std::size_t>(axis[a])] - 1 - position : position;
  }
  /// The block that holds a voxel of the scan; beyond the crop, the nearest one.
  [[nodiscard]] volume::Index3 block_of(const volume::Index3& voxel) const noexcept;
};

/// The brain's and lesions' bounding box with a margin of `page_margin_mm`, the whole scan where
/// there is neither. Blocks are made larger, the finest axis first, until there are at most
/// `most_voxels` of them.
inline constexpr double page_margin_mm = 12;
PageGrid page_grid(const volume::Grid& scan, const volume::Mask& brain, const volume::Mask& lesions,
                   std::size_t most_voxels);

/// How a slice is named: its number in the scan's array, from 1 (the middle one of a block), and
/// its position (mm, slice_position_mm).
struct PageSlice {
  int number = 0;
  double position_mm = 0;
};
/// Of the slices across x, y or z (a = 0, 1, 2: sagittal, coronal, axial).
std::vector<PageSlice> page_slices(const PageGrid& page, std::size_t a);

}  // namespace dawson::report
