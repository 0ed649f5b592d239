// The part of a volume that matters, taken out and put back. Private to this room.
#pragma once

#include <algorithm>

#include "dawson/volume/volume.h"

namespace dawson::synthesis {

/// A box of voxels, both ends included.
struct Box {
  volume::Index3 low{0, 0, 0};
  volume::Index3 high{-1, -1, -1};
  [[nodiscard]] bool empty() const noexcept { return high[0] < low[0]; }
};

/// The box of the mask's voxels, grown by `margin_mm` within the volume; empty for an empty mask.
Box box_of(const volume::Mask& mask, double margin_mm);

/// The part of a grid: the same voxels at the same places.
volume::Grid part_of(const volume::Grid& grid, const Box& box);

template <typename T>
volume::Volume<T> cropped(const volume::Volume<T>& whole, const Box& box) {
  volume::Volume<T> part(part_of(whole.grid, box));
  for (int k = 0; k < part.grid.size[2]; ++k) {
    for (int j = 0; j < part.grid.size[1]; ++j) {
      const T* row =
          whole.data.data() + whole.grid.offset(box.low[0], j + box.low[1], k + box.low[2]);
      std::copy_n(row, part.grid.size[0], part.data.data() + part.grid.offset(0, j, k));
    }
  }
  return part;
}

/// Calls `visit(voxel of the whole, voxel of the part)` for every voxel of a part.
template <typename Visit>
void for_part(const volume::Grid& whole, const Box& box, Visit visit) {
  const volume::Grid part = part_of(whole, box);
  for (int k = 0; k < part.size[2]; ++k) {
    for (int j = 0; j < part.size[1]; ++j) {
      for (int i = 0; i < part.size[0]; ++i) {
        visit(whole.offset(i + box.low[0], j + box.low[1], k + box.low[2]), part.offset(i, j, k));
      }
    }
  }
}

}  // namespace dawson::synthesis
