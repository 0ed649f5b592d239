// The grid on which networks see a scan: a stack of slices whose axes do not depend on how the
// scan's array happens to be stored.
#pragma once

#include "dawson/volume/volume.h"

namespace dawson::imaging {

/// Coarsest over finest spacing from which a scan is read slice by slice as it was scanned.
constexpr double thick_slice_ratio = 1.5;

/// True when the scan's slices are thick: coarsest spacing / finest ≥ thick_slice_ratio.
bool has_thick_slices(const volume::Grid& scan) noexcept;

/// A grid [x, y, slice] over `scan`, in the world's millimetres.
///
/// Thin scans: slices are axial in the world (x to the right, y to the front, slices upwards)
/// and `slice_mm_if_isotropic` apart; every lattice position is a multiple of the spacing, so
/// that a scan resampled, flipped or rotated gives the same slices.
///
/// Thick scans: slices are the scan's own, positions and spacing kept, ordered towards superior
/// (axial), anterior (coronal) or right (sagittal, by the world axis nearest to the normal). In the
/// slice, x is the world's right (sagittal: anterior) projected onto it, y is perpendicular and
/// points to anterior (axial) or superior (coronal, sagittal); x and y positions are multiples of
/// `in_plane_mm` from the world's origin projected.
///
/// The grid covers the bounding box of `extent` (a mask on any grid) grown by `margin_mm` on every
/// side, or, where `extent` is null, the voxel centres of the whole scan. Thick slices are taken
/// where their centre lies in that box (at least one), and none is invented beyond the scan.
///
/// Throws Error{input} when `extent` is empty, std::invalid_argument when a spacing is not
/// positive.
volume::Grid slice_grid(const volume::Grid& scan, const volume::Mask* extent, double in_plane_mm,
                        double margin_mm, double slice_mm_if_isotropic);

}  // namespace dawson::imaging
