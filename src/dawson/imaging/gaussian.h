// Gaussian smoothing in voxel units. Private to this room.
#pragma once

#include "dawson/volume/volume.h"

namespace dawson::imaging {

/// Smooths in place along each axis with its own standard deviation, in voxels. The kernel is
/// Lindeberg's discrete Gaussian (1990), whose variance is right at any width; the image is
/// mirrored at its border, so that the mean stays.
void smooth_voxels(volume::Image& image, const volume::Vector3& sigma_voxels);

}  // namespace dawson::imaging
