#include "dawson/quality/contrast.h"

#include <algorithm>
#include <cmath>

#include "dawson/imaging/morphology.h"

namespace dawson::quality {
namespace {

constexpr double rim_from_mm = 3, rim_to_mm = 8, deep_mm = 18;
constexpr std::size_t least_voxels = 200;

double quantile(std::vector<float>& values, double p) {
  const auto rank = std::ptrdiff_t(std::lround(p * double(values.size() - 1)));
  std::nth_element(values.begin(), values.begin() + rank, values.end());
  return values[std::size_t(rank)];
}

}  // namespace

std::optional<double> depth_contrast(const volume::Image& image, const volume::Mask& brain,
                                     const anatomy::RobustScale& scale) {
  volume::Mask outside(brain.grid);
  for (std::size_t v = 0; v < brain.data.size(); ++v) outside.data[v] = brain.data[v] == 0;
  const volume::Image depth = imaging::distance_to_mm(outside);
  std::vector<float> rim;
  std::vector<float> deep;
  for (std::size_t v = 0; v < depth.data.size(); ++v) {
    if (depth.data[v] > rim_from_mm && depth.data[v] < rim_to_mm) rim.push_back(image.data[v]);
    if (depth.data[v] > deep_mm) deep.push_back(image.data[v]);
  }
  if (rim.size() < least_voxels || deep.size() < least_voxels) return {};
  return (quantile(deep, 0.5) - quantile(rim, 0.75)) / scale.deviation;
}

std::optional<double> skewness(std::vector<float> values) {
  const double low = quantile(values, 0.05);
  const double middle = quantile(values, 0.5);
  const double high = quantile(values, 0.95);
  if (high <= low) return {};
  return (high + low - 2 * middle) / (high - low);
}

}  // namespace dawson::quality
