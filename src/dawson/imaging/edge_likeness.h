// Do two scans show the edges of one head?
#pragma once

#include "dawson/imaging/resample.h"
#include "dawson/volume/volume.h"

namespace dawson::imaging {

/// Correlation (−1 … 1), within `brain` and 4 mm inside its surface, of the logarithms of both
/// scans' gradient magnitudes, `moving` being resampled once to where `fixed_to_moving` puts it.
/// Edges of tissue are where they are in every sequence, so that the same head gives a high value
/// and another head a lower one, whatever the contrasts; mutual information cannot tell
/// (docs/sequences.md has the figures). Across slices of more than 2.5 mm no gradient is taken
/// (unless the pixels are as large). 0 where there is nothing to compare. `brain` lies on the grid
/// of `fixed`.
double edge_likeness(const volume::Image& fixed, const volume::Image& moving,
                     const Affine& fixed_to_moving, const volume::Mask& brain);

/// What scans of one head reach and those of two heads do not: midway between the 0.22 that others'
/// heads reached and the 0.38 that scans of one head did not fall below.
inline constexpr double least_likeness = 0.30;

}  // namespace dawson::imaging
