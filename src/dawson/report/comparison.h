// Prediction beside truth.
#pragma once

#include "dawson/report/mosaic.h"

namespace dawson::report {

/// The slices that matter of both masks, in pairs: left the scan with the reference's lesions,
/// right the same slice with the prediction's. `input.lesions` is the prediction.
///
/// Outlines tell of whole lesions, under evaluation::LesionRule::dawson: found (green, solid),
/// missed (blue, dashed, with a pointer), false (vermilion, with a cross). Hatching on the right
/// tells of voxels: only in the reference, or only in the prediction. Components too small to count
/// as lesions have hatching alone. Shapes differ as colours do, for grey print.
///
/// Throws as `check`, std::invalid_argument without a reference.
Picture draw_comparison(const OverlayInput& input, const Words& words, int width = 1600);

}  // namespace dawson::report
