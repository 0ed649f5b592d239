#include "dawson/synthesis/normal_tissue.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "dawson/core/error.h"
#include "dawson/imaging/bias_field.h"
#include "dawson/imaging/morphology.h"

namespace dawson::synthesis {

using volume::Image;
using volume::Mask;

namespace {

constexpr double least_white_ml = 1;
constexpr double from_surface_mm = 4;                 // the cortex and what shares voxels with it
constexpr std::array<double, 3> depths_mm{12, 6, 0};  // where the peak is looked for
constexpr double classing_sigma_mm = 1;               // takes the noise out of the decision
constexpr double white_range = 1.5;                   // deviations from the peak
constexpr std::array<double, 3> scales_mm{3, 8, 20};  // of the level
constexpr std::array<float, 3> scale_weight{1, 1e-2F, 1e-4F};

/// The mask without voxels that `other` holds, and without those nearer than `depth_mm` to its
/// outside.
Mask inner_part(const Mask& brain, const Image& depth_mm, const Mask& other, double least_mm) {
  Mask inner(brain.grid);
  for (std::size_t v = 0; v < inner.data.size(); ++v) {
    inner.data[v] = brain.data[v] != 0 && other.data[v] == 0 && depth_mm.data[v] > least_mm;
  }
  return inner;
}

std::vector<float> values_in(const Image& image, const Mask& mask) {
  std::vector<float> values;
  for (std::size_t v = 0; v < mask.data.size(); ++v) {
    if (mask.data[v] != 0) values.push_back(image.data[v]);
  }
  return values;
}

double ml_of(std::size_t voxels, const volume::Grid& grid) {
  return static_cast<double>(voxels) * grid.voxel_volume_mm3() / 1000;
}

struct Peak {
  double at = 0;
  double deviation = 0;
};

/// The highest place of the histogram of the middle 99 % and its width at half its height.
Peak find_peak(std::vector<float> values) {
  std::sort(values.begin(), values.end());
  const float low = values[values.size() / 200];
  const float high = values[values.size() - 1 - values.size() / 200];
  if (!(high > low)) throw Error(ExitCode::input, "the brain shows one value alone");
  constexpr int bins = 200;
  Image histogram(volume::Grid{.size = {bins, 1, 1}});
  for (const float v : values) {
    const float place = (v - low) / (high - low) * bins;
    if (place >= 0 && place < bins) histogram.data[static_cast<std::size_t>(place)] += 1;
  }
  const Image smooth = imaging::smooth(histogram, 4);
  const auto top = std::max_element(smooth.data.begin(), smooth.data.end());
  auto left = top;
  while (left != smooth.data.begin() && *left > *top / 2) --left;
  auto right = top;
  while (right + 1 != smooth.data.end() && *right > *top / 2) ++right;
  const double bin = (high - low) / bins;
  const double full_width_of_normal = 2 * std::sqrt(2 * std::log(2.0));
  return {low + bin * (static_cast<double>(top - smooth.data.begin()) + 0.5),
          bin * static_cast<double>(right - left) / full_width_of_normal};
}

Peak white_peak(const Image& corrected, const Mask& brain, const Image& depth_mm,
                const Mask& abnormal) {
  for (const double depth : depths_mm) {
    const auto values = values_in(corrected, inner_part(brain, depth_mm, abnormal, depth));
    if (ml_of(values.size(), brain.grid) > 50 * least_white_ml ||
        (depth == depths_mm.back() && ml_of(values.size(), brain.grid) > least_white_ml)) {
      return find_peak(values);
    }
  }
  throw Error(ExitCode::input, "has too little normal tissue to learn from");
}

/// Σ weight·G(white·value) / Σ weight·G(white): the finest scale that has voxels decides.
Image smooth_level(const Image& corrected, const Mask& white, Progress& progress) {
  Image sum(corrected.grid);
  Image weight(corrected.grid);
  for (std::size_t s = 0; s < scales_mm.size(); ++s) {
    progress.check();
    Image values(corrected.grid);
    Image count(corrected.grid);
    for (std::size_t v = 0; v < white.data.size(); ++v) {
      if (white.data[v] == 0) continue;
      values.data[v] = corrected.data[v];
      count.data[v] = 1;
    }
    values = imaging::smooth(values, scales_mm[s]);
    progress.check();
    count = imaging::smooth(count, scales_mm[s]);
    for (std::size_t v = 0; v < sum.data.size(); ++v) {
      sum.data[v] += scale_weight[s] * values.data[v];
      weight.data[v] += scale_weight[s] * count.data[v];
    }
  }
  return {sum.grid, [&] {
            for (std::size_t v = 0; v < sum.data.size(); ++v) {
              sum.data[v] = weight.data[v] > 1e-9F ? sum.data[v] / weight.data[v] : 0;
            }
            return std::move(sum.data);
          }()};
}

}  // namespace

NormalTissue find_normal_tissue(const Image& scan, const Mask& abnormal, const Mask& brain,
                                Progress& progress) {
  NormalTissue tissue;
  Mask outside(brain.grid);
  Mask counted(brain.grid);
  for (std::size_t v = 0; v < brain.data.size(); ++v) {
    outside.data[v] = brain.data[v] == 0;
    counted.data[v] = brain.data[v] != 0 && abnormal.data[v] == 0;
  }
  const Image depth_mm = imaging::distance_to_mm(outside);
  tissue.field = imaging::bias_field(scan, counted, {}, progress);
  Image corrected = scan;
  for (std::size_t v = 0; v < corrected.data.size(); ++v) corrected.data[v] /= tissue.field.data[v];

  const Peak peak = white_peak(corrected, brain, depth_mm, abnormal);
  tissue.white_level = peak.at;
  tissue.deviation = peak.deviation;
  tissue.white = inner_part(brain, depth_mm, abnormal, from_surface_mm);
  const Image quiet = imaging::smooth(corrected, classing_sigma_mm);
  std::size_t found = 0;
  for (std::size_t v = 0; v < quiet.data.size(); ++v) {
    std::uint8_t& white = tissue.white.data[v];
    white = white != 0 && std::abs(quiet.data[v] - peak.at) < white_range * peak.deviation;
    found += white;
  }
  if (ml_of(found, brain.grid) < least_white_ml) {
    throw Error(ExitCode::input, "has too little normal white matter to learn from");
  }
  tissue.level = smooth_level(corrected, tissue.white, progress);
  tissue.residual = std::move(corrected);
  for (std::size_t v = 0; v < tissue.level.data.size(); ++v) {
    tissue.residual.data[v] -= tissue.level.data[v];
  }
  return tissue;
}

}  // namespace dawson::synthesis
