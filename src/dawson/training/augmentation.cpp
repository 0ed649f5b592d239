#include "dawson/training/augmentation.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>

namespace dawson::training {
namespace {

constexpr double degree = 3.14159265358979323846 / 180;
constexpr double field_offset = 6;  // brain deviations from zero intensity to the brain's median

double clamped_normal(core::Random& random, double deviation) {
  return std::clamp(random.normal(0, deviation), -2 * deviation, 2 * deviation);
}

/// A smooth field [1, 1, height, width] with deviation about 1, from 4 × 4 random knots.
at::Tensor smooth_field(int64_t height, int64_t width, core::Random& random) {
  at::Tensor knots = at::empty({1, 1, 4, 4});
  float* values = knots.data_ptr<float>();
  for (int i = 0; i < 16; ++i) values[i] = static_cast<float>(random.normal());
  return at::upsample_bicubic2d(knots, {height, width}, /*align_corners=*/true);
}

at::Tensor gaussian_kernel(double sigma) {
  const auto radius = static_cast<int64_t>(std::ceil(3 * sigma));
  const at::Tensor x = at::arange(-radius, radius + 1, at::kFloat);
  const at::Tensor weights = at::exp(-x * x / (2 * sigma * sigma));
  return weights / weights.sum();
}

/// Blurs each channel of [C, H, W].
at::Tensor blur(const at::Tensor& image, double sigma) {
  const at::Tensor kernel = gaussian_kernel(sigma);
  const int64_t n = kernel.numel();
  const int64_t r = n / 2;
  at::Tensor x = image.unsqueeze(1);  // channels become a batch of one-channel pictures
  x = at::replication_pad2d(x, {r, r, r, r});
  x = at::conv2d(x, kernel.view({1, 1, n, 1}));
  return at::conv2d(x, kernel.view({1, 1, 1, n})).squeeze(1);
}

/// Bent by smooth steps around the brain's median and around lesion intensities, then stretched.
at::Tensor tone_curve(const at::Tensor& v, const AugmentationSettings& s, core::Random& random) {
  const double gain = std::exp(clamped_normal(random, s.gain));
  const double shift = clamped_normal(random, s.shift);
  const double tissue = clamped_normal(random, s.tone);
  const double lesion = clamped_normal(random, s.tone);
  return gain * (v + tissue * at::tanh(v) + 1.5 * lesion * at::tanh((v - 2.5) / 1.5)) + shift;
}

at::Tensor coarsen(const at::Tensor& image, double factor) {
  const int64_t height = image.size(1);
  const int64_t width = image.size(2);
  const auto small = [&](int64_t n) { return static_cast<int64_t>(std::lround(n / factor)); };
  const at::Tensor coarse = at::adaptive_avg_pool2d(image, {small(height), small(width)});
  return at::upsample_bilinear2d(coarse.unsqueeze(0), {height, width}, false).squeeze(0);
}

}  // namespace

Patch place(const DrawnSlice& slice, const AugmentationSettings& s, int patch,
            core::Random& random) {
  const double angle = random.uniform(-1, 1) * s.rotation_degrees * degree;
  const double common = 1 + random.uniform(-1, 1) * s.scale;
  const double scale_x = common * (1 + random.uniform(-1, 1) * s.scale / 3);
  const double scale_y = common * (1 + random.uniform(-1, 1) * s.scale / 3);
  const double flip = random.chance(s.flip_probability) ? -1 : 1;

  // grid_sample wants, for output (u, v) in [-1, 1], the source in [-1, 1] of its own extent.
  const double half = 0.5 * patch;
  const double to_u = 2.0 / slice.width;
  const double to_v = 2.0 / slice.height;
  const double c = std::cos(angle);
  const double d = std::sin(angle);
  const at::Tensor theta = at::empty({1, 2, 3});
  float* t = theta.data_ptr<float>();
  t[0] = static_cast<float>(flip * c * half / scale_x * to_u);
  t[1] = static_cast<float>(-d * half / scale_y * to_u);
  t[2] = static_cast<float>((slice.centre_x + 0.5) * to_u - 1);
  t[3] = static_cast<float>(flip * d * half / scale_x * to_v);
  t[4] = static_cast<float>(c * half / scale_y * to_v);
  t[5] = static_cast<float>((slice.centre_y + 0.5) * to_v - 1);
  const at::Tensor grid = at::affine_grid_generator(theta, {1, 1, patch, patch}, false);

  const auto view = [&](const std::vector<float>& values, int channels) {
    return at::from_blob(const_cast<float*>(values.data()),
                         {1, channels, slice.height, slice.width}, at::kFloat);
  };
  constexpr int64_t bilinear = 0, zeros = 0, border = 1;
  Patch result;
  result.image =
      at::grid_sampler(view(slice.image, slice.channels), grid, bilinear, border, false).squeeze(0);
  result.target = at::grid_sampler(view(slice.target, 1), grid, bilinear, zeros, false)
                      .squeeze(0)
                      .ge(0.5)
                      .to(at::kFloat);
  return result;
}

void vary_intensity(at::Tensor& image, const ChannelRoles& roles, const AugmentationSettings& s,
                    double pixel_mm, core::Random& random) {
  std::vector<int64_t> chosen;
  for (size_t i = 0; i < roles.intensity.size(); ++i) {
    if (roles.intensity[i]) chosen.push_back(static_cast<int64_t>(i));
  }
  if (chosen.empty()) return;
  const at::Tensor index = at::tensor(chosen, at::kLong);
  at::Tensor v = image.index_select(0, index);
  const at::Tensor outside = v.lt(roles.background + 0.1);

  v = tone_curve(v, s, random);
  if (s.bias > 0) {
    const at::Tensor field = smooth_field(v.size(1), v.size(2), random).squeeze(0);
    v = v + (v + field_offset) * field * (random.uniform() * s.bias);
  }
  if (random.chance(0.3)) {
    const double sigma = random.uniform(0.3, std::max(0.31, s.blur_mm)) / pixel_mm;
    if (s.blur_mm > 0) v = blur(v, sigma);
  }
  if (random.chance(s.coarse_probability)) v = coarsen(v, random.uniform(1.2, 2.0));
  if (s.noise > 0 && random.chance(0.5)) {
    const at::Tensor noise = at::empty_like(v);
    float* n = noise.data_ptr<float>();
    const double deviation = random.uniform(0, s.noise);
    for (int64_t i = 0; i < noise.numel(); ++i) {
      n[i] = static_cast<float>(random.normal(0, deviation));
    }
    v = v + noise;
  }
  v = at::where(outside, at::full({}, roles.background), v);
  image.index_copy_(0, index, v);
}

}  // namespace dawson::training
