// Bringing one head to another by an affine transform.
#pragma once

#include "dawson/core/progress.h"
#include "dawson/imaging/resample.h"
#include "dawson/volume/volume.h"

namespace dawson::imaging {

/// What an alignment found, and how well it fits.
struct Alignment {
  Affine fixed_to_moving;  ///< a world point of `fixed` ↦ the corresponding world point of `moving`
  double dice = 0;         ///< overlap of the two masks after alignment, where `fixed` is known
  bool is_cut = false;     ///< the volume of `fixed` ends in its mask: see align_masks
};

/// Affine (12 parameters) alignment of two masks of the same organ: centres and extents first,
/// then least squares between the smoothed masks on a 4 mm grid, rotation + scale before shear.
/// Where a face of the volume of `fixed` cuts its mask over 60 cm² or more, nothing is taken as
/// known beyond it: the part is brought to its place in the whole of `moving`. Deterministic; about
/// a second. Throws Error{input} when a mask is empty.
Alignment align_masks(const volume::Mask& fixed, const volume::Mask& moving, Progress& progress);

}  // namespace dawson::imaging
