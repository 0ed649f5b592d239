#include "dawson/imaging/morphology.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include "dawson/imaging/distance.h"
#include "dawson/imaging/gaussian.h"

namespace dawson::imaging {

using volume::Grid;
using volume::Image;
using volume::Index3;
using volume::Mask;

namespace {

/// Distances that are equal on paper must not differ by their last bit.
constexpr double distance_rounding_mm = 1e-4;

/// Voxel indices from `low` up to and including `high`.
struct IndexBox {
  Index3 low{0, 0, 0};
  Index3 high{-1, -1, -1};
  [[nodiscard]] bool empty() const { return high[0] < low[0]; }
};

IndexBox box_of(const Mask& mask) {
  const Index3 size = mask.grid.size;
  IndexBox box{size, {-1, -1, -1}};
  for (int k = 0; k < size[2]; ++k) {
    for (int j = 0; j < size[1]; ++j) {
      const std::uint8_t* row = mask.data.data() + mask.grid.offset(0, j, k);
      for (int i = 0; i < size[0]; ++i) {
        if (row[i] == 0) continue;
        const Index3 at{i, j, k};
        for (int a = 0; a < 3; ++a) {
          box.low[a] = std::min(box.low[a], at[a]);
          box.high[a] = std::max(box.high[a], at[a]);
        }
      }
    }
  }
  return box;
}

/// Calls `row(offset in the whole, offset in the part, length)` for each row of the box.
template <typename Row>
void for_rows(const Grid& whole, const Grid& part, const Index3& low, Row row) {
  for (int k = 0; k < part.size[2]; ++k) {
    for (int j = 0; j < part.size[1]; ++j) {
      row(whole.offset(low[0], low[1] + j, low[2] + k), part.offset(0, j, k),
          static_cast<std::size_t>(part.size[0]));
    }
  }
}

/// `mask` with every voxel within `radius_mm` of it.
Mask within_mm(const Mask& mask, double radius_mm) {
  Mask out = mask;
  for (auto& value : out.data) value = value != 0 ? 1 : 0;
  IndexBox box = box_of(mask);
  if (box.empty() || !(radius_mm > 0)) return out;
  Grid part = mask.grid;  // only sizes and spacings matter below
  for (int a = 0; a < 3; ++a) {
    const int reach = static_cast<int>(std::ceil(
        std::min(radius_mm / mask.grid.spacing[a], static_cast<double>(mask.grid.size[a]))));
    box.low[a] = std::max(0, box.low[a] - reach);
    box.high[a] = std::min(mask.grid.size[a] - 1, box.high[a] + reach);
    part.size[a] = box.high[a] - box.low[a] + 1;
  }
  Mask cut(part);
  for_rows(mask.grid, part, box.low, [&](std::size_t from, std::size_t to, std::size_t length) {
    std::copy_n(mask.data.data() + from, length, cut.data.data() + to);
  });
  const Image squared = squared_distance_mm2(cut);
  const double reach_mm = radius_mm + distance_rounding_mm;
  const auto limit = static_cast<float>(reach_mm * reach_mm);
  for_rows(mask.grid, part, box.low, [&](std::size_t to, std::size_t from, std::size_t length) {
    for (std::size_t i = 0; i < length; ++i) {
      if (squared.data[from + i] <= limit) out.data[to + i] = 1;
    }
  });
  return out;
}

Mask complement(const Mask& mask) {
  Mask out(mask.grid);
  std::transform(mask.data.begin(), mask.data.end(), out.data.begin(),
                 [](std::uint8_t value) { return static_cast<std::uint8_t>(value == 0 ? 1 : 0); });
  return out;
}

constexpr std::uint8_t visited = 2;

/// Marks as `visited` all voxels of value `of` that hang together by faces with the seeds on
/// `stack`, which are marked already; returns how many were added.
std::size_t flood(Mask& marks, std::vector<std::size_t>& stack, std::uint8_t of) {
  const Grid& grid = marks.grid;
  const auto nx = static_cast<std::size_t>(grid.size[0]);
  const std::size_t nxy = nx * static_cast<std::size_t>(grid.size[1]);
  const std::array<std::size_t, 3> stride{1, nx, nxy};
  std::size_t added = 0;
  while (!stack.empty()) {
    const std::size_t at = stack.back();
    stack.pop_back();
    const std::array<std::size_t, 3> index{at % nx, at % nxy / nx, at / nxy};
    for (std::size_t a = 0; a < 3; ++a) {
      const auto visit = [&](std::size_t neighbour) {
        if (marks.data[neighbour] != of) return;
        marks.data[neighbour] = visited;
        ++added;
        stack.push_back(neighbour);
      };
      if (index[a] > 0) visit(at - stride[a]);
      if (index[a] + 1 < static_cast<std::size_t>(grid.size[a])) visit(at + stride[a]);
    }
  }
  return added;
}

}  // namespace

Image distance_to_mm(const Mask& mask) {
  Image distance = squared_distance_mm2(mask);
  for (float& value : distance.data) value = std::sqrt(value);
  return distance;
}

Image smooth(const Image& image, double sigma_mm) {
  Image out = image;
  volume::Vector3 sigma{};
  for (int a = 0; a < 3; ++a) {
    sigma[a] = image.grid.size[a] > 1 ? sigma_mm / image.grid.spacing[a] : 0;
  }
  smooth_voxels(out, sigma);
  return out;
}

Mask dilate_mm(const Mask& mask, double radius_mm) {
  return within_mm(mask, radius_mm);
}

Mask erode_mm(const Mask& mask, double radius_mm) {
  return complement(within_mm(complement(mask), radius_mm));
}

Mask fill_holes(const Mask& mask) {
  Mask marks(mask.grid);
  std::transform(mask.data.begin(), mask.data.end(), marks.data.begin(),
                 [](std::uint8_t value) { return static_cast<std::uint8_t>(value != 0 ? 1 : 0); });
  const Index3 size = mask.grid.size;
  std::vector<std::size_t> stack;
  const auto on_border = [&](int index, int axis) {
    // An axis of one voxel has no inside: a single slice is filled in its plane.
    return size[axis] > 1 && (index == 0 || index == size[axis] - 1);
  };
  for (int k = 0; k < size[2]; ++k) {
    for (int j = 0; j < size[1]; ++j) {
      const bool whole_row = on_border(k, 2) || on_border(j, 1);
      const int step = whole_row ? 1 : std::max(1, size[0] - 1);
      for (int i = 0; i < size[0]; i += step) {
        const std::size_t at = mask.grid.offset(i, j, k);
        if (marks.data[at] != 0 || !(whole_row || on_border(i, 0))) continue;
        marks.data[at] = visited;
        stack.push_back(at);
      }
    }
  }
  flood(marks, stack, 0);
  for (auto& value : marks.data) value = value == visited ? 0 : 1;
  return marks;
}

std::array<std::array<double, 2>, 3> area_at_ends_mm2(const Mask& mask) {
  const Index3& size = mask.grid.size;
  std::array<std::array<double, 2>, 3> area{};
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const std::size_t u = (axis + 1) % 3;
    const std::size_t v = (axis + 2) % 3;
    for (std::size_t end = 0; end < 2; ++end) {
      Index3 at{};
      at[axis] = end == 0 ? 0 : size[axis] - 1;
      std::size_t voxels = 0;
      for (at[u] = 0; at[u] < size[u]; ++at[u]) {
        for (at[v] = 0; at[v] < size[v]; ++at[v]) {
          if (mask.at(at[0], at[1], at[2]) != 0) ++voxels;
        }
      }
      area[axis][end] =
          static_cast<double>(voxels) * mask.grid.voxel_volume_mm3() / mask.grid.spacing[axis];
    }
  }
  return area;
}

Mask largest_component(const Mask& mask) {
  Mask marks(mask.grid);
  std::transform(mask.data.begin(), mask.data.end(), marks.data.begin(),
                 [](std::uint8_t value) { return static_cast<std::uint8_t>(value != 0 ? 1 : 0); });
  std::vector<std::size_t> stack;
  std::size_t largest = 0;
  std::size_t largest_seed = 0;
  for (std::size_t seed = 0; seed < marks.data.size(); ++seed) {
    if (marks.data[seed] != 1) continue;
    marks.data[seed] = visited;
    stack.assign(1, seed);
    const std::size_t voxels = 1 + flood(marks, stack, 1);
    if (voxels > largest) {
      largest = voxels;
      largest_seed = seed;
    }
  }
  Mask out(mask.grid);
  if (largest == 0) return out;
  // Every mask voxel is `visited` now; flood once more from the winner with the roles turned.
  for (auto& value : marks.data) value = value == visited ? 1 : 0;
  marks.data[largest_seed] = visited;
  stack.assign(1, largest_seed);
  flood(marks, stack, 1);
  std::transform(marks.data.begin(), marks.data.end(), out.data.begin(), [](std::uint8_t value) {
    return static_cast<std::uint8_t>(value == visited ? 1 : 0);
  });
  return out;
}

}  // namespace dawson::imaging
