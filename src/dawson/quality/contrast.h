// How bright the brain's parts are beside each other. Private to this room.
#pragma once

#include <optional>
#include <vector>

#include "dawson/anatomy/brain.h"

namespace dawson::quality {

/// (Median deeper than 18 mm − 75th percentile 3–8 mm below the surface) in robust deviations:
/// white matter over cortex. None where the brain has no such depth.
std::optional<double> depth_contrast(const volume::Image& image, const volume::Mask& brain,
                                     const anatomy::RobustScale& scale);

/// (95th + 5th percentile − 2 · median) / (95th − 5th percentile), -1 to 1; none where these are
/// one value.
std::optional<double> skewness(std::vector<float> values);

}  // namespace dawson::quality
