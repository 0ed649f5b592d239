#include "dawson/segmentation/tissue.h"

#include <algorithm>
#include <cmath>

#include "dawson/core/error.h"

namespace dawson::segmentation {
namespace {

constexpr double low = -5;
constexpr double high = 11;
constexpr double bin_width = 0.05;
constexpr std::size_t bins = 320;  // (high − low) / bin_width
constexpr double smoothing = 0.15;
constexpr std::size_t fewest_values = 100;
constexpr double narrowest = 0.05;
constexpr int iterations = 100;
constexpr double usual_kappa = 3;

double centre(std::size_t bin) {
  return low + (static_cast<double>(bin) + 0.5) * bin_width;
}

double normal(double x, double mean, double deviation) {
  const double z = (x - mean) / deviation;
  return std::exp(-0.5 * z * z) / (deviation * std::sqrt(2 * M_PI));
}

std::vector<double> histogram(const std::vector<float>& values) {
  if (values.size() < fewest_values) {
    throw Error(ExitCode::input, "shows too little brain to model its tissues");
  }
  const auto [least, most] = std::minmax_element(values.begin(), values.end());
  if (*least == *most) throw Error(ExitCode::input, "the image is constant inside the brain");
  std::vector<double> counts(bins, 0);
  for (const float v : values) {
    const double at = std::clamp((v - low) / bin_width, 0.0, bins - 1.0);
    counts[static_cast<std::size_t>(at)] += 1;
  }
  return counts;
}

/// Smoothing also hides the steps of a cached intensity.
std::vector<double> smoothed(const std::vector<double>& counts) {
  const int reach = static_cast<int>(4 * smoothing / bin_width);
  std::vector<double> kernel;
  for (int d = -reach; d <= reach; ++d) kernel.push_back(normal(d * bin_width, 0, smoothing));
  std::vector<double> result(bins, 0);
  for (int b = 0; b < static_cast<int>(bins); ++b) {
    for (int d = -reach; d <= reach; ++d) {
      if (b + d < 0 || b + d >= static_cast<int>(bins)) continue;
      result[static_cast<std::size_t>(b)] +=
          kernel[static_cast<std::size_t>(d + reach)] * counts[static_cast<std::size_t>(b + d)];
    }
  }
  return result;
}

/// Where the density falls to `half` on the way from `peak` in steps of `step`, between bins.
double crossing(const std::vector<double>& density, int peak, int step, double half) {
  int b = peak;
  while (b + step >= 0 && b + step < static_cast<int>(bins) &&
         density[static_cast<std::size_t>(b + step)] > half) {
    b += step;
  }
  const int next = std::clamp(b + step, 0, static_cast<int>(bins) - 1);
  const double here = density[static_cast<std::size_t>(b)];
  const double there = density[static_cast<std::size_t>(next)];
  const double part = here > there ? (here - half) / (here - there) : 0;
  return low + (b + 0.5 + step * std::clamp(part, 0.0, 1.0)) * bin_width;
}

double median_of(std::vector<float>& values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

/// The intensity below which this share of the histogram lies.
double quantile(const std::vector<double>& counts, double share) {
  double total = 0;
  for (const double c : counts) total += c;
  double below = 0;
  for (std::size_t b = 0; b < bins; ++b) {
    below += counts[b];
    if (below >= share * total) return centre(b);
  }
  return high;
}

}  // namespace

TissueMode find_mode(const std::vector<float>& values) {
  const std::vector<double> density = smoothed(histogram(values));
  const auto peak =
      static_cast<int>(std::max_element(density.begin(), density.end()) - density.begin());
  const double half = density[static_cast<std::size_t>(peak)] / 2;
  const double below = crossing(density, peak, -1, half);
  const double above = crossing(density, peak, +1, half);
  TissueMode tissue;
  tissue.mode = centre(static_cast<std::size_t>(peak));
  tissue.full_width = std::max(narrowest, (above - below) / 2.3548);
  tissue.upper_width = std::max(narrowest, (above - tissue.mode) / 1.1774);
  std::vector<float> copy = values;
  tissue.median = median_of(copy);
  for (float& v : copy) v = std::abs(v - static_cast<float>(tissue.median));
  tissue.deviation = std::max(narrowest, 1.4826 * median_of(copy));
  return tissue;
}

double TissueMixture::density(double intensity) const {
  double sum = 0;
  for (std::size_t c = 0; c < weight.size(); ++c) {
    sum += weight[c] * normal(intensity, mean[c], deviation[c]);
  }
  return sum;
}

TissueMixture fit_mixture(const std::vector<float>& values, double kappa) {
  const std::vector<double> counts = histogram(values);
  TissueMixture mixture;
  mixture.weight = {0.15, 0.45, 0.4};
  mixture.mean = {quantile(counts, 0.04), quantile(counts, 0.4), quantile(counts, 0.75)};
  mixture.deviation = {1, 0.6, 0.6};
  for (int n = 0; n < iterations; ++n) {
    std::array<double, 3> mass{}, first{}, second{};
    for (std::size_t b = 0; b < bins; ++b) {
      if (counts[b] == 0) continue;
      const double x = centre(b);
      std::array<double, 3> share{};
      double sum = 0;
      double doubt = 0;  // of the outlier: the density at kappa deviations of each class
      for (std::size_t c = 0; c < 3; ++c) {
        share[c] = mixture.weight[c] * normal(x, mixture.mean[c], mixture.deviation[c]);
        doubt += mixture.weight[c] * std::exp(-0.5 * kappa * kappa) /
                 (mixture.deviation[c] * std::sqrt(2 * M_PI));
        sum += share[c];
      }
      for (std::size_t c = 0; c < 3; ++c) {
        const double typical = counts[b] * share[c] / (sum + doubt);
        mass[c] += typical;
        first[c] += typical * x;
        second[c] += typical * x * x;
      }
    }
    const double total = mass[0] + mass[1] + mass[2];
    double moved = 0;
    for (std::size_t c = 0; c < 3; ++c) {
      if (!(mass[c] > 1e-6 * total)) continue;  // a class that nothing belongs to stays
      const double mean = first[c] / mass[c];
      moved = std::max(moved, std::abs(mean - mixture.mean[c]));
      mixture.weight[c] = mass[c] / total;
      mixture.mean[c] = mean;
      mixture.deviation[c] =
          std::max(narrowest, std::sqrt(std::max(0.0, second[c] / mass[c] - mean * mean)));
    }
    if (moved < 1e-5) break;
  }
  return mixture;
}

const std::vector<std::string>& intensity_scales() {
  static const std::vector<std::string> names = {"full_width", "upper_width", "deviation",
                                                 "grey_matter"};
  return names;
}

std::string known_scale(const std::string& name) {
  const auto& names = intensity_scales();
  if (std::find(names.begin(), names.end(), name) == names.end()) {
    throw Error(ExitCode::model, "there is no intensity scale '" + name + "' in this version");
  }
  return name;
}

IntensityScale find_scale(const std::vector<float>& values, const std::string& name) {
  known_scale(name);
  if (name == "grey_matter") {
    const TissueMixture mixture = fit_mixture(values, usual_kappa);
    return {mixture.mean[2], mixture.deviation[2]};
  }
  const TissueMode tissue = find_mode(values);
  if (name == "full_width") return {tissue.mode, tissue.full_width};
  if (name == "upper_width") return {tissue.mode, tissue.upper_width};
  return {tissue.mode, tissue.deviation};
}

}  // namespace dawson::segmentation
