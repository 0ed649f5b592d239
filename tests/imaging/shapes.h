// Grids, head-like shapes and comparisons that several tests use.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <functional>

#include "dawson/volume/volume.h"

namespace dawson::test {

using volume::Grid;
using volume::Image;
using volume::Mask;
using volume::Matrix3;
using volume::Vector3;

/// Rotation about a world axis.
inline Matrix3 turn(int axis, double degrees) {
  const double angle = degrees * 0.017453292519943295;
  Matrix3 r{{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
  const int a = (axis + 1) % 3;
  const int b = (axis + 2) % 3;
  r[a][a] = r[b][b] = std::cos(angle);
  r[b][a] = std::sin(angle);
  r[a][b] = -r[b][a];
  return r;
}

/// A grid whose centre voxel position lies at the world's origin.
inline Grid centred(const volume::Index3& size, const Vector3& spacing,
                    const Matrix3& direction = turn(0, 0)) {
  Grid grid{size, spacing, direction, {0, 0, 0}};
  const Vector3 centre =
      grid.to_world({(size[0] - 1) / 2.0, (size[1] - 1) / 2.0, (size[2] - 1) / 2.0});
  for (int a = 0; a < 3; ++a) grid.origin[a] = -centre[a];
  return grid;
}

inline Image painted(const Grid& grid, const std::function<double(const Vector3&)>& value) {
  Image image(grid);
  for (int k = 0; k < grid.size[2]; ++k) {
    for (int j = 0; j < grid.size[1]; ++j) {
      for (int i = 0; i < grid.size[0]; ++i) {
        image.at(i, j, k) =
            static_cast<float>(value(grid.to_world({double(i), double(j), double(k)})));
      }
    }
  }
  return image;
}

inline Mask carved(const Grid& grid, const std::function<bool(const Vector3&)>& inside) {
  Mask mask(grid);
  for (int k = 0; k < grid.size[2]; ++k) {
    for (int j = 0; j < grid.size[1]; ++j) {
      for (int i = 0; i < grid.size[0]; ++i) {
        mask.at(i, j, k) = inside(grid.to_world({double(i), double(j), double(k)})) ? 1 : 0;
      }
    }
  }
  return mask;
}

inline bool in_ellipsoid(const Vector3& p, const Vector3& centre, const Vector3& radii) {
  double sum = 0;
  for (int a = 0; a < 3; ++a) {
    const double r = (p[a] - centre[a]) / radii[a];
    sum += r * r;
  }
  return sum <= 1;
}

/// A brain-like shape: cerebrum, cerebellum behind and below, stem, one temporal pole larger.
inline bool in_brain(const Vector3& p) {
  return in_ellipsoid(p, {0, 0, 0}, {66, 84, 58}) || in_ellipsoid(p, {0, -48, -42}, {48, 32, 26}) ||
         in_ellipsoid(p, {0, -22, -58}, {14, 16, 30}) ||
         in_ellipsoid(p, {36, 34, -38}, {24, 30, 22}) ||
         in_ellipsoid(p, {-38, 30, -36}, {20, 26, 18});
}

/// The layers of a volume whose centres lie below (or, `above`, over) a height of the world.
inline Mask kept_on_one_side(const Mask& whole, int world_axis, double mm, bool above) {
  int axis = 0;
  for (int a = 1; a < 3; ++a) {
    if (std::abs(whole.grid.direction[world_axis][a]) >
        std::abs(whole.grid.direction[world_axis][axis])) {
      axis = a;
    }
  }
  Vector3 at{whole.grid.size[0] / 2.0, whole.grid.size[1] / 2.0, whole.grid.size[2] / 2.0};
  int first = whole.grid.size[axis], last = -1;
  for (int n = 0; n < whole.grid.size[axis]; ++n) {
    at[axis] = n;
    if ((whole.grid.to_world(at)[world_axis] > mm) != above) continue;
    first = std::min(first, n);
    last = std::max(last, n);
  }
  Grid grid = whole.grid;
  grid.size[axis] = last - first + 1;
  at = {};
  at[axis] = first;
  grid.origin = whole.grid.to_world(at);
  Mask part(grid);
  volume::Index3 from{};
  from[axis] = first;
  for (int k = 0; k < grid.size[2]; ++k) {
    for (int j = 0; j < grid.size[1]; ++j) {
      for (int i = 0; i < grid.size[0]; ++i) {
        part.at(i, j, k) = whole.at(i + from[0], j + from[1], k + from[2]);
      }
    }
  }
  return part;
}

/// The same grid stored with the voxel axes in another order and some of them backwards.
inline Grid stored_otherwise(const Grid& grid, const volume::Index3& order,
                             const std::array<bool, 3>& backwards) {
  Grid out = grid;
  Vector3 first{0, 0, 0};
  for (int a = 0; a < 3; ++a) {
    out.size[a] = grid.size[order[a]];
    out.spacing[a] = grid.spacing[order[a]];
    if (backwards[a]) first[order[a]] = grid.size[order[a]] - 1;
    for (int r = 0; r < 3; ++r) {
      out.direction[r][a] = grid.direction[r][order[a]] * (backwards[a] ? -1 : 1);
    }
  }
  out.origin = grid.to_world(first);
  return out;
}

}  // namespace dawson::test
