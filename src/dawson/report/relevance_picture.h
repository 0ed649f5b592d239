// What a decision rested on, beside the scan.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "dawson/report/mosaic.h"

namespace dawson::report {

/// One channel of what the network saw.
struct RelevanceChannel {
  std::string name;                       ///< above its column
  const volume::Image* values = nullptr;  ///< on the scan's grid
};

struct RelevanceInput {
  OverlayInput scan;                       ///< `lesions` are outlined thinly
  const volume::Mask* region = nullptr;    ///< what was asked about, outlined boldly
  std::vector<RelevanceChannel> channels;  ///< the columns, from the left
  std::string about;                       ///< a line below the title: method, decision
};

/// Relevance as a colour: blue against the decision, orange for it, fuller and then paler the more.
/// `share` is relevance over the scale's end, −1 to 1. Red, green, blue, and how opaque it is, 0 to
/// 1.
struct RelevanceColour {
  std::array<double, 3> rgb{};
  double opacity = 0;
};
RelevanceColour relevance_colour(double share);

/// The scale's end for these channels: a tenth of all relevance, without its sign, lies on voxels
/// that have more. So it suits a lesion of ten voxels and one of ten thousand. 1 where there is
/// none.
double relevance_scale(const std::vector<RelevanceChannel>& channels);

/// Up to three slices through the region: the one that shows most of it, and one to either side,
/// with at least 20 mm around it and 90 mm in all. A row a slice: the scan, then each channel over
/// it. Throws as `check`.
Picture draw_relevance(const RelevanceInput& input, const Words& words, int width = 1600);

}  // namespace dawson::report
