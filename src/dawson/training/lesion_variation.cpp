#include "dawson/training/lesion_variation.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <limits>

#include "dawson/training/augmentation.h"
#include "dawson/training/augmentation_fields.h"

namespace dawson::training {
namespace {

constexpr double surroundings_mm = 5;    // how far the tissue around a lesion is averaged
constexpr double darkest_tissue = -1.2;  // CSF on FLAIR is darker, in brain deviations
constexpr double least_fade = 0.1;
constexpr double uneven_fade = 0.15;  // deviation of the share from place to place
constexpr double grain_size = 0.6;    // deviation of its blur, pixels
constexpr double grain = 0.25;        // of a filled lesion, in brain deviations, before its blur

/// Combines each pixel of [C, H, W] with those left and right of it, then with those above and
/// below. A few passes over values are several times faster than a pooling or a convolution.
template <typename Combine>
at::Tensor with_neighbours(const at::Tensor& v, const Combine& combine) {
  at::Tensor x = at::replication_pad2d(v, {1, 1, 1, 1});
  for (const int64_t axis : {2, 1}) {
    const int64_t n = x.size(axis) - 2;
    x = combine(x.narrow(axis, 0, n), x.narrow(axis, 1, n), x.narrow(axis, 2, n));
  }
  return x;
}

/// Grown by a pixel to all sides.
at::Tensor grown_by_one(const at::Tensor& mask) {
  return with_neighbours(mask, [](const at::Tensor& a, const at::Tensor& b, const at::Tensor& c) {
    return at::maximum(at::maximum(a, b), c);
  });
}

/// Blurred by the weights 1, 2, 1: a Gaussian of 0.7 pixels.
at::Tensor softened(const at::Tensor& mask) {
  return with_neighbours(mask, [](const at::Tensor& a, const at::Tensor& b, const at::Tensor& c) {
    return (a + c).mul_(0.25).add_(b, 0.5);
  });
}

/// Each channel's tissue, 1 or 0: not lesion, CSF or air. CSF is known by its darkness in the first
/// sequence, so the other sequences take it from there.
at::Tensor tissue_of(const at::Tensor& image, const at::Tensor& grown, const ChannelRoles& roles,
                     const std::vector<int64_t>& chosen) {
  std::vector<int64_t> flair;
  for (const int64_t c : chosen) {
    const auto channel = static_cast<size_t>(c);
    const bool first = roles.sequence.empty() || roles.sequence[channel] == 0;
    flair.push_back(first ? c : roles.centre.front());
  }
  const at::Tensor seen = image.index_select(0, at::tensor(flair, at::kLong).to(image.device()));
  return seen.gt(darkest_tissue).to(at::kFloat) * (1 - grown);
}

/// The mean of `v` over the tissue within a Gaussian of `reach` pixels. It is smooth, so it is
/// reckoned at a coarser grid, which costs a tenth.
at::Tensor mean_around(const at::Tensor& v, const at::Tensor& tissue, double reach) {
  const int64_t step = std::max<int64_t>(1, static_cast<int64_t>(reach / 1.25));
  const int64_t channels = v.size(0);
  const int64_t height = v.size(1);
  const int64_t width = v.size(2);
  const at::Tensor coarse = at::adaptive_avg_pool2d(
      at::cat({v * tissue, tissue}), {(height + step - 1) / step, (width + step - 1) / step});
  const at::Tensor spread = blur(coarse, reach / static_cast<double>(step));
  const at::Tensor mean =
      spread.narrow(0, 0, channels) / (spread.narrow(0, channels, channels) + 1e-3);
  return at::upsample_bilinear2d(mean.unsqueeze(0), {height, width}, false).squeeze(0);
}

/// Grain of [channels, height, width]: drawn once and shifted for each channel, which costs as many
/// times less.
at::Tensor grain_like(const at::Tensor& v, core::Random& random) {
  const at::Tensor one = blur(normal_noise(v.narrow(0, 0, 1), grain, random), grain_size);
  std::vector<at::Tensor> channels;
  for (int64_t c = 0; c < v.size(0); ++c)
    channels.push_back(at::roll(one, {17 * c, 29 * c}, {1, 2}));
  return at::cat(channels);
}

/// How much each channel's values may be raised, [C, 1, 1]: not where lesions are bright (FLAIR).
at::Tensor most_raised(const ChannelRoles& roles, const std::vector<int64_t>& chosen) {
  constexpr float any = std::numeric_limits<float>::infinity();
  std::vector<float> most;
  for (const int64_t c : chosen) {
    most.push_back(roles.sequence.empty() || roles.sequence[static_cast<size_t>(c)] == 0 ? 0 : any);
  }
  return at::tensor(most).view({-1, 1, 1});
}

}  // namespace

LesionChange draw_lesion_change(const AugmentationSettings& settings, core::Random& lesions) {
  const bool remove = lesions.chance(settings.lesion_removal_probability);
  const bool fade = lesions.chance(settings.lesion_fade_probability);
  return {remove, fade};
}

void vary_lesions(Patch& patch, const ChannelRoles& roles, const AugmentationSettings& s,
                  double pixel_mm, core::Random& random) {
  core::Random draw = random.stream("lesions");
  const LesionChange change = draw_lesion_change(s, draw);
  const std::vector<int64_t> chosen = roles.intensities();
  if (!change.any() || !patch.lesions.defined() || chosen.empty()) return;

  const at::Tensor index = at::tensor(chosen, at::kLong).to(patch.image.device());
  const at::Tensor v = patch.image.index_select(0, index);
  const at::Tensor lesions = patch.lesions.index_select(0, index);
  const at::Tensor grown = grown_by_one(lesions);
  const at::Tensor tissue = tissue_of(patch.image, grown, roles, chosen);
  at::Tensor level = mean_around(v, tissue, surroundings_mm / pixel_mm);
  at::Tensor share = at::max(lesions, softened(grown));
  if (change.remove) {
    level = level + grain_like(v, draw);
    patch.target.zero_();
  } else {
    const double amount = draw.uniform(std::min(least_fade, s.lesion_fade), s.lesion_fade);
    const at::Tensor uneven = smooth_field(v.size(1), v.size(2), v, draw);
    share = share * (uneven * uneven_fade + amount).clamp(0, s.lesion_fade);
  }
  const at::Tensor raised = at::min(level - v, most_raised(roles, chosen).to(v.device()));
  patch.image.index_copy_(0, index, at::addcmul(v, share, raised));
}

}  // namespace dawson::training
