// A head that moves while it is scanned. Private to this room.
#pragma once

#include <ATen/core/Tensor.h>

#include "dawson/core/random.h"

namespace dawson::training {

/// A periodic motion along the phase-encoding axis (rows or columns, by chance) while the lines of
/// k-space are taken one after another: line k of N gets the phase 2π·k·d(k)/(N·pixel), where
/// d(k) = amplitude·cos(2π·c·k/N + ψ) is where the head then is, c = 4 … 30 periods a scan
/// (the phase error of a translation, Wood and Henkelman 1985). Edges repeat as ghosts c pixels
/// apart. Phases move no energy: of each line along that axis the sum of squared signals
/// (`air_depth` above the values [C, H, W]) stays the same.
at::Tensor ghosted(const at::Tensor& v, double amplitude_mm, double pixel_mm, core::Random& random);

}  // namespace dawson::training
