// A small scan whose every part is known: tissue with correlated noise and a coil field, fluid,
// lesions with halos.
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "dawson/core/random.h"
#include "dawson/imaging/morphology.h"
#include "dawson/volume/volume.h"

namespace dawson::synthesis {

struct MadeScan {
  volume::Image clean;  ///< what it would be without lesions
  volume::Image scan;
  volume::Mask lesions;
  volume::Mask brain;
  volume::Mask fluid;
};

constexpr double made_white = 300;
constexpr double made_noise = 12;    ///< standard deviation, before the coil field
constexpr double made_lesion = 200;  ///< above white matter

/// White matter 45 mm around the origin, a fluid ball of 12 mm in it, air outside; lesions of 7, 5
/// and 6 mm, the first at the fluid, each with a halo that fades within 2 mm of its edge.
inline MadeScan made_scan(const volume::Vector3& spacing) {
  volume::Grid grid;
  grid.spacing = spacing;
  for (int a = 0; a < 3; ++a) {
    grid.size[a] = static_cast<int>(std::lround(104 / spacing[a]));
    grid.origin[a] = -spacing[a] * (grid.size[a] - 1) / 2;
  }
  MadeScan made{volume::Image(grid), volume::Image(grid), volume::Mask(grid), volume::Mask(grid),
                volume::Mask(grid)};
  volume::Image noise(grid);
  core::Random random(11);
  for (float& v : noise.data) v = static_cast<float>(random.normal());
  noise = imaging::smooth(noise, 0.8);  // as resampled scans have it
  double squares = 0;
  for (const float v : noise.data) squares += v * v / static_cast<double>(noise.data.size());
  const double gain = made_noise / std::sqrt(squares);
  const std::vector<std::array<double, 4>> balls{
      {19, 0, 0, 7}, {-24, 10, 6, 5}, {0, -28, -8, 6}};  // x, y, z, radius
  for (int k = 0; k < grid.size[2]; ++k) {
    for (int j = 0; j < grid.size[1]; ++j) {
      for (int i = 0; i < grid.size[0]; ++i) {
        const std::size_t v = grid.offset(i, j, k);
        const auto w = grid.to_world({1.0 * i, 1.0 * j, 1.0 * k});
        const double r = std::hypot(w[0], w[1], w[2]);
        if (r > 45) continue;
        made.brain.data[v] = 1;
        made.fluid.data[v] = r < 12;
        double bright = 0;
        for (const auto& b : balls) {
          const double out = std::hypot(w[0] - b[0], w[1] - b[1], w[2] - b[2]) - b[3];
          if (made.fluid.data[v] != 0) continue;
          if (out <= 0) made.lesions.data[v] = 1;
          bright = std::max(bright, made_lesion * std::clamp(1 - out / 2, 0.0, 1.0));
        }
        const double field = 1 + 0.1 * w[0] / 45;
        const double tissue = made.fluid.data[v] != 0 ? 40 : made_white;
        const double grain = gain * noise.data[v];
        made.clean.data[v] = static_cast<float>(field * (tissue + grain));
        made.scan.data[v] = static_cast<float>(field * (tissue + grain + bright));
      }
    }
  }
  return made;
}

/// Mean and standard deviation of an image's values in a mask.
struct Spread {
  double mean = 0;
  double deviation = 0;
};

inline Spread spread_of(const volume::Image& image, const volume::Mask& mask) {
  double sum = 0;
  double squares = 0;
  double count = 0;
  for (std::size_t v = 0; v < mask.data.size(); ++v) {
    if (mask.data[v] == 0) continue;
    sum += image.data[v];
    squares += static_cast<double>(image.data[v]) * image.data[v];
    ++count;
  }
  const double mean = sum / count;
  return {mean, std::sqrt(std::max(0.0, squares / count - mean * mean))};
}

/// Root mean square of the differences of neighbours along `axis`, both in the mask.
inline double step_along(const volume::Image& image, const volume::Mask& mask, int axis) {
  const volume::Grid& grid = image.grid;
  volume::Index3 by{};
  by[axis] = 1;
  double squares = 0;
  double count = 0;
  for (int k = 0; k + by[2] < grid.size[2]; ++k) {
    for (int j = 0; j + by[1] < grid.size[1]; ++j) {
      for (int i = 0; i + by[0] < grid.size[0]; ++i) {
        const std::size_t a = grid.offset(i, j, k);
        const std::size_t b = grid.offset(i + by[0], j + by[1], k + by[2]);
        if (mask.data[a] == 0 || mask.data[b] == 0) continue;
        const double d = image.data[a] - image.data[b];
        squares += d * d;
        ++count;
      }
    }
  }
  return std::sqrt(squares / count);
}

/// Mean size of the in-plane steps that lead from outside `region` into it, within `within`.
inline double step_across(const volume::Image& image, const volume::Mask& region,
                          const volume::Mask& within) {
  const volume::Grid& grid = image.grid;
  double sum = 0;
  double count = 0;
  for (int k = 0; k < grid.size[2]; ++k) {
    for (int j = 0; j + 1 < grid.size[1]; ++j) {
      for (int i = 0; i + 1 < grid.size[0]; ++i) {
        const std::size_t a = grid.offset(i, j, k);
        for (const std::size_t b : {grid.offset(i + 1, j, k), grid.offset(i, j + 1, k)}) {
          if (region.data[a] == region.data[b]) continue;
          if (within.data[a] == 0 || within.data[b] == 0) continue;
          sum += std::abs(image.data[a] - image.data[b]);
          ++count;
        }
      }
    }
  }
  return sum / count;
}

}  // namespace dawson::synthesis
