// The brain's intensities as a histogram. Private to this room.
#pragma once

#include <optional>
#include <vector>

#include "dawson/anatomy/brain.h"

namespace dawson::quality {

/// Shares of histogram_bins equal bins over -5 … 11 deviations from the median; what lies beyond is
/// in the outermost.
std::vector<double> histogram_of(const std::vector<float>& values,
                                 const anatomy::RobustScale& scale);

/// (σ₁ + σ₂) / |μ₁ − μ₂| of two Gaussians fitted to it by expectation maximisation.
std::optional<double> joint_variation(const std::vector<double>& histogram);

/// Earth mover's distance, in robust deviations; none where the sizes differ.
std::optional<double> histogram_distance(const std::vector<double>& a,
                                         const std::vector<double>& b);

}  // namespace dawson::quality
