#include "dawson/imaging/edge_likeness.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "dawson/imaging/morphology.h"

namespace dawson::imaging {

using volume::Image;
using volume::Mask;

namespace {

constexpr float not_seen = std::numeric_limits<float>::quiet_NaN();
constexpr double rim_mm = 4;  // skull, sulci, and the outline of scans that came without skull

/// Across thick slices neighbours show other tissue, not the slope between.
bool is_thick(const volume::Grid& grid, int axis) {
  const auto& spacing = grid.spacing;
  const double finest = std::min({spacing[0], spacing[1], spacing[2]});
  return spacing[axis] > 2.5 && spacing[axis] >= 1.5 * finest;
}

double mean_inside(const Image& image, const Mask& mask) {
  double sum = 0;
  double count = 0;
  for (std::size_t i = 0; i < image.data.size(); ++i) {
    if (mask.data[i] == 0 || std::isnan(image.data[i])) continue;
    sum += static_cast<double>(image.data[i]);
    ++count;
  }
  return count > 0 ? sum / count : 0;
}

/// log(1 + gradient magnitude), the mask's mean value being 100: in percent of it per 2 mm. NaN
/// where a neighbour is.
std::vector<double> edges(const Image& image, const Mask& mask) {
  const volume::Index3& n = image.grid.size;
  const double mean = mean_inside(image, mask);
  std::vector<double> magnitude(image.data.size(), 0.0);
  if (!(mean > 0)) return magnitude;
  const auto slope = [&](int i, int j, int k, int axis) {
    volume::Index3 low{i, j, k};
    volume::Index3 high{i, j, k};
    if (low[axis] == 0 || high[axis] == n[axis] - 1 || is_thick(image.grid, axis)) return 0.0;
    --low[axis];
    ++high[axis];
    const auto difference = static_cast<double>(image.at(high[0], high[1], high[2])) -
                            static_cast<double>(image.at(low[0], low[1], low[2]));
    return 100 / mean * difference / image.grid.spacing[axis];
  };
  std::size_t at = 0;
  for (int k = 0; k < n[2]; ++k) {
    for (int j = 0; j < n[1]; ++j) {
      for (int i = 0; i < n[0]; ++i, ++at) {
        if (mask.data[at] == 0) continue;
        magnitude[at] =
            std::log1p(std::hypot(slope(i, j, k, 0), slope(i, j, k, 1), slope(i, j, k, 2)));
      }
    }
  }
  return magnitude;
}

}  // namespace

double edge_likeness(const Image& fixed, const Image& moving, const Affine& fixed_to_moving,
                     const Mask& brain) {
  const Mask inside = erode_mm(brain, rim_mm);
  const std::vector<double> a = edges(fixed, inside);
  const std::vector<double> b =
      edges(resample_smooth(moving, fixed.grid, not_seen, fixed_to_moving), inside);
  double n = 0, sa = 0, sb = 0, saa = 0, sbb = 0, sab = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (inside.data[i] == 0 || std::isnan(b[i])) continue;
    ++n;
    sa += a[i];
    sb += b[i];
    saa += a[i] * a[i];
    sbb += b[i] * b[i];
    sab += a[i] * b[i];
  }
  if (n == 0) return 0;
  const double spread = (saa / n - sa / n * sa / n) * (sbb / n - sb / n * sb / n);
  return spread > 0 ? (sab / n - sa / n * sb / n) / std::sqrt(spread) : 0;
}

}  // namespace dawson::imaging
