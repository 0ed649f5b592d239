#include "dawson/imaging/slice_grid.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "dawson/core/error.h"

namespace dawson::imaging {

using volume::Grid;
using volume::Mask;
using volume::Matrix3;
using volume::Vector3;

namespace {

// Boxes of flipped copies differ in the last bits; a lattice point this close (in spacings) to the
// box's face counts as on it.
constexpr double on_face = 1e-3;

double dot(const Vector3& a, const Vector3& b) {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

Vector3 cross(const Vector3& a, const Vector3& b) {
  return {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
}

Vector3 scaled(const Vector3& v, double factor) {
  return {v[0] * factor, v[1] * factor, v[2] * factor};
}

Vector3 plus(const Vector3& a, const Vector3& b) {
  return {a[0] + b[0], a[1] + b[1], a[2] + b[2]};
}

Vector3 unit(const Vector3& v) {
  return scaled(v, 1 / std::sqrt(dot(v, v)));
}

Vector3 column(const Matrix3& m, int c) {
  return {m[0][c], m[1][c], m[2][c]};
}

struct Interval {
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();
  void take(double from, double to) {
    low = std::min(low, from);
    high = std::max(high, to);
  }
  void grow(double by) { low -= by, high += by; }
};
using Box = std::array<Interval, 3>;

/// Extents along three world vectors of what is to be covered, in their own unit.
class Extent {
 public:
  explicit Extent(const std::array<Vector3, 3>& along) : along_(along) {}

  void point(const Vector3& world, const Vector3& half_size = {0, 0, 0}) {
    for (int a = 0; a < 3; ++a) {
      const double position = dot(along_[a], world);
      box_[a].take(position - half_size[a], position + half_size[a]);
    }
  }
  void scan(const Grid& grid) {
    for (int corner = 0; corner < 8; ++corner) {
      Vector3 index{};
      for (int a = 0; a < 3; ++a) index[a] = ((corner >> a) & 1) != 0 ? grid.size[a] - 1 : 0;
      point(grid.to_world(index));
    }
  }
  void mask(const Mask& mask);
  Box& box() { return box_; }

 private:
  std::array<Vector3, 3> along_;
  Box box_;
};

void Extent::mask(const Mask& mask) {
  const Grid& grid = mask.grid;
  Vector3 half{0, 0, 0};
  for (int a = 0; a < 3; ++a) {
    for (int c = 0; c < 3; ++c) {
      half[a] += 0.5 * grid.spacing[c] * std::abs(dot(along_[a], column(grid.direction, c)));
    }
  }
  bool empty = true;
  for (int k = 0; k < grid.size[2]; ++k) {
    for (int j = 0; j < grid.size[1]; ++j) {
      // The first and the last voxel of a row bound it in every direction.
      const std::uint8_t* row = mask.data.data() + grid.offset(0, j, k);
      int first = 0;
      while (first < grid.size[0] && row[first] == 0) ++first;
      if (first == grid.size[0]) continue;
      int last = grid.size[0] - 1;
      while (row[last] == 0) --last;
      empty = false;
      for (const int i : {first, last}) {
        point(grid.to_world({double(i), double(j), double(k)}), half);
      }
    }
  }
  if (empty) throw Error(ExitCode::input, "the mask that is to bound the slices is empty");
}

/// First lattice number and count of the multiples of `spacing` that cover `interval`.
struct Lattice {
  double first = 0;
  int count = 1;
};

Lattice covering(const Interval& interval, double spacing) {
  const double first = std::floor(interval.low / spacing + on_face);
  const double last = std::ceil(interval.high / spacing - on_face);
  return {first, static_cast<int>(std::max(0.0, last - first)) + 1};
}

Box box_along(const std::array<Vector3, 3>& along, const Grid& scan, const Mask* extent,
              const Vector3& margin) {
  Extent measured(along);
  if (extent == nullptr) {
    measured.scan(scan);
  } else {
    measured.mask(*extent);
    for (int a = 0; a < 3; ++a) measured.box()[a].grow(margin[a]);
  }
  return measured.box();
}

Grid axial_world_grid(const Grid& scan, const Mask* extent, double in_plane_mm, double margin_mm,
                      double slice_mm) {
  Grid grid;
  grid.spacing = {in_plane_mm, in_plane_mm, slice_mm};
  const Box box = box_along({{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}}, scan, extent,
                            {margin_mm, margin_mm, margin_mm});
  for (int a = 0; a < 3; ++a) {
    const Lattice lattice = covering(box[a], grid.spacing[a]);
    grid.size[a] = lattice.count;
    grid.origin[a] = lattice.first * grid.spacing[a];
  }
  return grid;
}

/// The slice's own axes: x and y in its plane, `step` from one slice's centre to the next's.
struct SliceAxes {
  Vector3 x{}, y{}, normal{}, step{};
};

SliceAxes slice_axes(const Grid& scan, int slice_axis) {
  SliceAxes axes;
  axes.normal = unit(cross(column(scan.direction, (slice_axis + 1) % 3),
                           column(scan.direction, (slice_axis + 2) % 3)));
  int nearest = 0;
  for (int a = 1; a < 3; ++a) {
    if (std::abs(axes.normal[a]) > std::abs(axes.normal[nearest])) nearest = a;
  }
  if (axes.normal[nearest] < 0) axes.normal = scaled(axes.normal, -1);
  axes.step = column(scan.direction, slice_axis);
  if (dot(axes.step, axes.normal) < 0) axes.step = scaled(axes.step, -1);

  Vector3 towards_x{0, 0, 0};
  Vector3 towards_y{0, 0, 0};
  towards_x[nearest == 0 ? 1 : 0] = 1;  // sagittal: anterior; otherwise right
  towards_y[nearest == 2 ? 1 : 2] = 1;  // axial: anterior; otherwise superior
  axes.x = unit(plus(towards_x, scaled(axes.normal, -dot(towards_x, axes.normal))));
  axes.y = cross(axes.normal, axes.x);
  if (dot(axes.y, towards_y) < 0) axes.y = scaled(axes.y, -1);
  return axes;
}

/// The coarsest axis; among equally coarse ones the nearest to superior, so that the choice does
/// not hang on the order in which the array stores them.
int slice_axis_of(const Grid& scan) {
  int best = scan.coarsest_axis();
  for (int axis = 0; axis < 3; ++axis) {
    const bool as_coarse = scan.spacing[axis] > scan.spacing[best] * (1 - 1e-3);
    const double gain = std::abs(scan.direction[2][axis]) - std::abs(scan.direction[2][best]);
    if (as_coarse && gain > 1e-6) best = axis;
  }
  return best;
}

Grid own_slices_grid(const Grid& scan, const Mask* extent, double in_plane_mm, double margin_mm) {
  const int axis = slice_axis_of(scan);
  const SliceAxes axes = slice_axes(scan, axis);
  const double between = dot(axes.step, axes.normal) * scan.spacing[axis];
  const Box box =
      box_along({axes.x, axes.y, axes.normal}, scan, extent, {margin_mm, margin_mm, margin_mm});

  // The scan's slices, counted along `normal` from its lowest one.
  Vector3 lowest_index{0, 0, 0};
  if (dot(column(scan.direction, axis), axes.normal) < 0) lowest_index[axis] = scan.size[axis] - 1;
  const Vector3 lowest = scan.to_world(lowest_index);
  const double from = (box[2].low - dot(axes.normal, lowest)) / between;
  const double to = (box[2].high - dot(axes.normal, lowest)) / between;
  const double top = scan.size[axis] - 1;
  double first = std::clamp(std::ceil(from - on_face), 0.0, top);
  double last = std::clamp(std::floor(to + on_face), 0.0, top);
  if (last < first) first = last = std::clamp(std::round(0.5 * (from + to)), 0.0, top);

  Grid grid;
  grid.spacing = {in_plane_mm, in_plane_mm, scan.spacing[axis]};
  for (int row = 0; row < 3; ++row) {
    grid.direction[row] = {axes.x[row], axes.y[row], axes.step[row]};
  }
  const Lattice u = covering(box[0], in_plane_mm);
  const Lattice v = covering(box[1], in_plane_mm);
  grid.size = {u.count, v.count, static_cast<int>(last - first) + 1};
  const Vector3 base = plus(lowest, scaled(axes.step, first * scan.spacing[axis]));
  grid.origin = plus(base, plus(scaled(axes.x, u.first * in_plane_mm - dot(axes.x, base)),
                                scaled(axes.y, v.first * in_plane_mm - dot(axes.y, base))));
  return grid;
}

}  // namespace

bool has_thick_slices(const Grid& scan) noexcept {
  const auto [finest, coarsest] = std::minmax_element(scan.spacing.begin(), scan.spacing.end());
  return *coarsest >= thick_slice_ratio * *finest;
}

Grid slice_grid(const Grid& scan, const Mask* extent, double in_plane_mm, double margin_mm,
                double slice_mm_if_isotropic) {
  if (!(in_plane_mm > 0) || !(slice_mm_if_isotropic > 0)) {
    throw std::invalid_argument("slice_grid: spacings must be positive");
  }
  if (has_thick_slices(scan)) return own_slices_grid(scan, extent, in_plane_mm, margin_mm);
  return axial_world_grid(scan, extent, in_plane_mm, margin_mm, slice_mm_if_isotropic);
}

}  // namespace dawson::imaging
