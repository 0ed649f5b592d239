// How far apart the surfaces of two masks lie.
#pragma once

#include "dawson/volume/volume.h"

namespace dawson::evaluation {

/// Distances in mm between the boundary voxels' centres of two masks, in 3D, spacing respected.
/// NaN where either mask is empty.
struct SurfaceMeasures {
  double hd95_mm = 0;  ///< the larger of the two directed 95th percentiles (linear between ranks)
  double assd_mm = 0;  ///< mean over all boundary voxels of both (average symmetric distance)
};

/// A boundary voxel has a face-neighbour outside the mask; beyond the volume is outside.
volume::Mask boundary(const volume::Mask& mask);

/// Both on one grid.
SurfaceMeasures measure_surfaces(const volume::Mask& reference, const volume::Mask& prediction);

}  // namespace dawson::evaluation
