// Slow intensity variation of the receive coil, found and removed.
#pragma once

#include "dawson/core/progress.h"
#include "dawson/volume/volume.h"

namespace dawson::imaging {

struct BiasSettings {
  double working_spacing_mm = 4.0;  ///< the field is found on a grid of about this spacing
  int levels = 3;                   ///< B-spline refinements
  int iterations = 30;              ///< at most, per level
  double control_spacing_mm = 200;  ///< distance of control points at the first level
};

/// N4 (Tustison et al. 2010; agrees with ITK 5.2.1 run on one thread to 1e-4) within `mask`.
/// Returns the positive, smooth field on the image's grid with mean 1 inside the mask; image /
/// field is the corrected image. Values ≤ 0 inside the mask are left out of the estimate. A field
/// of ones where nothing can be estimated: a mask of fewer than 1,000 voxels, a constant image,
/// fewer than four slices.
volume::Image bias_field(const volume::Image& image, const volume::Mask& mask,
                         const BiasSettings& settings, Progress& progress);

}  // namespace dawson::imaging
