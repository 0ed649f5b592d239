#include "dawson/training/augmentation_fields.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>

namespace dawson::training {

double clamped_normal(core::Random& random, double deviation) {
  return std::clamp(random.normal(0, deviation), -2 * deviation, 2 * deviation);
}

at::Tensor smooth_field(int64_t height, int64_t width, const at::Tensor& like,
                        core::Random& random) {
  const at::Tensor knots = at::empty({1, 1, 4, 4});
  float* values = knots.data_ptr<float>();
  for (int i = 0; i < 16; ++i) values[i] = static_cast<float>(random.normal());
  return at::upsample_bicubic2d(knots.to(like.device()), {height, width}, /*align_corners=*/true)
      .squeeze(0);
}

at::Tensor normal_noise(const at::Tensor& like, double deviation, core::Random& random) {
  const at::Tensor noise = at::empty(like.sizes());
  float* n = noise.data_ptr<float>();
  for (int64_t i = 0; i < noise.numel(); ++i) {
    n[i] = static_cast<float>(random.normal(0, deviation));
  }
  return noise.to(like.device());
}

at::Tensor blur(const at::Tensor& image, double sigma) {
  const auto r = static_cast<int64_t>(std::ceil(3 * sigma));
  const at::Tensor x = at::arange(-r, r + 1, image.options());
  at::Tensor kernel = at::exp(-x * x / (2 * sigma * sigma));
  kernel = kernel / kernel.sum();
  const int64_t n = 2 * r + 1;
  at::Tensor v = image.unsqueeze(1);  // channels become a batch of one-channel pictures
  v = at::replication_pad2d(v, {r, r, r, r});
  v = at::conv2d(v, kernel.view({1, 1, n, 1}));
  return at::conv2d(v, kernel.view({1, 1, 1, n})).squeeze(1);
}

}  // namespace dawson::training
