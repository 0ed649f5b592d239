#include "dawson/volume/grid.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "dawson/core/error.h"

namespace dawson::volume {

Vector3 operator*(const Matrix3& m, const Vector3& v) noexcept {
  Vector3 r{};
  for (int row = 0; row < 3; ++row) r[row] = m[row][0] * v[0] + m[row][1] * v[1] + m[row][2] * v[2];
  return r;
}

Matrix3 operator*(const Matrix3& a, const Matrix3& b) noexcept {
  Matrix3 r{};
  for (int row = 0; row < 3; ++row) {
    for (int column = 0; column < 3; ++column) {
      for (int k = 0; k < 3; ++k) r[row][column] += a[row][k] * b[k][column];
    }
  }
  return r;
}

Matrix3 transpose(const Matrix3& m) noexcept {
  Matrix3 r{};
  for (int row = 0; row < 3; ++row) {
    for (int column = 0; column < 3; ++column) r[row][column] = m[column][row];
  }
  return r;
}

double determinant(const Matrix3& m) noexcept {
  return m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1]) -
         m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0]) +
         m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0]);
}

Matrix3 inverse(const Matrix3& m) {
  const double d = determinant(m);
  // Relative to the columns' lengths, so that a matrix in small units is not called singular.
  double lengths = 1;
  for (int c = 0; c < 3; ++c) lengths *= std::hypot(m[0][c], m[1][c], m[2][c]);
  if (!(std::abs(d) > 1e-12 * lengths)) throw std::domain_error("the matrix is singular");
  Matrix3 r{};
  for (int row = 0; row < 3; ++row) {
    for (int column = 0; column < 3; ++column) {
      // Cyclic indices carry the cofactor's sign.
      const int r1 = (column + 1) % 3, r2 = (column + 2) % 3;
      const int c1 = (row + 1) % 3, c2 = (row + 2) % 3;
      r[row][column] = (m[r1][c1] * m[r2][c2] - m[r1][c2] * m[r2][c1]) / d;
    }
  }
  return r;
}

Vector3 Grid::to_world(const Vector3& index) const noexcept {
  const Vector3 mm{index[0] * spacing[0], index[1] * spacing[1], index[2] * spacing[2]};
  Vector3 world = direction * mm;
  for (int axis = 0; axis < 3; ++axis) world[axis] += origin[axis];
  return world;
}

Vector3 Grid::to_index(const Vector3& world) const noexcept {
  const Vector3 shifted{world[0] - origin[0], world[1] - origin[1], world[2] - origin[2]};
  // Cramer's rule: the directions may be sheared, so the transpose is not the inverse.
  const Matrix3& m = direction;
  const double d = determinant(m);
  Vector3 index{};
  for (int axis = 0; axis < 3; ++axis) {
    Matrix3 replaced = m;
    for (int row = 0; row < 3; ++row) replaced[row][axis] = shifted[row];
    index[axis] = determinant(replaced) / d / spacing[axis];
  }
  return index;
}

std::array<std::array<double, 4>, 3> Grid::affine() const noexcept {
  std::array<std::array<double, 4>, 3> m{};
  for (int row = 0; row < 3; ++row) {
    for (int column = 0; column < 3; ++column) {
      m[row][column] = direction[row][column] * spacing[column];
    }
    m[row][3] = origin[row];
  }
  return m;
}

std::string Grid::orientation() const {
  // The assignment of voxel axes to world axes with the largest sum of |cosines|.
  std::array<int, 3> world_axis{0, 1, 2};
  std::array<int, 3> best = world_axis;
  double best_sum = -1;
  do {
    double sum = 0;
    for (int axis = 0; axis < 3; ++axis) sum += std::abs(direction[world_axis[axis]][axis]);
    if (sum > best_sum + 1e-9) {
      best_sum = sum;
      best = world_axis;
    }
  } while (std::next_permutation(world_axis.begin(), world_axis.end()));

  std::string letters(3, ' ');
  for (int axis = 0; axis < 3; ++axis) {
    const bool positive = direction[best[axis]][axis] >= 0;
    letters[axis] = (positive ? "RAS" : "LPI")[best[axis]];
  }
  return letters;
}

int Grid::coarsest_axis() const noexcept {
  int coarsest = 0;
  for (int axis = 1; axis < 3; ++axis) {
    // Headers carry float noise in equal spacings.
    if (spacing[axis] >= spacing[coarsest] * (1 - 1e-4)) coarsest = axis;
  }
  return coarsest;
}

Grid grid_from_affine(const Index3& size, const std::array<std::array<double, 4>, 3>& affine) {
  Grid grid;
  grid.size = size;
  for (int column = 0; column < 3; ++column) {
    const double length =
        std::sqrt(affine[0][column] * affine[0][column] + affine[1][column] * affine[1][column] +
                  affine[2][column] * affine[2][column]);
    if (!std::isfinite(length) || length < 1e-6) {
      throw Error(ExitCode::input,
                  "the affine's column " + std::to_string(column + 1) + " is zero or not finite");
    }
    grid.spacing[column] = length;
    for (int row = 0; row < 3; ++row) grid.direction[row][column] = affine[row][column] / length;
  }
  for (int row = 0; row < 3; ++row) {
    grid.origin[row] = affine[row][3];
    if (!std::isfinite(affine[row][3])) {
      throw Error(ExitCode::input, "the affine's offset is not finite");
    }
  }
  return grid;
}

double corner_distance_mm(const Grid& a, const Grid& b) {
  if (a.size != b.size) return std::numeric_limits<double>::infinity();
  double largest = 0;
  for (int corner = 0; corner < 8; ++corner) {
    Vector3 index{};
    for (int axis = 0; axis < 3; ++axis) {
      index[axis] = ((corner >> axis) & 1) != 0 ? a.size[axis] - 1 : 0;
    }
    const Vector3 p = a.to_world(index);
    const Vector3 q = b.to_world(index);
    largest = std::max(largest, std::hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]));
  }
  return largest;
}

bool same_grid(const Grid& a, const Grid& b, double tolerance_mm) {
  return a.size == b.size && corner_distance_mm(a, b) <= tolerance_mm;
}

}  // namespace dawson::volume
