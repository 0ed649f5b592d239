// Where voxels lie in the world: the only place that thinks about axes, flips and units.
#pragma once

#include <array>
#include <cstddef>
#include <string>

namespace dawson::volume {

using Vector3 = std::array<double, 3>;
using Matrix3 = std::array<std::array<double, 3>, 3>;  ///< row-major: m[row][column]
using Index3 = std::array<int, 3>;

/// A regular lattice of voxels in RAS+ millimetres (x to the patient's right, y to the front,
/// z upwards), as NIfTI has it.
///
/// Voxel (i, j, k), counted from 0, has its centre at
///     origin + direction · diag(spacing) · (i, j, k)ᵀ.
/// The columns of `direction` are unit vectors; its determinant may have either sign.
struct Grid {
  Index3 size{1, 1, 1};      ///< voxels along i, j, k
  Vector3 spacing{1, 1, 1};  ///< mm, positive
  Matrix3 direction{{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
  Vector3 origin{0, 0, 0};  ///< world position of voxel (0, 0, 0), mm

  [[nodiscard]] std::size_t voxels() const noexcept {
    return static_cast<std::size_t>(size[0]) * static_cast<std::size_t>(size[1]) *
           static_cast<std::size_t>(size[2]);
  }
  [[nodiscard]] double voxel_volume_mm3() const noexcept {
    return spacing[0] * spacing[1] * spacing[2];
  }
  /// Position in the array: i runs fastest.
  [[nodiscard]] std::size_t offset(int i, int j, int k) const noexcept {
    return static_cast<std::size_t>(i) +
           static_cast<std::size_t>(size[0]) *
               (static_cast<std::size_t>(j) +
                static_cast<std::size_t>(size[1]) * static_cast<std::size_t>(k));
  }
  [[nodiscard]] bool contains(int i, int j, int k) const noexcept {
    return i >= 0 && j >= 0 && k >= 0 && i < size[0] && j < size[1] && k < size[2];
  }
  /// World position (mm) of a continuous voxel index.
  [[nodiscard]] Vector3 to_world(const Vector3& index) const noexcept;
  /// Continuous voxel index of a world position; directions need not be orthogonal.
  [[nodiscard]] Vector3 to_index(const Vector3& world) const noexcept;
  /// The 3×4 affine [direction·diag(spacing) | origin], rows first.
  [[nodiscard]] std::array<std::array<double, 4>, 3> affine() const noexcept;
  /// "RAS", "LPS", …: the world direction that each voxel axis is nearest to, each used once.
  [[nodiscard]] std::string orientation() const;
  /// The axis with the coarsest spacing (the last among equals).
  [[nodiscard]] int coarsest_axis() const noexcept;
};

/// A grid from an affine whose columns are spacing × direction.
/// Throws Error{input} when a column is zero or not finite.
Grid grid_from_affine(const Index3& size, const std::array<std::array<double, 4>, 3>& affine);

/// Largest distance (mm) between the two grids' corresponding corners; infinite when sizes differ.
double corner_distance_mm(const Grid& a, const Grid& b);

/// True when sizes agree and corners lie within `tolerance_mm`.
bool same_grid(const Grid& a, const Grid& b, double tolerance_mm = 1e-2);

Vector3 operator*(const Matrix3& m, const Vector3& v) noexcept;
Matrix3 operator*(const Matrix3& a, const Matrix3& b) noexcept;
Matrix3 transpose(const Matrix3& m) noexcept;
/// Throws std::domain_error when singular.
Matrix3 inverse(const Matrix3& m);
double determinant(const Matrix3& m) noexcept;

}  // namespace dawson::volume
