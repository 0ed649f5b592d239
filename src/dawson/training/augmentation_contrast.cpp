#include "dawson/training/augmentation_contrast.h"

#include <ATen/ATen.h>

#include <cmath>

#include "dawson/training/augmentation_fields.h"

namespace dawson::training {

at::Tensor tone_curve(const at::Tensor& v, const AugmentationSettings& s, core::Random& random) {
  const double gain = std::exp(clamped_normal(random, s.gain));
  const double shift = clamped_normal(random, s.shift);
  const double tissue = clamped_normal(random, s.tone);
  const double lesion = clamped_normal(random, s.tone);
  return gain * (v + tissue * at::tanh(v) + 1.5 * lesion * at::tanh((v - 2.5) / 1.5)) + shift;
}

at::Tensor gamma_curve(const at::Tensor& v, double strength, core::Random random) {
  const double exponent = std::exp(clamped_normal(random, strength));
  const at::Tensor signal = ((v + air_depth) / air_depth).clamp_min(0);
  return at::pow(signal, exponent) * air_depth - air_depth;
}

at::Tensor tissue_curve(const at::Tensor& v, double strength, core::Random random) {
  constexpr double width = 1.2;
  at::Tensor bent = v.clone();
  for (const double centre : {-4.5, -3.0, -1.5, 0.0, 1.5, 3.0, 4.5}) {
    const double height = clamped_normal(random, strength);
    at::Tensor bump = v - centre;  // in place from here: a third of the time
    bump.mul_(bump).mul_(-0.5 / (width * width)).exp_();
    bent.add_(bump, height);
  }
  return bent;
}

}  // namespace dawson::training
