// Where relevance lies: around a region in network space, and back on the scan's grid.
#include <algorithm>
#include <array>
#include <cmath>

#include "dawson/explanation/explainer.h"
#include "dawson/imaging/morphology.h"

namespace dawson::explanation {
namespace {

/// The linear map from voxel indices of one grid to those of another.
struct IndexMap {
  volume::Vector3 origin{};
  std::array<volume::Vector3, 3> step{};

  IndexMap(const volume::Grid& from, const volume::Grid& to) {
    origin = to.to_index(from.to_world({0, 0, 0}));
    for (std::size_t axis = 0; axis < 3; ++axis) {
      volume::Vector3 unit{};
      unit[axis] = 1;
      const volume::Vector3 there = to.to_index(from.to_world(unit));
      for (std::size_t a = 0; a < 3; ++a) step[axis][a] = there[a] - origin[a];
    }
  }
  volume::Vector3 operator()(double i, double j, double k) const {
    volume::Vector3 p = origin;
    for (std::size_t a = 0; a < 3; ++a) p[a] += i * step[0][a] + j * step[1][a] + k * step[2][a];
    return p;
  }
  /// Points along each axis of `from` that leave no voxel of `to` between them untouched.
  std::array<int, 3> points() const {
    std::array<int, 3> n{};
    for (std::size_t axis = 0; axis < 3; ++axis) {
      const volume::Vector3& s = step[axis];
      const double longest = std::max({std::abs(s[0]), std::abs(s[1]), std::abs(s[2])});
      n[axis] = std::max(1, static_cast<int>(std::ceil(longest - 0.01)));
    }
    return n;
  }
};

/// Adds `value` to the eight voxels around `index`, by nearness; beyond the grid to its edge.
void splat(volume::Image& image, volume::Vector3 index, double value) {
  std::array<int, 3> below{};
  std::array<double, 3> share{};
  for (std::size_t a = 0; a < 3; ++a) {
    const double at = std::clamp(index[a], 0.0, image.grid.size[a] - 1.0);
    below[a] = std::min(static_cast<int>(at), std::max(0, image.grid.size[a] - 2));
    share[a] = at - below[a];
  }
  for (int corner = 0; corner < 8; ++corner) {
    double weight = value;
    std::array<int, 3> at = below;
    for (std::size_t a = 0; a < 3; ++a) {
      const bool above = (corner >> a & 1) != 0;
      weight *= above ? share[a] : 1 - share[a];
      at[a] += above ? 1 : 0;
    }
    if (weight != 0) image.at(at[0], at[1], at[2]) += static_cast<float>(weight);
  }
}

}  // namespace

std::vector<std::size_t> neighbourhood(const Region& region,
                                       const preprocessing::Prepared& prepared,
                                       const bundle::SliceInput& input) {
  const volume::Grid& grid = prepared.grid;
  std::vector<bool> read(static_cast<std::size_t>(grid.size[2]), false);
  for (const int z : region.slices(grid)) {
    for (const double offset : input.offsets_mm.front()) {
      const bundle::SlicePlace place = bundle::slice_place(prepared.stack, z, offset);
      read[static_cast<std::size_t>(place.below)] = true;
      if (place.share > 0) read[static_cast<std::size_t>(place.above)] = true;
    }
  }
  const volume::Mask brain = preprocessing::Recipe::carry(prepared.brain.mask, grid);
  const volume::Image distance = imaging::distance_to_mm(region.mask(grid));
  const std::size_t area =
      static_cast<std::size_t>(grid.size[0]) * static_cast<std::size_t>(grid.size[1]);
  std::vector<std::size_t> voxels;
  for (std::size_t v = 0; v < distance.data.size(); ++v) {
    const bool near = distance.data[v] <= neighbourhood_mm && read[v / area];
    if (near && (brain.data[v] != 0 || distance.data[v] == 0)) voxels.push_back(v);
  }
  return voxels;
}

volume::Image on_scan_grid(const Map& map, int channel, const preprocessing::Prepared& prepared) {
  const volume::Grid& grid = prepared.grid;
  const IndexMap to_scan(grid, prepared.scan_grid);
  const std::array<int, 3> points = to_scan.points();
  const double per_point = 1.0 / (points[0] * points[1] * points[2]);
  const auto within = [&points](int i, std::size_t axis, int k) {
    return i + (k + 0.5) / points[axis] - 0.5;
  };
  volume::Image image(prepared.scan_grid);
  for (int k = 0; k < grid.size[2]; ++k) {
    const float* slice = map.values.slice(channel, k);
    for (int j = 0; j < grid.size[1]; ++j) {
      for (int i = 0; i < grid.size[0]; ++i) {
        const float value = *slice++;
        if (value == 0) continue;
        for (int c = 0; c < points[2]; ++c) {
          for (int b = 0; b < points[1]; ++b) {
            for (int a = 0; a < points[0]; ++a) {
              splat(image, to_scan(within(i, 0, a), within(j, 1, b), within(k, 2, c)),
                    value * per_point);
            }
          }
        }
      }
    }
  }
  return image;
}

}  // namespace dawson::explanation
