// How sure the model was, as colours over the scan.
#pragma once

#include <array>

#include "dawson/report/mosaic.h"

namespace dawson::report {

/// Below this probability nothing is coloured.
inline constexpr double heat_from = 0.2;
/// From here on an area is called one of high confidence, and has a line around it.
inline constexpr double heat_high_confidence = 0.9;

/// The colour of a probability from `heat_from` to 1: OpenCV's inferno less its dark beginning;
/// lightness rises with probability, for the colour-blind and in grey print too. Red, green, blue.
std::array<std::uint8_t, 3> heat_colour(double probability);

/// At most `count` tiles of the slices that draw_tiles shows: each voxel from `heat_from` on in its
/// colour (three quarters of it, over the scan), a thin white line around the mask (where the
/// model's threshold put it) and a bold one around areas of high confidence. Throws as `check`,
/// std::invalid_argument without probabilities.
Tiles draw_heat_tiles(const OverlayInput& input, int count, int width);

/// The whole picture: twelve of them, a colour bar with numbers, legend, convention.
Picture draw_heat(const OverlayInput& input, const Words& words, int width = 1600);

}  // namespace dawson::report
