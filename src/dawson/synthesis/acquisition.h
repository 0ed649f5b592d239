// From a painted head to the scan that a scanner would have made of it. Private to this room.
#pragma once

#include "dawson/core/random.h"
#include "dawson/synthesis/phantom.h"

namespace dawson::synthesis {

/// The scan's own grid: in-plane spacing and slices of the settings over the painted head.
volume::Grid scan_grid(const volume::Grid& painted, const PhantomSettings& settings);

/// Mean over each slice's thickness, linear in plane. Returns a copy where the grids are the same.
volume::Image over_slices(const volume::Image& painted, const volume::Grid& scan);

/// Multiplies by a smooth field; its greatest difference inside the brain is `percent` of its mean.
void add_bias(volume::Image& scan, const volume::Mask& brain, double percent, core::Random random);

/// Magnitude of signal and complex normal noise (Rice). `deviation` in the image's own units.
void add_rician_noise(volume::Image& scan, double deviation, core::Random random);

}  // namespace dawson::synthesis
