// Bringing a scan of another sequence of the same head to a scan by a rigid transform.
#pragma once

#include "dawson/core/progress.h"
#include "dawson/imaging/resample.h"
#include "dawson/volume/volume.h"

namespace dawson::imaging {

/// What a rigid registration found, and how well it fits.
struct RigidAlignment {
  Affine fixed_to_moving;  ///< world mm of `fixed` ↦ world mm of `moving`; a rotation and a shift
  double metric_before = 0;  ///< mutual information (nats) as the files say they lie
  double metric_after = 0;   ///< the same at `fixed_to_moving`
  double overlap = 0;        ///< share of the fixed head that lies on the moving head, 0 … 1
  double turn_degrees = 0;   ///< the whole rotation
};

/// Rigid registration (6 parameters) by mutual information of 32 × 32 bins (Mattes et al. 2003), by
/// ITK, on grids of 8, 4 and 2 mm (slices thicker than that keep their spacing). Starts from the
/// files' geometry or from the centres of the heads, whichever fits better. One thread and a fixed
/// seed: the same scans always give the same transform.
/// Throws Error{input} when an image is constant or the scans do not lie on each other anywhere.
RigidAlignment register_rigid(const volume::Image& fixed, const volume::Image& moving,
                              Progress& progress);

/// Throws Error{input} unless the alignment can be believed: heads overlap by half, the metric is
/// no worse than before, the turn is below 45°. Whether both are of one person, only edge_likeness
/// can tell (docs/sequences.md has the figures).
void require_plausible(const RigidAlignment& alignment);

}  // namespace dawson::imaging
