#include "dawson/synthesis/contrast.h"

#include <algorithm>

namespace dawson::synthesis {

Contrast flair_contrast(core::Random random) {
  Contrast c;
  c.csf = random.uniform(0.08, 0.16);
  c.grey = random.uniform(1.20, 1.32);
  c.fat = random.uniform(2.3, 3.0);
  c.muscle = random.uniform(0.45, 0.65);
  c.rim = random.uniform(0.30, 0.60);
  c.caps = random.uniform(0.30, 0.55);
  c.haze = random.uniform(0.10, 0.28);
  c.inflow = random.uniform(0.9, 1.6);
  return c;
}

Contrast wide_contrast(core::Random random) {
  Contrast c;
  c.csf = random.uniform(0.05, 0.5);
  c.grey = random.uniform(0.95, 1.45);
  c.fat = random.chance(0.33) ? random.uniform(0.2, 0.9) : random.uniform(1.2, 3.0);
  c.muscle = random.uniform(0.2, 0.8);
  c.rim = random.uniform(0.0, 0.6);
  c.caps = random.uniform(0.0, 0.6);
  c.haze = random.uniform(0.0, 0.3);
  c.inflow = random.uniform(0.3, 1.8);
  c.plexus = random.uniform(0.6, 1.8);
  c.grey_variation = random.uniform(0.02, 0.12);
  const double middle = random.uniform(1.3, 2.0);
  const double half = random.uniform(0.05, 0.25);
  c.lesion_low = std::max(1.2, middle - half);
  c.lesion_high = std::min(2.2, middle + half);
  c.halo = random.uniform(0.0, 0.18);
  c.blur_mm = random.uniform(0.3, 0.8);
  return c;
}

template <std::size_t N>
Lookup::Lookup(const std::array<Point, N>& points) {
  std::size_t p = 0;
  for (std::size_t n = 0; n < table_.size(); ++n) {
    const double t1 = static_cast<double>(n) / 4;
    while (p + 2 < points.size() && t1 > points[p + 1].t1) ++p;
    const Point& a = points[p];
    const Point& b = points[p + 1];
    const double share = std::clamp((t1 - a.t1) / (b.t1 - a.t1), 0.0, 1.0);
    table_[n] = static_cast<float>(a.brightness + share * (b.brightness - a.brightness));
  }
}

Lookup Lookup::inside(const Contrast& c, const TissueMeans& m) {
  return Lookup(std::array<Point, 6>{{{0, 0.3 * c.csf},
                                      {m.csf - 8, c.csf},
                                      {m.csf_grey(), 0.55 * c.csf + 0.45 * c.grey},
                                      {m.grey - 2, c.grey},
                                      {m.white, 1},
                                      {m.white + 12, 0.96}}});
}

// T1 values of Colin27 outside the brain: air and bone below 30, eyes 35, muscles 60–90, marrow
// around 110, fat above 150.
Lookup Lookup::outside(const Contrast& c) {
  return Lookup(std::array<Point, 7>{{{8, 0},
                                      {30, 0.06},
                                      {45, 0.14},
                                      {80, c.muscle},
                                      {110, 0.75 * c.muscle + 0.25 * c.fat},
                                      {150, 0.85 * c.fat},
                                      {254, 1.15 * c.fat}}});
}

float Lookup::operator()(float t1) const noexcept {
  const float place = std::clamp(t1 * 4, 0.0F, 1024.0F);
  const auto low = std::min(static_cast<std::size_t>(place), table_.size() - 2);
  const float share = place - static_cast<float>(low);
  return table_[low] + share * (table_[low + 1] - table_[low]);
}

}  // namespace dawson::synthesis
