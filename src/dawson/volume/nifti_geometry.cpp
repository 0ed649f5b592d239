#include "dawson/volume/nifti_geometry.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <optional>

#include "dawson/core/error.h"
#include "dawson/volume/checks.h"

namespace dawson::volume {

namespace {

constexpr double tolerated_disagreement_mm = 0.5;
std::string decimals(double value) {
  char text[40];
  std::snprintf(text, sizeof text, "%.2f", value);
  return text;
}

/// Millimetres in the file's spatial unit (the low three bits of xyzt_units).
double unit_mm(int xyzt_units) {
  switch (xyzt_units & 7) {
    case 1:
      return 1000;
    case 3:
      return 1e-3;
    default:
      return 1;  // millimetres, or not said
  }
}

/// `grid` in millimetres. Unit codes are often wrong: one that would give impossible voxels is
/// not believed.
void scale_to_mm(Grid& grid, int xyzt_units, std::vector<std::string>& warnings) {
  const double mm = unit_mm(xyzt_units);
  if (mm == 1) return;
  const auto fits = [&](double factor) {
    return std::all_of(grid.spacing.begin(), grid.spacing.end(),
                       [&](double s) { return plausible_spacing_mm(s * factor); });
  };
  if (!fits(mm)) {
    if (fits(1)) warnings.emplace_back("the unit code of the header is wrong: taken as mm");
    return;
  }
  for (int axis = 0; axis < 3; ++axis) {
    grid.spacing[axis] *= mm;
    grid.origin[axis] *= mm;
  }
}

bool finite(const Vector3& v) {
  return std::all_of(v.begin(), v.end(), [](double x) { return std::isfinite(x); });
}

/// The sform's grid as it stands, or nothing when a column is zero or a value is not finite.
std::optional<Grid> grid_of_sform(const NiftiGeometry& g, const Index3& size) {
  try {
    const Grid grid = grid_from_affine(size, g.sform);
    if (!(std::abs(determinant(grid.direction)) > 1e-6)) return std::nullopt;
    return grid;
  } catch (const Error&) {
    return std::nullopt;
  }
}

/// The spacings of pixdim, or nothing where one is missing. An axis of one voxel needs none.
std::optional<Vector3> spacing_of(const NiftiGeometry& g, const Index3& size) {
  Vector3 spacing{};
  for (std::size_t axis = 0; axis < 3; ++axis) {
    spacing[axis] = std::abs(g.pixdim[axis + 1]);
    const bool known = std::isfinite(spacing[axis]) && spacing[axis] > 1e-6;
    if (!known && size[axis] > 1) return std::nullopt;
    if (!known) spacing[axis] = 1;
  }
  return spacing;
}

/// The rotation of a unit quaternion (a, b, c, d), a ≥ 0 implied (nifti1.h, method 2).
std::optional<Matrix3> rotation_of(const Vector3& quaternion) {
  auto [b, c, d] = quaternion;
  const double rest = b * b + c * c + d * d;
  // Single precision may leave the three parts a little longer than 1; more is nonsense.
  if (!std::isfinite(rest) || rest > 1.01) return std::nullopt;
  double a = 0;
  if (rest > 1 - 1e-7) {
    const double scale = 1 / std::sqrt(rest);
    b *= scale, c *= scale, d *= scale;
  } else {
    a = std::sqrt(1 - rest);
  }
  return Matrix3{{{a * a + b * b - c * c - d * d, 2 * (b * c - a * d), 2 * (b * d + a * c)},
                  {2 * (b * c + a * d), a * a + c * c - b * b - d * d, 2 * (c * d - a * b)},
                  {2 * (b * d - a * c), 2 * (c * d + a * b), a * a + d * d - c * c - b * b}}};
}

std::optional<Grid> grid_of_qform(const NiftiGeometry& g, const Index3& size) {
  const auto spacing = spacing_of(g, size);
  const auto rotation = rotation_of(g.quaternion);
  if (!spacing || !rotation || !finite(g.qoffset)) return std::nullopt;
  Grid grid{size, *spacing, *rotation, g.qoffset};
  if (g.pixdim[0] < 0) {  // qfac
    for (auto& row : grid.direction) row[2] = -row[2];
  }
  return grid;
}

Grid choose_grid(const NiftiGeometry& g, const Index3& size, const std::string& where,
                 std::vector<std::string>& warnings) {
  const auto sform = g.sform_code > 0 ? grid_of_sform(g, size) : std::nullopt;
  const auto qform = g.qform_code > 0 ? grid_of_qform(g, size) : std::nullopt;
  if (sform) {
    const double apart = qform ? corner_distance_mm(*sform, *qform) : 0;
    if (apart > tolerated_disagreement_mm) {
      warnings.push_back("sform and qform disagree by " + decimals(apart) +
                         " mm at a corner; the sform is used");
    }
    return *sform;
  }
  if (g.sform_code > 0 && !qform) {
    throw Error(ExitCode::input, "the sform has a zero or non-finite column and no qform helps",
                where, "correct the header");
  }
  if (qform) {
    if (g.sform_code > 0) {
      warnings.emplace_back("the sform has a zero or non-finite column; the qform is used");
    }
    return *qform;
  }
  const auto spacing = spacing_of(g, size);
  if (!spacing) {
    throw Error(ExitCode::input, "the header gives no voxel spacing", where, "correct the header");
  }
  warnings.emplace_back(
      g.qform_code > 0
          ? "the qform is not a rotation; axes are taken as right, anterior, superior"
          : "neither sform nor qform is set; axes are taken as right, anterior, superior");
  return Grid{size, *spacing, {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}}, {0, 0, 0}};
}

/// Quaternion (b, c, d) of a proper rotation, from its largest component (nifti1_io's method).
Vector3 quaternion_of(const Matrix3& r) {
  double a = r[0][0] + r[1][1] + r[2][2] + 1;
  double b = 0, c = 0, d = 0;
  if (a > 0.5) {
    a = 0.5 * std::sqrt(a);
    b = 0.25 * (r[2][1] - r[1][2]) / a;
    c = 0.25 * (r[0][2] - r[2][0]) / a;
    d = 0.25 * (r[1][0] - r[0][1]) / a;
    return {b, c, d};
  }
  const double xd = 1 + r[0][0] - (r[1][1] + r[2][2]);
  const double yd = 1 + r[1][1] - (r[0][0] + r[2][2]);
  const double zd = 1 + r[2][2] - (r[0][0] + r[1][1]);
  if (xd > 1) {
    b = 0.5 * std::sqrt(xd);
    c = 0.25 * (r[0][1] + r[1][0]) / b;
    d = 0.25 * (r[0][2] + r[2][0]) / b;
    a = 0.25 * (r[2][1] - r[1][2]) / b;
  } else if (yd > 1) {
    c = 0.5 * std::sqrt(yd);
    b = 0.25 * (r[0][1] + r[1][0]) / c;
    d = 0.25 * (r[1][2] + r[2][1]) / c;
    a = 0.25 * (r[0][2] - r[2][0]) / c;
  } else {
    d = 0.5 * std::sqrt(zd);
    b = 0.25 * (r[0][2] + r[2][0]) / d;
    c = 0.25 * (r[1][2] + r[2][1]) / d;
    a = 0.25 * (r[1][0] - r[0][1]) / d;
  }
  if (a < 0) return {-b, -c, -d};
  return {b, c, d};
}

}  // namespace

Grid resolve_geometry(const NiftiGeometry& geometry, const Index3& size, const std::string& where,
                      std::vector<std::string>& warnings) {
  Grid grid = choose_grid(geometry, size, where, warnings);
  scale_to_mm(grid, geometry.xyzt_units, warnings);
  check_grid(grid, where, warnings);
  return grid;
}

NiftiGeometry geometry_of(const Grid& grid) {
  NiftiGeometry g;
  g.sform_code = g.qform_code = 1;  // scanner coordinates
  g.xyzt_units = 2;                 // millimetres
  g.sform = grid.affine();
  // The header holds single precision: rounded here, what is written is what was meant.
  for (auto& row : g.sform) {
    for (double& value : row) value = static_cast<double>(static_cast<float>(value));
  }
  Matrix3 rotation = nearest_orthonormal(grid.direction);
  g.pixdim[0] = determinant(rotation) < 0 ? -1 : 1;
  if (g.pixdim[0] < 0) {
    for (auto& row : rotation) row[2] = -row[2];
  }
  const Vector3 quaternion = quaternion_of(rotation);
  for (std::size_t axis = 0; axis < 3; ++axis) {
    g.pixdim[axis + 1] = static_cast<double>(static_cast<float>(grid.spacing[axis]));
    g.quaternion[axis] = static_cast<double>(static_cast<float>(quaternion[axis]));
    g.qoffset[axis] = static_cast<double>(static_cast<float>(grid.origin[axis]));
  }
  return g;
}

}  // namespace dawson::volume
