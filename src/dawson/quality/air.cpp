#include "dawson/quality/air.h"

#include <algorithm>
#include <cmath>

#include "dawson/imaging/morphology.h"

namespace dawson::quality {
namespace {

constexpr double head_of_median = 0.15;   // a smoothed voxel brighter than this is of the head
constexpr double smoothing_mm = 2.0;      // so that noise alone does not reach it
constexpr double distance_mm = 6.0;       // of air from the head: ringing and blur stay out
constexpr double least_air_share = 0.02;  // of the volume

/// Air that the scanner recorded: far from the head, not blanked.
std::vector<std::size_t> air_voxels(const volume::Image& scan, double brain_median) {
  const volume::Image smoothed = imaging::smooth(scan, smoothing_mm);
  volume::Mask head(scan.grid);
  for (std::size_t v = 0; v < head.data.size(); ++v) {
    head.data[v] = smoothed.data[v] > head_of_median * brain_median ? 1 : 0;
  }
  head = imaging::dilate_mm(head, distance_mm);
  std::vector<std::size_t> air;
  for (std::size_t v = 0; v < head.data.size(); ++v) {
    if (head.data[v] == 0 && scan.data[v] != 0) air.push_back(v);
  }
  return air;
}

/// Atkinson et al. 1997, divided by its largest value.
double entropy_focus(const volume::Image& scan) {
  double energy = 0;
  for (const float x : scan.data) energy += double(x) * x;
  const double whole = std::sqrt(energy);
  const double n = static_cast<double>(scan.data.size());
  double sum = 0;
  for (const float x : scan.data) {
    if (x > 0) sum += x / whole * std::log(x / whole);
  }
  return sum / (std::sqrt(n) * std::log(1 / std::sqrt(n)));
}

/// What 1 % of noise alone exceeds: Rayleigh's distribution with the air's lowest tenth.
double bright_above(const volume::Image& scan, const std::vector<std::size_t>& air) {
  std::vector<float> values(air.size());
  std::transform(air.begin(), air.end(), values.begin(),
                 [&](std::size_t v) { return scan.data[v]; });
  const auto tenth = values.begin() + std::ptrdiff_t(values.size() / 10);
  std::nth_element(values.begin(), tenth, values.end());
  return *tenth * std::sqrt(std::log(0.01) / std::log(0.9));
}

/// After Mortamet et al. 2009: the share of the air that stays bright after an opening by a cross.
double artefact_share(const volume::Image& scan, const std::vector<std::size_t>& air) {
  const double noise = bright_above(scan, air);
  volume::Mask bright(scan.grid);
  for (const std::size_t v : air) bright.data[v] = scan.data[v] > noise ? 1 : 0;
  const auto& size = scan.grid.size;
  const std::size_t row = std::size_t(size[0]), slice = row * std::size_t(size[1]);
  volume::Mask opened(scan.grid);
  for (int k = 1; k + 1 < size[2]; ++k) {
    for (int j = 1; j + 1 < size[1]; ++j) {
      for (int i = 1; i + 1 < size[0]; ++i) {
        const std::size_t v = scan.grid.offset(i, j, k);
        const std::size_t cross[] = {v, v - 1, v + 1, v - row, v + row, v - slice, v + slice};
        if (std::all_of(std::begin(cross), std::end(cross),
                        [&](std::size_t n) { return bright.data[n] != 0; })) {
          for (const std::size_t n : cross) opened.data[n] = 1;
        }
      }
    }
  }
  const auto left = std::count(opened.data.begin(), opened.data.end(), 1);
  return double(left) / double(air.size());
}

}  // namespace

std::optional<AirMeasures> measure_air(const volume::Image& scan, const volume::Mask& brain,
                                       double brain_median, double brain_mean) {
  const std::vector<std::size_t> air = air_voxels(scan, brain_median);
  if (double(air.size()) < least_air_share * double(scan.data.size())) return {};
  double sum = 0, squares = 0, brain_squares = 0, brain_voxels = 0;
  for (const std::size_t v : air) {
    sum += scan.data[v];
    squares += double(scan.data[v]) * scan.data[v];
  }
  for (std::size_t v = 0; v < brain.data.size(); ++v) {
    if (brain.data[v] == 0) continue;
    brain_squares += double(scan.data[v]) * scan.data[v];
    ++brain_voxels;
  }
  const double n = double(air.size());
  const double deviation = std::sqrt(std::max(0.0, squares / n - sum / n * (sum / n)));
  if (deviation <= 0 || squares <= 0) return {};
  AirMeasures found;
  found.entropy_focus = entropy_focus(scan);
  found.energy_ratio = brain_squares / brain_voxels / (squares / n);
  found.snr = brain_mean / (std::sqrt(2 / (4 - M_PI)) * deviation);
  found.artefacts = artefact_share(scan, air);
  return found;
}

}  // namespace dawson::quality
