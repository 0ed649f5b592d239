#include "dawson/synthesis/acquisition.h"

#include <algorithm>
#include <cmath>

#include "dawson/imaging/resample.h"
#include "dawson/synthesis/smooth_noise.h"

namespace dawson::synthesis {

using volume::Grid;
using volume::Image;

Grid scan_grid(const Grid& painted, const PhantomSettings& settings) {
  Grid scan = painted;
  const std::array<double, 3> spacing{settings.spacing_mm, settings.spacing_mm, settings.slice_mm};
  for (int a = 0; a < 3; ++a) {
    const double extent = painted.size[a] * painted.spacing[a];
    scan.spacing[a] = spacing[a];
    scan.size[a] = std::max(1, static_cast<int>(std::lround(extent / spacing[a])));
    // The same middle as the painted head.
    scan.origin[a] +=
        ((painted.size[a] - 1) * painted.spacing[a] - (scan.size[a] - 1) * spacing[a]) / 2;
  }
  return scan;
}

Image over_slices(const Image& painted, const Grid& scan) {
  if (volume::same_grid(painted.grid, scan, 1e-6)) return painted;
  const int samples =
      std::max(1, static_cast<int>(std::ceil(scan.spacing[2] / painted.grid.spacing[2])));
  Image mean(scan);
  for (int n = 0; n < samples; ++n) {
    Grid layer = scan;
    layer.origin[2] += scan.spacing[2] * ((n + 0.5) / samples - 0.5);
    const Image part = imaging::resample_linear(painted, layer);
    for (std::size_t v = 0; v < mean.data.size(); ++v) {
      mean.data[v] += part.data[v] / static_cast<float>(samples);
    }
  }
  return mean;
}

void add_bias(Image& scan, const volume::Mask& brain, double percent, core::Random random) {
  if (percent <= 0) return;
  constexpr double sigma_mm = 45;  // a head coil's field changes over about 10 cm
  const SmoothNoise noise(scan.grid, sigma_mm, random);
  Image field(scan.grid);
  double low = 1e9;
  double high = -1e9;
  for (int k = 0; k < scan.grid.size[2]; ++k) {
    for (int j = 0; j < scan.grid.size[1]; ++j) {
      for (int i = 0; i < scan.grid.size[0]; ++i) {
        const std::size_t at = scan.grid.offset(i, j, k);
        const double value = noise.at(scan.grid.to_world({1.0 * i, 1.0 * j, 1.0 * k}));
        field.data[at] = static_cast<float>(value);
        if (brain.data[at] == 0) continue;
        low = std::min(low, value);
        high = std::max(high, value);
      }
    }
  }
  if (high <= low) return;
  const double gain = percent / 100 / (high - low);
  const double middle = (high + low) / 2;
  for (std::size_t v = 0; v < scan.data.size(); ++v) {
    scan.data[v] *= static_cast<float>(std::max(0.2, 1 + gain * (field.data[v] - middle)));
  }
}

void add_rician_noise(Image& scan, double deviation, core::Random random) {
  if (deviation <= 0) return;
  for (float& v : scan.data) {
    const double real = v + random.normal(0, deviation);
    const double imaginary = random.normal(0, deviation);
    v = static_cast<float>(std::sqrt(real * real + imaginary * imaginary));
  }
}

}  // namespace dawson::synthesis
