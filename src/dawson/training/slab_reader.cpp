#include "dawson/training/slab_reader.h"

#include <algorithm>
#include <cmath>

namespace dawson::training {

void SlabReader::add(double z0, double offset_mm, double weight, float* sum) const {
  const double position = offset_mm / thickness_;
  const double below = std::floor(position);
  const double share = position - below;
  if (share < 1 - 1e-9) add_slab(z0 + below * thickness_ / spacing_, weight * (1 - share), sum);
  if (share > 1e-9) add_slab(z0 + (below + 1) * thickness_ / spacing_, weight * share, sum);
}

void SlabReader::add_slab(double centre, double weight, float* sum) const {
  const int count = std::max(1, static_cast<int>(std::lround(thickness_ / spacing_)));
  const double first = centre - 0.5 * (count - 1);
  for (int i = 0; i < count; ++i) {
    const int z = std::clamp(static_cast<int>(std::lround(first + i)), 0, slices_ - 1);
    const std::uint8_t* slice = stack_ + area_ * z;
    const auto w = static_cast<float>(weight / count);
    for (std::size_t p = 0; p < area_; ++p) sum[p] += w * slice[p];
  }
}

}  // namespace dawson::training
