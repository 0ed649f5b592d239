// Small volumes made for tests.
#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

#include "dawson/core/random.h"
#include "dawson/volume/volume.h"

namespace dawson::evaluation {

inline volume::Grid made_grid(volume::Index3 size, volume::Vector3 spacing = {1, 1, 1}) {
  volume::Grid grid;
  grid.size = size;
  grid.spacing = spacing;
  return grid;
}

/// Voxels first … last of the array are 1.
inline volume::Mask run_of(const volume::Grid& grid, std::size_t first, std::size_t last) {
  volume::Mask mask(grid);
  for (std::size_t v = first; v <= last; ++v) mask.data[v] = 1;
  return mask;
}

/// Adds a block of voxels, both ends included.
inline void add_block(volume::Mask& mask, volume::Index3 low, volume::Index3 high) {
  for (int k = low[2]; k <= high[2]; ++k) {
    for (int j = low[1]; j <= high[1]; ++j) {
      for (int i = low[0]; i <= high[0]; ++i) mask.at(i, j, k) = 1;
    }
  }
}

/// Voxels whose centre lies within `radius_mm` of `centre_mm` (world; the grid is not rotated).
inline volume::Mask ball(const volume::Grid& grid, volume::Vector3 centre_mm, double radius_mm) {
  volume::Mask mask(grid);
  for (int k = 0; k < grid.size[2]; ++k) {
    for (int j = 0; j < grid.size[1]; ++j) {
      for (int i = 0; i < grid.size[0]; ++i) {
        const volume::Vector3 p = grid.to_world({double(i), double(j), double(k)});
        const double d = std::hypot(p[0] - centre_mm[0], p[1] - centre_mm[1], p[2] - centre_mm[2]);
        mask.at(i, j, k) = d <= radius_mm ? 1 : 0;
      }
    }
  }
  return mask;
}

inline volume::Mask random_mask(const volume::Grid& grid, double density, core::Random& random) {
  volume::Mask mask(grid);
  for (auto& v : mask.data) v = random.chance(density) ? 1 : 0;
  return mask;
}

/// A few overlapping balls at random places: lesions of several sizes, some touching.
inline volume::Mask random_blobs(const volume::Grid& grid, int blobs, core::Random& random) {
  volume::Mask mask(grid);
  for (int n = 0; n < blobs; ++n) {
    volume::Vector3 centre;
    for (std::size_t a = 0; a < 3; ++a) {
      centre[a] = random.uniform(0, grid.size[a] * grid.spacing[a]);
    }
    const volume::Mask one = ball(grid, centre, random.uniform(0.5, 4.0));
    for (std::size_t v = 0; v < mask.data.size(); ++v) mask.data[v] |= one.data[v];
  }
  return mask;
}

}  // namespace dawson::evaluation
