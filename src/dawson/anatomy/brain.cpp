#include "dawson/anatomy/brain.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "dawson/core/error.h"
#include "dawson/imaging/morphology.h"
#include "dawson/imaging/resample.h"
#include "dawson/imaging/slice_grid.h"

namespace dawson::anatomy {
namespace {

constexpr double in_plane_mm = 2.0;
constexpr double slice_mm = 3.0;
constexpr double smallest_brain_ml = 200;
constexpr double largest_brain_ml = 2600;
// A stripped brain, sulci filled, is below this; a head, even one cut at the skull base, above.
constexpr double largest_stripped_ml = 2300;
constexpr double stripped_background_share = 0.2;
// Neighbouring voxels of the scans this was made on correlate by 0.64 to 0.95, those of noise by 0.
constexpr double least_correlation = 0.25;

double ml(std::size_t voxels, const volume::Grid& grid) {
  return static_cast<double>(voxels) * grid.voxel_volume_mm3() / 1000;
}

std::size_t count(const volume::Mask& mask) {
  return static_cast<std::size_t>(std::count(mask.data.begin(), mask.data.end(), 1));
}

double median_of(std::vector<float>& values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

/// Voxels brighter than the mean of the volume: most of a head, none of the air.
volume::Mask bright_part(const volume::Image& scan) {
  const double mean = std::accumulate(scan.data.begin(), scan.data.end(), 0.0) / scan.data.size();
  volume::Mask mask(scan.grid);
  for (std::size_t i = 0; i < scan.data.size(); ++i) mask.data[i] = scan.data[i] > mean ? 1 : 0;
  return mask;
}

/// Everything that does not hold the background's exact value.
volume::Mask not_background(const volume::Image& scan, std::size_t* background_voxels) {
  const float corner = scan.data.front();
  const auto [low, high] = std::minmax_element(scan.data.begin(), scan.data.end());
  const float tolerance = 1e-5F * (*high - *low);
  volume::Mask mask(scan.grid);
  for (std::size_t i = 0; i < scan.data.size(); ++i) {
    mask.data[i] = std::abs(scan.data[i] - corner) > tolerance ? 1 : 0;
  }
  *background_voxels = scan.data.size() - count(mask);
  return mask;
}

/// Correlation of mask voxels with their mask neighbours along one axis.
double neighbour_correlation(const volume::Image& image, const volume::Mask& mask, int axis) {
  volume::Index3 end = image.grid.size;
  --end[axis];
  const std::size_t step = axis == 0   ? 1
                           : axis == 1 ? image.grid.offset(0, 1, 0)
                                       : image.grid.offset(0, 0, 1);
  double n = 0, sum_a = 0, sum_b = 0, sum_aa = 0, sum_bb = 0, sum_ab = 0;
  for (int k = 0; k < end[2]; ++k) {
    for (int j = 0; j < end[1]; ++j) {
      for (int i = 0; i < end[0]; ++i) {
        const std::size_t at = image.grid.offset(i, j, k);
        if (mask.data[at] == 0 || mask.data[at + step] == 0) continue;
        const double a = image.data[at];
        const double b = image.data[at + step];
        n += 1, sum_a += a, sum_b += b, sum_aa += a * a, sum_bb += b * b, sum_ab += a * b;
      }
    }
  }
  const double variances = (n * sum_aa - sum_a * sum_a) * (n * sum_bb - sum_b * sum_b);
  return variances > 0 ? (n * sum_ab - sum_a * sum_b) / std::sqrt(variances) : 1;
}

void require_tissue(const volume::Image& scan, const volume::Mask& brain) {
  // Along the finest axis: through thick slices neighbours may have little in common.
  const auto& spacing = scan.grid.spacing;
  const auto finest = std::min_element(spacing.begin(), spacing.end()) - spacing.begin();
  if (neighbour_correlation(scan, brain, static_cast<int>(finest)) < least_correlation) {
    throw Error(ExitCode::input, "shows noise where the brain should be", "",
                "is it a FLAIR scan of a head?");
  }
}

}  // namespace

double Brain::volume_ml() const noexcept {
  return ml(count(mask), mask.grid);
}

RobustScale robust_scale(const volume::Image& image, const volume::Mask& mask) {
  std::vector<float> values;
  for (std::size_t i = 0; i < image.data.size(); ++i) {
    if (mask.data[i] != 0) values.push_back(image.data[i]);
  }
  if (values.empty()) throw Error(ExitCode::input, "no brain was found in the scan");
  RobustScale scale;
  scale.median = median_of(values);
  for (float& v : values) v = std::abs(v - static_cast<float>(scale.median));
  scale.deviation = 1.4826 * median_of(values);
  if (!(scale.deviation > 0)) {
    throw Error(ExitCode::input, "the image is constant where the head should be");
  }
  return scale;
}

HeadStack head_stack(const volume::Image& scan) {
  const RobustScale scale = robust_scale(scan, bright_part(scan));
  HeadStack head;
  head.grid = imaging::slice_grid(scan.grid, nullptr, in_plane_mm, 0, slice_mm);
  volume::Image resampled = imaging::resample_smooth(
      scan, head.grid, *std::min_element(scan.data.begin(), scan.data.end()));
  for (float& v : resampled.data) {
    v = static_cast<float>(
        std::clamp((v - scale.median) / scale.deviation, lowest_intensity, highest_intensity));
  }
  head.stack = {1,
                head.grid.size[2],
                head.grid.size[1],
                head.grid.size[0],
                head.grid.spacing[2],
                std::move(resampled.data)};
  return head;
}

core::Json head_recipe() {
  return {{"kind", "head"},
          {"version", 1},
          {"in_plane_mm", in_plane_mm},
          {"slice_mm", slice_mm},
          {"intensity", "median and 1.4826 MAD of voxels above the mean, clipped to -5 … 11"}};
}

bool is_stripped(const volume::Image& scan) {
  std::size_t background = 0;
  const volume::Mask rest = not_background(scan, &background);
  const double share = static_cast<double>(background) / static_cast<double>(scan.data.size());
  if (share < stripped_background_share) return false;
  const double size_ml =
      ml(count(imaging::fill_holes(imaging::largest_component(rest))), scan.grid);
  return size_ml > smallest_brain_ml && size_ml < largest_stripped_ml;
}

volume::Mask stripped_outline(const volume::Image& scan) {
  std::size_t background = 0;
  return imaging::fill_holes(imaging::largest_component(not_background(scan, &background)));
}

BrainFinder::BrainFinder(bundle::Bundle model) : model_(std::move(model)) {
  if (model_.target != "brain" || model_.recipe != head_recipe()) {
    throw Error(ExitCode::model, "is not a brain model that this version can use", model_.name);
  }
}

Brain BrainFinder::find(const volume::Image& scan, Progress& progress) const {
  Brain brain;
  brain.was_stripped = is_stripped(scan);
  if (brain.was_stripped) {
    brain.mask = stripped_outline(scan);
    require_tissue(scan, brain.mask);
    return brain;
  }
  HeadStack head = head_stack(scan);
  progress.step("brain", static_cast<std::size_t>(head.stack.slices));
  volume::Image probability(
      head.grid, bundle::predict(*model_.graph, head.stack, model_.input, model_.temperature,
                                 /*mirror=*/false, progress));
  const volume::Image on_scan = imaging::resample_linear(probability, scan.grid);
  volume::Mask mask(scan.grid);
  for (std::size_t i = 0; i < mask.data.size(); ++i) {
    mask.data[i] = on_scan.data[i] >= model_.threshold ? 1 : 0;
  }
  brain.mask = imaging::fill_holes(imaging::largest_component(mask));
  const double size_ml = brain.volume_ml();
  if (size_ml < smallest_brain_ml || size_ml > largest_brain_ml) {
    throw Error(ExitCode::input, "shows no brain of a plausible size", "",
                "is it a FLAIR scan of a head?");
  }
  require_tissue(scan, brain.mask);
  return brain;
}

}  // namespace dawson::anatomy
