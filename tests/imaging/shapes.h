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

/// The volume without the layers that hold the outermost `mm` of its mask (and what lies beyond),
/// at the end towards the positive direction of a world axis, or the other.
inline Mask cut_off(const Mask& whole, int world_axis, double mm, bool at_positive_end) {
  const auto& direction = whole.grid.direction[world_axis];
  int axis = 0;
  for (int a = 1; a < 3; ++a) {
    if (std::abs(direction[a]) > std::abs(direction[axis])) axis = a;
  }
  int first = whole.grid.size[axis], last = -1;
  volume::Index3 at{};
  const auto for_voxels = [&at](const volume::Index3& size, const auto& visit) {
    for (at[2] = 0; at[2] < size[2]; ++at[2]) {
      for (at[1] = 0; at[1] < size[1]; ++at[1]) {
        for (at[0] = 0; at[0] < size[0]; ++at[0]) visit();
      }
    }
  };
  for_voxels(whole.grid.size, [&] {
    if (whole.at(at[0], at[1], at[2]) == 0) return;
    first = std::min(first, at[axis]);
    last = std::max(last, at[axis]);
  });
  const int gone = static_cast<int>(std::lround(mm / whole.grid.spacing[axis]));
  const bool at_last_layers = (direction[axis] > 0) == at_positive_end;
  const int begin = at_last_layers ? 0 : first + gone;
  const int end = at_last_layers ? last + 1 - gone : whole.grid.size[axis];
  Grid grid = whole.grid;
  grid.size[axis] = end - begin;
  Vector3 origin{};
  origin[axis] = begin;
  grid.origin = whole.grid.to_world(origin);
  Mask part(grid);
  for_voxels(grid.size, [&] {
    volume::Index3 from = at;
    from[axis] += begin;
    part.at(at[0], at[1], at[2]) = whole.at(from[0], from[1], from[2]);
  });
  return part;
}

/// The mask with its world turned over: front to back, upside down.
inline Mask turned(Mask mask, bool front, bool top) {
  for (const std::size_t world : {std::size_t{1}, std::size_t{2}}) {
    if (!(world == 1 ? front : top)) continue;
    mask.grid.origin[world] *= -1;
    for (double& d : mask.grid.direction[world]) d *= -1;
  }
  return mask;
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
