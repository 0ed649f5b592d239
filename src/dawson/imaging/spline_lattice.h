// Cubic B-splines on a box of control points, fitted to and evaluated on regular grids of voxels.
// Everything is a product over the three axes, which makes it fast. Private to this room.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "dawson/volume/grid.h"

namespace dawson::imaging {

/// For each voxel along one axis: its first control point and the four cubic weights.
struct SplineAxis {
  int spans = 1;  ///< polynomial pieces; there are spans + 3 control points
  std::vector<std::size_t> first;
  std::vector<std::array<double, 4>> weight;

  [[nodiscard]] std::size_t controls() const noexcept {
    return static_cast<std::size_t>(spans) + 3;
  }
  [[nodiscard]] std::size_t voxels() const noexcept { return first.size(); }
};
using SplineAxes = std::array<SplineAxis, 3>;

/// `positions` run from 0 to 1 over the axis; beyond, the end is repeated.
SplineAxis spline_axis(const std::vector<double>& positions, int spans);

/// Control values, first axis fastest.
struct SplineLattice {
  volume::Index3 spans{1, 1, 1};
  std::vector<double> values;

  explicit SplineLattice(const volume::Index3& spans_along);
  /// The same function with twice the spans along every axis.
  [[nodiscard]] SplineLattice refined() const;
  /// Its values at the voxels of `axes`, i fastest.
  [[nodiscard]] std::vector<float> at(const SplineAxes& axes) const;
};

/// Scattered data approximation (Lee, Wolberg and Shin 1997) at the voxels of a mask.
class SplineFit {
 public:
  /// `inside` is 1 in the mask, 0 outside, in the order of the voxels of `axes`.
  SplineFit(SplineAxes axes, const std::vector<double>& inside);
  /// Control values for `data`, which is 0 outside the mask.
  [[nodiscard]] std::vector<double> fit(const std::vector<double>& data) const;

 private:
  SplineAxes axes_;
  SplineAxes cubed_;  ///< weights³ / Σ weights², the numerator's factors
  std::vector<double> omega_;
};

}  // namespace dawson::imaging
