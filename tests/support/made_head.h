// A small made head: a brain of a brain's shape with bright lesions, dark fluid around it, a skull
// beyond that and noisy air.
#pragma once

#include <cmath>
#include <vector>

#include "dawson/core/random.h"
#include "dawson/volume/volume.h"
#include "imaging/shapes.h"

namespace dawson::made {

/// A ball of lesion, world mm.
struct Ball {
  volume::Vector3 centre;
  double radius_mm;
};

struct Head {
  volume::Image scan;
  volume::Mask brain;
  volume::Mask lesions;
};

inline std::vector<Ball> usual_lesions() {
  return {{{-28, 10, 14}, 9}, {{30, -16, 22}, 7}, {{24, 34, 4}, 6}};
}

/// 4 mm voxels over the whole head: quick.
inline volume::Grid coarse_grid() {
  return test::centred({48, 56, 52}, {4, 4, 4});
}

/// Tissue is 100 with slow waves of ±12, lesions 170, fluid 20, skull 130, air below 3.
inline Head head(const volume::Grid& grid, const std::vector<Ball>& lesions = usual_lesions()) {
  const auto in_lesion = [&](const volume::Vector3& p) {
    for (const Ball& b : lesions) {
      if (std::hypot(p[0] - b.centre[0], p[1] - b.centre[1], p[2] - b.centre[2]) <= b.radius_mm) {
        return true;
      }
    }
    return false;
  };
  core::Random air(7);
  const auto value = [&](const volume::Vector3& p) {
    if (in_lesion(p)) return 170.0;
    if (test::in_brain(p)) {
      return 100 + 12 * std::sin(p[0] / 9) * std::cos(p[1] / 11) + 4 * std::sin(p[2] / 7);
    }
    const bool outer = test::in_ellipsoid(p, {0, -2, -14}, {88, 110, 104});
    const bool inner = test::in_ellipsoid(p, {0, -2, -14}, {82, 104, 98});
    if (inner) return 20.0;
    return outer ? 130.0 : air.uniform(0, 3);
  };
  return {test::painted(grid, value), test::carved(grid, test::in_brain),
          test::carved(grid, in_lesion)};
}

/// The same head as a skull-stripped set holds it: exactly 0 outside the brain.
inline Head stripped_head(const volume::Grid& grid,
                          const std::vector<Ball>& lesions = usual_lesions()) {
  Head made = head(grid, lesions);
  for (std::size_t v = 0; v < made.scan.data.size(); ++v) {
    if (made.brain.data[v] == 0) made.scan.data[v] = 0;
  }
  return made;
}

/// Overlap of two masks on one grid.
inline double dice(const volume::Mask& a, const volume::Mask& b) {
  double both = 0;
  double sum = 0;
  for (std::size_t v = 0; v < a.data.size(); ++v) {
    both += a.data[v] != 0 && b.data[v] != 0 ? 1 : 0;
    sum += (a.data[v] != 0 ? 1 : 0) + (b.data[v] != 0 ? 1 : 0);
  }
  return sum > 0 ? 2 * both / sum : 1;
}

}  // namespace dawson::made
