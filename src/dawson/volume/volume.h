// A grid with a value in each voxel.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "dawson/volume/grid.h"

namespace dawson::volume {

/// Values on a grid, i fastest. Copies copy the values.
template <typename T>
struct Volume {
  Grid grid;
  std::vector<T> data;

  Volume() = default;
  explicit Volume(const Grid& g, T value = T{}) : grid(g), data(g.voxels(), value) {}
  Volume(const Grid& g, std::vector<T> values) : grid(g), data(std::move(values)) {}

  [[nodiscard]] T& at(int i, int j, int k) { return data[grid.offset(i, j, k)]; }
  [[nodiscard]] const T& at(int i, int j, int k) const { return data[grid.offset(i, j, k)]; }
};

using Image = Volume<float>;
using Mask = Volume<std::uint8_t>;  ///< 0 outside, 1 inside

}  // namespace dawson::volume
