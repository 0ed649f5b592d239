// Prediction beside truth.
#pragma once

#include "dawson/report/mosaic.h"

namespace dawson::report {

/// The slices that matter of both masks: with the reference's lesions, and the same ones with the
/// prediction's (`input.lesions`).
///
/// Outlines tell of whole lesions, under evaluation::LesionRule::dawson: found (green, solid),
/// missed (blue, dashed unless small, with a pointer), false (vermilion, with a cross). Hatching on the
/// prediction tells of voxels: only in the reference, or only in the prediction. Components too
/// small to count as lesions have hatching alone. Shapes differ as colours do, for grey print.
struct Pairs {
  Tiles reference, prediction;
};

/// At most `count` pairs, tiles `width` wide: half of them for whole lesions missed or false, the
/// others for all. Throws as `check`, std::invalid_argument without a reference.
Pairs draw_pairs(const OverlayInput& input, int count, int width);

/// The whole picture: six pairs, the counts, legend, rule, convention. Throws as draw_pairs.
Picture draw_comparison(const OverlayInput& input, const Words& words, int width = 1600);

}  // namespace dawson::report
