// Where the face is, so that it can be taken out of a scan: planes fitted to the brain's mask.
#pragma once

#include <cstddef>
#include <vector>

#include "dawson/volume/volume.h"

namespace dawson::anatomy {

/// A plane between the brain and a part of the face. The face is the half space beyond it: every
/// point x (RAS+ mm of the world) with normal · x > offset_mm.
struct FacePlane {
  volume::Vector3 normal{0, 1, 0};  ///< of length 1; points out of the head, to front and below
  double offset_mm = 0;             ///< along `normal`, from the world's origin

  /// How far a world position lies beyond the plane (mm); negative on the brain's side.
  [[nodiscard]] double beyond_mm(const volume::Vector3& world) const noexcept;
};

/// All that lies beyond any of the planes.
struct Face {
  std::vector<FacePlane> planes;
  [[nodiscard]] bool contains(const volume::Vector3& world) const noexcept;
};

/// Room left between the brain's outline and the planes: for brain that the mask missed, and for
/// T1w and T2w of the same visit that lie some millimetres off.
inline constexpr double face_margin_mm = 5.5;

/// The face before and below a brain. The first plane is that of Quickshear (Schimke and Hale
/// 2011), in the world's anatomical axes: the mask is projected from right to left onto the
/// sagittal plane, and an edge of the projection's convex hull that faces to front and below is
/// moved outwards by `margin_mm`. As the frontal lobes reach farther forward than the eyes beside
/// them, the same is done twice more with the direction of projection turned towards the right and
/// the left eye.
///
/// What is projected is the mask's main body, without what hangs on it by a neck of less than 12
/// mm: bits of the nasal cavity that a model took for brain. Of the body, whole voxels are
/// projected, not their centres: with a margin ≥ 0 no part of one lies in the face, whatever the
/// grid's orientation, obliquity and spacing. The rest of the mask is for deface to leave alone.
///
/// Front and below are those of the brain itself, by its long axis, so that a head that nods up to
/// 45° gets the planes of a head that does not; that it is turned to a side or inclined (up to 15°)
/// is not made up for. Of the hull's edges between front and below the one is taken that leaves the
/// usual place of the eyes, the part of a face that is hardest to part from a brain, farthest
/// beyond.
///
/// Throws Error{input} when the mask is empty or no edge of it faces so, std::invalid_argument when
/// the margin is not finite.
Face fit_face(const volume::Mask& brain, double margin_mm = face_margin_mm);

/// What a scan holds where there is nothing: 0 where that is among the darkest tenth of its values
/// (most scans, those with undershoots below 0 too), else whichever end of that tenth is nearer
/// to 0. Throws Error{input} when the image is empty.
float background_value(const volume::Image& scan);

/// Sets every voxel whose centre lies in the face to the scan's background_value and returns how
/// many voxels that changed. The face is in world coordinates: it serves every scan registered with
/// the one whose brain it was fitted to, on whatever grid.
std::size_t deface(volume::Image& scan, const Face& face);

/// The same, but leaves every voxel alone whose centre lies in a voxel of `brain`, on whatever
/// grid: not a voxel of a brain is lost, neither where its mask is more than one body nor where the
/// face was fitted to another mask.
std::size_t deface(volume::Image& scan, const Face& face, const volume::Mask& brain);

}  // namespace dawson::anatomy
