// Exact squared Euclidean distances. Private to this room.
#pragma once

#include "dawson/volume/volume.h"

namespace dawson::imaging {

/// Squared distance (mm²) of each voxel's centre to the nearest mask voxel's centre; +infinity
/// everywhere when the mask is empty. Lower envelopes of parabolas, one axis after the other
/// (Felzenszwalb and Huttenlocher 2012).
volume::Image squared_distance_mm2(const volume::Mask& mask);

}  // namespace dawson::imaging
