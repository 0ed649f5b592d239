#include "dawson/volume/checks.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "dawson/core/error.h"

namespace dawson::volume {

namespace {

constexpr double tolerated_shear = 1e-3;   // what registration and float storage leave
constexpr double repairable_shear = 5e-2;  // beyond it, a cube is no longer a cube to the eye
constexpr double most_nonfinite_share = 0.01;

std::string formatted(const char* format, double value) {
  char text[40];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

}  // namespace

void check_voxels(std::int64_t so_far, std::int64_t more, const std::string& where) {
  if (more > most_voxels || so_far > most_voxels / more) {
    throw Error(ExitCode::input, "the header promises more than 2^29 voxels", where);
  }
}

bool plausible_spacing_mm(double spacing_mm) noexcept {
  return spacing_mm >= 0.02 && spacing_mm <= 100;
}

void check_grid(Grid& grid, const std::string& where, std::vector<std::string>& warnings) {
  for (const double spacing : grid.spacing) {
    if (plausible_spacing_mm(spacing)) continue;
    throw Error(ExitCode::input,
                "the voxel spacing of " + formatted("%g", spacing) + " mm cannot be that of a head",
                where, "correct the header");
  }
  const double shear = shear_of(grid.direction);
  if (!(shear <= repairable_shear)) {
    throw Error(ExitCode::input,
                "the voxel axes are not perpendicular (off by " + formatted("%.3f", shear) +
                    ", at most 0.05 can be repaired)",
                where, "resample the scan onto a rectangular grid");
  }
  if (shear <= tolerated_shear) return;
  grid.direction = nearest_orthonormal(grid.direction);
  warnings.push_back("the voxel axes were not perpendicular (off by " + formatted("%.4f", shear) +
                     ") and were repaired");
}

void mend_nonfinite(std::vector<float>& values, const std::string& where,
                    std::vector<std::string>& warnings) {
  const auto not_finite = [](float value) { return !std::isfinite(value); };
  const auto bad =
      static_cast<std::size_t>(std::count_if(values.begin(), values.end(), not_finite));
  if (bad == 0) return;
  const std::string count = std::to_string(bad) + " of " + std::to_string(values.size());
  if (static_cast<double>(bad) > most_nonfinite_share * static_cast<double>(values.size())) {
    throw Error(ExitCode::input,
                count + " voxels are not finite numbers (at most 1 % can be repaired)", where);
  }
  std::replace_if(values.begin(), values.end(), not_finite, 0.0F);
  warnings.push_back(count + " voxels were not finite numbers and were set to 0");
}

double shear_of(const Matrix3& m) noexcept {
  double largest = 0;
  for (int a = 0; a < 3; ++a) {
    const int b = (a + 1) % 3;
    const double cosine = m[0][a] * m[0][b] + m[1][a] * m[1][b] + m[2][a] * m[2][b];
    largest = std::max(largest, std::abs(cosine));
  }
  return largest;
}

Matrix3 nearest_orthonormal(const Matrix3& direction) {
  // Newton's iteration Q ← (Q + Q⁻ᵀ) / 2 converges quadratically.
  Matrix3 q = direction;
  for (int iteration = 0; iteration < 30; ++iteration) {
    const Matrix3 other = transpose(inverse(q));
    double change = 0;
    for (int row = 0; row < 3; ++row) {
      for (int column = 0; column < 3; ++column) {
        const double next = 0.5 * (q[row][column] + other[row][column]);
        change = std::max(change, std::abs(next - q[row][column]));
        q[row][column] = next;
      }
    }
    if (change < 1e-14) break;
  }
  return q;
}

}  // namespace dawson::volume
