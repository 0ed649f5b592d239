// The brain's intensities on FLAIR as a histogram: its mode, and tissues as a mixture of Gaussians.
#pragma once

#include <array>
#include <string>
#include <vector>

namespace dawson::segmentation {

/// The peak of the histogram, which grey and white matter share on FLAIR, and widths of it, each as
/// the standard deviation of the Gaussian that has it.
struct TissueMode {
  double mode = 0;
  double full_width = 1;   ///< of the whole peak at half its height / 2.355
  double upper_width = 1;  ///< of its brighter half: (half height − mode) / 1.177
  double deviation = 1;    ///< 1.4826 · median absolute deviation from the median
  double median = 0;
};

/// Of the intensities of a brain, in robust deviations; the histogram is smoothed by 0.15. Throws
/// Error{input} for fewer than 100 values or a constant image.
TissueMode find_mode(const std::vector<float>& values);

/// Cerebrospinal fluid, white and grey matter by their means on FLAIR.
struct TissueMixture {
  std::array<double, 3> weight{}, mean{}, deviation{};  ///< dark to bright

  /// Density of the whole mixture.
  [[nodiscard]] double density(double intensity) const;
};

/// Three Gaussians by expectation maximisation on the histogram. What is more than `kappa`
/// deviations from every class is an outlier with little weight (Van Leemput et al., IEEE TMI
/// 2001, 20:677–688), so that lesions do not widen the classes. Throws as find_mode.
TissueMixture fit_mixture(const std::vector<float>& values, double kappa);

/// What an intensity is measured from and in.
struct IntensityScale {
  double centre = 0;
  double width = 1;
};

/// "full_width", "upper_width", "deviation": of TissueMode, from its mode; "grey_matter": mean and
/// deviation of the brightest class of fit_mixture at kappa 3.
const std::vector<std::string>& intensity_scales();

/// The name itself. Throws Error{model} when it is not of intensity_scales().
std::string known_scale(const std::string& name);

/// Throws as known_scale and find_mode.
IntensityScale find_scale(const std::vector<float>& values, const std::string& name);

}  // namespace dawson::segmentation
