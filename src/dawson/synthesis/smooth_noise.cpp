#include "dawson/synthesis/smooth_noise.h"

#include <algorithm>
#include <cmath>

#include "dawson/imaging/morphology.h"

namespace dawson::synthesis {

using volume::Image;
using volume::Vector3;

float value_at(const Image& image, const Vector3& index) noexcept {
  std::array<int, 3> low{};
  std::array<int, 3> high{};
  std::array<float, 3> weight{};
  for (int a = 0; a < 3; ++a) {
    const int last = image.grid.size[a] - 1;
    const double x = std::clamp(index[a], 0.0, static_cast<double>(last));
    low[a] = static_cast<int>(x);
    high[a] = std::min(low[a] + 1, last);
    weight[a] = static_cast<float>(x - low[a]);
  }
  const auto row = [&](int j, int k) {
    const float* values = image.data.data() + image.grid.offset(0, j, k);
    return values[low[0]] + weight[0] * (values[high[0]] - values[low[0]]);
  };
  const float near = row(low[1], low[2]) + weight[1] * (row(high[1], low[2]) - row(low[1], low[2]));
  const float far =
      row(low[1], high[2]) + weight[1] * (row(high[1], high[2]) - row(low[1], high[2]));
  return near + weight[2] * (far - near);
}

SmoothNoise::SmoothNoise(const volume::Grid& region, double sigma_mm, core::Random random) {
  // On a coarse region finer noise would not be seen.
  const double step = std::max(sigma_mm / 1.4, 0.7 * region.spacing[0]);
  const double margin = 3 * sigma_mm;  // what lies beyond the region shapes it too
  volume::Grid grid;
  grid.spacing = {step, step, step};
  for (int a = 0; a < 3; ++a) {
    const double extent = (region.size[a] - 1) * region.spacing[a];
    grid.origin[a] = region.origin[a] - margin;
    grid.size[a] = static_cast<int>(std::ceil((extent + 2 * margin) / step)) + 1;
  }
  Image white(grid);
  for (float& v : white.data) v = static_cast<float>(random.normal());
  coarse_ = imaging::smooth(white, sigma_mm);
  // Measured between the coarse voxels too, where interpolation takes some of the variance.
  constexpr int samples = 20000;
  double sum = 0;
  double squares = 0;
  for (int n = 0; n < samples; ++n) {
    Vector3 world{};
    for (int a = 0; a < 3; ++a) {
      world[a] =
          grid.origin[a] + random.uniform(margin / 2, (grid.size[a] - 1) * step - margin / 2);
    }
    const double v = at(world);
    sum += v;
    squares += v * v;
  }
  const double mean = sum / samples;
  const double deviation = std::sqrt(std::max(squares / samples - mean * mean, 1e-12));
  for (float& v : coarse_.data) v = static_cast<float>((v - mean) / deviation);
}

double SmoothNoise::at(const Vector3& world) const noexcept {
  const double step = coarse_.grid.spacing[0];
  const Vector3& origin = coarse_.grid.origin;
  return value_at(coarse_, {(world[0] - origin[0]) / step, (world[1] - origin[1]) / step,
                            (world[2] - origin[2]) / step});
}

}  // namespace dawson::synthesis
