// What normal-appearing white matter looks like in one real FLAIR scan. Private to this room.
#pragma once

#include "dawson/core/progress.h"
#include "dawson/volume/volume.h"

namespace dawson::synthesis {

/// All on the grid of the scan that was handed in. "Corrected" is the scan divided by `field`.
struct NormalTissue {
  volume::Image field;     ///< coil field, mean 1 in the brain
  volume::Image level;     ///< of normal white matter around each voxel, smooth, corrected units
  volume::Image residual;  ///< corrected − level: noise and fine texture where `white` lies
  volume::Mask white;      ///< normal-appearing white matter, thinned of what lies near its edge
  double white_level = 0;  ///< the most frequent corrected value deep in the brain
  double deviation = 0;    ///< half width of that peak, as a normal distribution's deviation
};

/// Finds it from the FLAIR alone: N4's field, the peak of the values deep in the brain, voxels near
/// that peak away from the brain's surface, and their mean by normalised convolution (Knutsson and
/// Westin 1993) at 3, 8 and 20 mm, the finer before the coarser. Nothing in `abnormal` counts.
/// Throws Error{input} when there is too little of it (1 ml).
NormalTissue find_normal_tissue(const volume::Image& scan, const volume::Mask& abnormal,
                                const volume::Mask& brain, Progress& progress);

}  // namespace dawson::synthesis
