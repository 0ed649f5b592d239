#include "dawson/training/augmentation.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>

#include "dawson/training/augmentation_contrast.h"
#include "dawson/training/augmentation_fields.h"
#include "dawson/training/augmentation_ghosting.h"

namespace dawson::training {
namespace {

constexpr double blurred_share = 0.3;  // of slices, as are the next two
constexpr double noisy_share = 0.5;
constexpr double ghosted_share = 0.2;

at::Tensor coarsen(const at::Tensor& image, double factor) {
  const int64_t height = image.size(1);
  const int64_t width = image.size(2);
  const auto small = [&](int64_t n) { return static_cast<int64_t>(std::lround(n / factor)); };
  const at::Tensor coarse = at::adaptive_avg_pool2d(image, {small(height), small(width)});
  return at::upsample_bilinear2d(coarse.unsqueeze(0), {height, width}, false).squeeze(0);
}

at::Tensor add_noise(const at::Tensor& v, const AugmentationSettings& s, core::Random& random) {
  const double deviation = random.uniform(0, s.noise);
  const at::Tensor noisy = v + normal_noise(v, deviation, random);
  core::Random rician = random.stream("rician");
  if (!rician.chance(s.rician_probability)) return noisy;
  // A magnitude image: the noise of the real and of the imaginary part (Gudbjartsson, Patz 1995).
  const at::Tensor imaginary = normal_noise(v, deviation, rician);
  return at::sqrt(at::square(noisy + air_depth) + at::square(imaginary)) - air_depth;
}

}  // namespace

Patch augmented(const DrawnSlice& slice, const AugmentationSettings& settings, int patch,
                const ChannelRoles& roles, core::Random& random, c10::Device device) {
  Patch result = place(slice, settings, patch, random, device);
  vary_lesions(result, roles, settings, slice.pixel_mm, random);
  drop_channels(result.image, roles, settings, random);
  vary_intensity(result.image, roles, settings, slice.pixel_mm, random);
  return result;
}

void drop_channels(at::Tensor& image, const ChannelRoles& roles, const AugmentationSettings& s,
                   core::Random& random) {
  core::Random draw = random.stream("channel dropout");
  if (draw.chance(s.neighbour_dropout)) {
    for (std::size_t c = 0; c < roles.centre.size(); ++c) {
      const auto channel = static_cast<int64_t>(c);
      if (roles.intensity[c] && roles.centre[c] != channel) {
        image[channel].copy_(image[roles.centre[c]]);
      }
    }
  }
  if (roles.sequence.empty()) return;
  const int sequences = roles.sequence.back() + 1;
  for (int sequence = 1; sequence < sequences; ++sequence) {
    if (!draw.chance(s.sequence_dropout)) continue;
    for (std::size_t c = 0; c < roles.sequence.size(); ++c) {
      if (roles.sequence[c] == sequence && roles.intensity[c]) {
        image[static_cast<int64_t>(c)].fill_(roles.background);
      }
    }
  }
}

void vary_intensity(at::Tensor& image, const ChannelRoles& roles, const AugmentationSettings& s,
                    double pixel_mm, core::Random& random) {
  const std::vector<int64_t> chosen = roles.intensities();
  if (chosen.empty()) return;
  const at::Tensor index = at::tensor(chosen, at::kLong).to(image.device());
  at::Tensor v = image.index_select(0, index);
  const at::Tensor outside = v.lt(roles.background + 0.1);

  v = tone_curve(v, s, random);
  if (s.tissue > 0) v = tissue_curve(v, s.tissue, random.stream("tissue"));
  if (s.gamma > 0) v = gamma_curve(v, s.gamma, random.stream("gamma"));
  if (s.bias > 0) {
    const at::Tensor field = smooth_field(v.size(1), v.size(2), v, random);
    v = v + (v + air_depth) * field * (random.uniform() * s.bias);
  }
  if (random.chance(blurred_share)) {
    const double sigma = random.uniform(0.3, std::max(0.31, s.blur_mm)) / pixel_mm;
    if (s.blur_mm > 0) v = blur(v, sigma);
  }
  if (random.chance(s.coarse_probability)) v = coarsen(v, random.uniform(1.2, 2.0));
  core::Random motion = random.stream("ghosting");
  if (s.ghosting_mm > 0 && motion.chance(ghosted_share)) {
    v = ghosted(v, motion.uniform(0, s.ghosting_mm), pixel_mm, motion);
  }
  if (s.noise > 0 && random.chance(noisy_share)) v = add_noise(v, s, random);
  v = at::where(outside, at::full({}, roles.background, v.options()), v);
  image.index_copy_(0, index, v);
}

}  // namespace dawson::training
