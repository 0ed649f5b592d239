#include "dawson/quality/measures.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "dawson/anatomy/brain.h"
#include "dawson/imaging/bias_field.h"
#include "dawson/quality/air.h"
#include "dawson/quality/contrast.h"
#include "dawson/quality/histogram.h"

namespace dawson::quality {
namespace {

double quantile_of(std::vector<float>& values, double p) {
  const auto rank = static_cast<std::size_t>(std::lround(p * double(values.size() - 1)));
  std::nth_element(values.begin(), values.begin() + std::ptrdiff_t(rank), values.end());
  return values[rank];
}

std::vector<float> inside(const volume::Image& image, const volume::Mask& mask) {
  std::vector<float> values;
  for (std::size_t v = 0; v < mask.data.size(); ++v) {
    if (mask.data[v] != 0) values.push_back(image.data[v]);
  }
  return values;
}

/// The axis that slices follow each other along, then those in their plane. A scan of about equal
/// spacings is taken for axial.
std::array<std::size_t, 3> axes_of(const volume::Grid& grid) {
  std::size_t through = 0;
  for (std::size_t a = 1; a < 3; ++a) {
    if (grid.spacing[a] > grid.spacing[through]) through = a;
  }
  const double finest = *std::min_element(grid.spacing.begin(), grid.spacing.end());
  if (grid.spacing[through] < 1.5 * finest) {
    for (std::size_t a = 0; a < 3; ++a) {
      if (std::abs(grid.direction[2][a]) > std::abs(grid.direction[2][through])) through = a;
    }
  }
  return {through, (through + 1) % 3, (through + 2) % 3};
}

/// Calls `visit(voxel, before, after)` for each brain voxel whose two neighbours along `axis` are
/// brain too.
template <typename Visit>
void for_each_between(const volume::Mask& brain, std::size_t axis, const Visit& visit) {
  const auto& size = brain.grid.size;
  const std::array<std::size_t, 3> steps{1, std::size_t(size[0]),
                                         std::size_t(size[0]) * std::size_t(size[1])};
  const std::size_t step = steps[axis];
  volume::Index3 at{};
  for (at[2] = 0; at[2] < size[2]; ++at[2]) {
    for (at[1] = 0; at[1] < size[1]; ++at[1]) {
      for (at[0] = 0; at[0] < size[0]; ++at[0]) {
        if (at[axis] == 0 || at[axis] + 1 == size[axis]) continue;
        const std::size_t v = brain.grid.offset(at[0], at[1], at[2]);
        if (brain.data[v] != 0 && brain.data[v - step] != 0 && brain.data[v + step] != 0) {
          visit(v, v - step, v + step);
        }
      }
    }
  }
}

/// 1.4826 · median of |x − mean of its two neighbours| · √(2/3), smaller of the two in-plane axes.
double noise_deviation(const volume::Image& image, const volume::Mask& brain, std::size_t a,
                       std::size_t b) {
  double least = 0;
  for (const std::size_t axis : {a, b}) {
    std::vector<float> residuals;
    for_each_between(brain, axis, [&](std::size_t v, std::size_t before, std::size_t after) {
      residuals.push_back(
          std::abs(image.data[v] - 0.5F * (image.data[before] + image.data[after])));
    });
    if (residuals.empty()) continue;
    const double found = 1.4826 * std::sqrt(2.0 / 3.0) * quantile_of(residuals, 0.5);
    least = least == 0 ? found : std::min(least, found);
  }
  return least;
}

/// Full width at half maximum of the autocorrelation that neighbours along `axis` have.
std::optional<double> smoothness_mm(const volume::Image& image, const volume::Mask& brain,
                                    std::size_t axis, double variance) {
  double squares = 0, count = 0;
  for_each_between(brain, axis, [&](std::size_t v, std::size_t, std::size_t after) {
    const double step = double(image.data[after]) - image.data[v];
    squares += step * step;
    ++count;
  });
  if (count == 0) return {};
  const double correlation = 1 - squares / count / (2 * variance);
  if (correlation <= 0 || correlation >= 1) return {};
  return image.grid.spacing[axis] * std::sqrt(-2 * std::log(2.0) / std::log(correlation));
}

/// Root mean square of how far a slice's median lies from the mean of its neighbours'.
std::optional<double> slice_jumps(const volume::Image& image, const volume::Mask& brain,
                                  std::size_t through, double median) {
  const int slices = image.grid.size[through];
  std::vector<std::vector<float>> values(static_cast<std::size_t>(slices));
  const auto& size = image.grid.size;
  volume::Index3 at{};
  for (at[2] = 0; at[2] < size[2]; ++at[2]) {
    for (at[1] = 0; at[1] < size[1]; ++at[1]) {
      for (at[0] = 0; at[0] < size[0]; ++at[0]) {
        const std::size_t v = brain.grid.offset(at[0], at[1], at[2]);
        if (brain.data[v] != 0) values[std::size_t(at[through])].push_back(image.data[v]);
      }
    }
  }
  std::size_t largest = 0;
  for (const auto& slice : values) largest = std::max(largest, slice.size());
  std::vector<std::optional<double>> medians;
  for (auto& slice : values) {
    medians.push_back(slice.size() * 4 < largest ? std::nullopt
                                                 : std::optional(quantile_of(slice, 0.5)));
  }
  double squares = 0, count = 0;
  for (std::size_t k = 1; k + 1 < medians.size(); ++k) {
    if (!medians[k - 1] || !medians[k] || !medians[k + 1]) continue;
    const double jump = *medians[k] - 0.5 * (*medians[k - 1] + *medians[k + 1]);
    squares += jump * jump;
    ++count;
  }
  if (count == 0) return {};
  return std::sqrt(squares / count) / median;
}

/// Percent of the brain's outer voxels that lie at the end of the volume.
double cut_percent(const volume::Mask& brain) {
  const auto& size = brain.grid.size;
  const std::array<std::size_t, 3> step{1, std::size_t(size[0]),
                                        std::size_t(size[0]) * std::size_t(size[1])};
  double outer = 0, ended = 0;
  volume::Index3 at{};
  for (at[2] = 0; at[2] < size[2]; ++at[2]) {
    for (at[1] = 0; at[1] < size[1]; ++at[1]) {
      for (at[0] = 0; at[0] < size[0]; ++at[0]) {
        const std::size_t v = brain.grid.offset(at[0], at[1], at[2]);
        if (brain.data[v] == 0) continue;
        bool at_end = false, at_surface = false;
        for (std::size_t a = 0; a < 3; ++a) {
          if (at[a] == 0 || at[a] + 1 == size[a]) {
            at_end = true;
          } else if (brain.data[v - step[a]] == 0 || brain.data[v + step[a]] == 0) {
            at_surface = true;
          }
        }
        if (at_end || at_surface) ++outer;
        if (at_end) ++ended;
      }
    }
  }
  return outer > 0 ? 100 * ended / outer : 0;
}

}  // namespace

const std::vector<Measure>& measures() {
  static const std::vector<Measure> all = {
      {"slice_mm", "slice distance", "mm", "distance of slices: the coarsest spacing"},
      {"in_plane_mm", "pixel size", "mm", "the coarser spacing in their plane"},
      {"brain_ml", "brain volume", "ml", "of the brain mask"},
      {"cut_percent", "brain cut off at the end of the volume", "%",
       "of the brain's outer voxels, those in the volume's first or last layer"},
      {"noise", "noise", "",
       "1.4826 · median |x − mean of two neighbours in the plane| · √(2/3) / median of the brain; "
       "pseudo-residuals of Gasser et al. 1986, along the quieter axis"},
      {"fwhm_mm", "blur", "mm",
       "full width at half maximum in the plane, from neighbours' differences (Forman et al. "
       "1995)"},
      {"inu", "unevenness of the coil", "",
       "(95th − 5th percentile) / median of N4's field in the brain (after MRIQC's inu_range)"},
      {"cjv", "overlap of tissues", "",
       "(σ₁ + σ₂) / |μ₁ − μ₂| of two Gaussians in the brain (coefficient of joint variation, "
       "Ganzetti "
       "et al. 2016)"},
      {"slice_jumps", "jumps between slices", "",
       "root mean square of a slice's median less the mean of its neighbours', over the brain's "
       "median; slices with a quarter of the largest's brain"},
      {"histogram_distance", "distribution of intensities", "",
       "earth mover's distance of the brain's intensities, in robust deviations, to the mean of "
       "the "
       "reference scans"},
      {"depth_contrast", "brightness of the depth over the rim", "",
       "(median deeper than 18 mm − 75th percentile 3–8 mm below the surface) / robust deviation "
       "of "
       "the brain: above −0.13 white matter outshines cortex, as on T1w"},
      {"skewness", "skewness of intensities", "",
       "(95th + 5th percentile − 2 · median) / (95th − 5th percentile) of the brain: above 0.15 "
       "fluid "
       "is bright, as on T2w"},
      {"efc", "entropy of the volume", "",
       "entropy focus criterion (Atkinson et al. 1997), of its largest value; needs air"},
      {"fber", "energy of brain over air", "",
       "mean square in the brain over that in the air (Shehzad et al. 2015); needs air"},
      {"snr_air", "signal to noise of the air", "",
       "mean of the brain / (√(2 / (4 − π)) · deviation of the air) (Dietrich et al. 2007); needs "
       "air"},
      {"qi1", "ghosts in the air", "",
       "share of the air brighter than 99 % of its noise, after an opening by a cross (after "
       "Mortamet "
       "et al. 2009); needs air"},
  };
  return all;
}

Looked look_at(const volume::Image& scan, const volume::Mask& brain, bool was_stripped,
               const std::vector<double>& reference_histogram, Progress& progress) {
  volume::Image even = imaging::bias_field(scan, brain, {}, progress);
  std::vector<float> field = inside(even, brain);
  for (std::size_t v = 0; v < even.data.size(); ++v) even.data[v] = scan.data[v] / even.data[v];
  const anatomy::RobustScale scale = anatomy::robust_scale(even, brain);
  std::vector<float> values = inside(even, brain);
  double mean = 0, variance = 0;
  for (const float x : values) mean += x / double(values.size());
  for (const float x : values) variance += (x - mean) * (x - mean) / double(values.size());
  const auto [through, a, b] = axes_of(scan.grid);

  Looked looked;
  looked.histogram = histogram_of(values, scale);
  const auto width_a = smoothness_mm(even, brain, a, variance);
  const auto width_b = smoothness_mm(even, brain, b, variance);
  const double voxel_ml = scan.grid.spacing[0] * scan.grid.spacing[1] * scan.grid.spacing[2] / 1000;
  looked.values = {scan.grid.spacing[through],
                   std::max(scan.grid.spacing[a], scan.grid.spacing[b]),
                   double(values.size()) * voxel_ml,
                   cut_percent(brain),
                   noise_deviation(even, brain, a, b) / scale.median,
                   width_a && width_b ? std::optional(0.5 * (*width_a + *width_b)) : std::nullopt,
                   (quantile_of(field, 0.95) - quantile_of(field, 0.05)) / quantile_of(field, 0.5),
                   joint_variation(looked.histogram),
                   slice_jumps(even, brain, through, scale.median),
                   histogram_distance(looked.histogram, reference_histogram),
                   depth_contrast(even, brain, scale),
                   skewness(values)};
  std::optional<AirMeasures> air;
  if (!was_stripped) air = measure_air(scan, brain, scale.median, mean);
  const auto of_air = [&](double AirMeasures::*value) {
    looked.values.push_back(air ? std::optional((*air).*value) : std::nullopt);
  };
  of_air(&AirMeasures::entropy_focus);
  of_air(&AirMeasures::energy_ratio);
  of_air(&AirMeasures::snr);
  of_air(&AirMeasures::artefacts);
  return looked;
}

}  // namespace dawson::quality
