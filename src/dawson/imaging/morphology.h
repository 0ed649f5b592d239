// Distances, smoothing, dilation in millimetres, hole filling, largest part, ends.
#pragma once

#include <array>

#include "dawson/volume/volume.h"

namespace dawson::imaging {

/// Euclidean distance (mm, spacing respected) of each voxel's centre to the nearest mask voxel's
/// centre; 0 inside. An empty mask gives +infinity everywhere. (Exact: Felzenszwalb and
/// Huttenlocher 2012.)
volume::Image distance_to_mm(const volume::Mask& mask);

/// Gaussian smoothing with this standard deviation in mm along every axis (0: unchanged).
volume::Image smooth(const volume::Image& image, double sigma_mm);

/// Voxels whose centre lies within `radius_mm` of a mask voxel's centre (0: unchanged).
volume::Mask dilate_mm(const volume::Mask& mask, double radius_mm);
/// Mask voxels farther than `radius_mm` from every background centre. What lies beyond the volume
/// is not known and erodes nothing.
volume::Mask erode_mm(const volume::Mask& mask, double radius_mm);

/// Background not connected (by faces) to the border of the volume becomes mask; a single
/// slice is filled in its plane.
volume::Mask fill_holes(const volume::Mask& mask);

/// Area of the mask in the first and in the last layer along each axis, mm².
std::array<std::array<double, 2>, 3> area_at_ends_mm2(const volume::Mask& mask);

/// The largest component (face-connected, the first among equals); an empty mask stays empty.
volume::Mask largest_component(const volume::Mask& mask);

}  // namespace dawson::imaging
