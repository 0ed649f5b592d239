// The mosaic of the slices that matter, lesions outlined.
#pragma once

#include "dawson/report/mosaic.h"

namespace dawson::report {

/// At most `count` tiles of the slices that matter, `width` pixels wide, in true proportions.
/// Throws as `check`.
Tiles draw_tiles(const OverlayInput& input, int count, int width);

/// The whole picture: twelve tiles, side marks, positions, legend, convention, the words that
/// this is research software. Throws as `check`.
Picture draw_overlay(const OverlayInput& input, const Words& words, int width = 1600);

}  // namespace dawson::report
