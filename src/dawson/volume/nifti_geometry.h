// From the geometry fields of a NIfTI header to a Grid. Private to this room.
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

}  // namespace dawson::volume
