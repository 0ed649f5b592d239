// From the slices of a series to a volume in the world.
#pragma once

#include <string>
#include <vector>

#include "dawson/core/progress.h"
#include "dawson/dicom/series.h"
#include "dawson/volume/volume.h"

namespace dawson::dicom {

/// Slices in order, and the grid that they lie on: i along rows, j along columns, k along
/// i × j, the slices' mean distance apart.
struct Stack {
  volume::Grid grid;
  std::vector<Slice> slices;  ///< one for each k
};

/// Throws Error{input}, naming the series, when the slices do not make one volume: fewer than
/// three, two at one place, one missing, distances that differ by more than 2 %, or slices shifted
/// against each other by more than a tenth of a pixel (a tilted gantry).
Stack stack_slices(const Series& series);

/// Values with each slice's own slope and intercept. Throws Error{input} as stack_slices and
/// read_pixels do, and for more than 2^29 voxels.
volume::Image read_volume(const Series& series, Progress& progress);

}  // namespace dawson::dicom
