// From the geometry fields of a NIfTI header to a Grid and back. Private to this room.
#pragma once

#include <string>
#include <vector>

#include "dawson/volume/nifti.h"

namespace dawson::volume {

/// The grid that the fields describe: sform (code > 0), then qform, then the spacings alone.
/// What was repaired or looks wrong is added to `warnings`.
/// Throws Error{input} (about `where`) when no usable geometry remains.
Grid resolve_geometry(const NiftiGeometry& geometry, const Index3& size, const std::string& where,
                      std::vector<std::string>& warnings);

/// Fields that describe `grid`: sform exactly, qform by the nearest rotation, both codes 1.
NiftiGeometry geometry_of(const Grid& grid);

/// Largest |cosine| between two different columns: 0 for orthogonal directions.
double shear_of(const Matrix3& direction) noexcept;

/// The orthonormal matrix nearest to `direction` (the polar decomposition's; Higham 1986).
Matrix3 nearest_orthonormal(const Matrix3& direction);

}  // namespace dawson::volume
