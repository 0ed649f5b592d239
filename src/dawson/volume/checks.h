// The checks that every reader of scans makes, whatever the format.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "dawson/volume/grid.h"

namespace dawson::volume {

constexpr std::int64_t most_voxels = std::int64_t{1} << 29;

/// Throws Error{input} (about `where`) when `so_far` × `more` would exceed most_voxels; the
/// product is never formed where it could overflow. Both are at least 1.
void check_voxels(std::int64_t so_far, std::int64_t more, const std::string& where);

/// 0.02 to 100 mm: what a voxel of a head can measure.
bool plausible_spacing_mm(double spacing_mm) noexcept;

/// Refuses (Error{input}) implausible spacings and directions off orthogonal by more than 5e-2;
/// repairs directions off by more than 1e-3, with a warning.
void check_grid(Grid& grid, const std::string& where, std::vector<std::string>& warnings);

/// Non-finite values become 0 with a warning; more than 1 % of them are refused (Error{input}).
void mend_nonfinite(std::vector<float>& values, const std::string& where,
                    std::vector<std::string>& warnings);

/// Largest |cosine| between two different columns: 0 for orthogonal directions.
double shear_of(const Matrix3& direction) noexcept;

/// The orthonormal matrix nearest to `direction` (the polar decomposition's; Higham 1986).
Matrix3 nearest_orthonormal(const Matrix3& direction);

}  // namespace dawson::volume
