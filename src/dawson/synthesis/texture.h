// Noise and fine texture of one place of a scan, laid over another. Private to this room.
#pragma once

#include "dawson/core/random.h"
#include "dawson/volume/volume.h"

namespace dawson::synthesis {

/// Values in `region` that look like `residual` looks in `donors`: blocks of about 8 mm are copied
/// from random places among the donors' calmer ones (two fifths, by variance: without vessels and
/// edges) and summed under windows whose squares add up to 1, so that deviation and correlation,
/// also from slice to slice, are those of these places (overlap-add). Zero outside the region.
/// Throws std::invalid_argument when there are no donors.
volume::Image sample_texture(const volume::Image& residual, const volume::Mask& donors,
                             const volume::Mask& region, core::Random random);

}  // namespace dawson::synthesis
