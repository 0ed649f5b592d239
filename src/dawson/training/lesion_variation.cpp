// Lesions of another brightness than the cache's, or none where there were some.
#include <ATen/ATen.h>

#include <algorithm>

#include "dawson/training/augmentation.h"
#include "dawson/training/augmentation_fields.h"

namespace dawson::training {
namespace {

constexpr double surroundings_mm = 5;    // how far the tissue around a lesion is averaged
constexpr double edge_mm = 0.7;          // a lesion ends softly
constexpr double darkest_tissue = -1.2;  // CSF on FLAIR is darker, in brain deviations
constexpr double least_fade = 0.1;
constexpr double uneven_fade = 0.15;  // deviation of the share from place to place
constexpr double grain = 0.25;        // of a filled lesion, in brain deviations, before its blur

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
  return seen.gt(darkest_tissue).to(at::kFloat) * (1 - grown).clamp(0, 1);
}

/// 1 for the channels whose lesions are bright (FLAIR), [C, 1, 1].
at::Tensor bright_of(const ChannelRoles& roles, const std::vector<int64_t>& chosen) {
  std::vector<float> bright;
  for (const int64_t c : chosen) {
    bright.push_back(roles.sequence.empty() || roles.sequence[static_cast<size_t>(c)] == 0 ? 1 : 0);
  }
  return at::tensor(bright).view({-1, 1, 1});
}

}  // namespace

void vary_lesions(Patch& patch, const ChannelRoles& roles, const AugmentationSettings& s,
                  double pixel_mm, core::Random& random) {
  core::Random draw = random.stream("lesions");
  const bool remove = draw.chance(s.lesion_removal_probability);
  const bool fade = draw.chance(s.lesion_fade_probability);
  const std::vector<int64_t> chosen = roles.intensities();
  if (!(remove || fade) || !patch.lesions.defined() || chosen.empty()) return;

  const at::Tensor index = at::tensor(chosen, at::kLong).to(patch.image.device());
  const at::Tensor v = patch.image.index_select(0, index);
  const at::Tensor lesions = patch.lesions.index_select(0, index);
  const at::Tensor grown = at::max_pool2d(lesions.unsqueeze(0), 3, 1, 1).squeeze(0);
  const at::Tensor tissue = tissue_of(patch.image, grown, roles, chosen);
  const double reach = surroundings_mm / pixel_mm;
  at::Tensor level = blur(v * tissue, reach) / (blur(tissue, reach) + 1e-3);
  const at::Tensor soft = at::max(lesions, blur(grown, edge_mm / pixel_mm));
  at::Tensor amount = at::ones({1, v.size(1), v.size(2)}, v.options());
  if (remove) {
    level = level + blur(normal_noise(v, grain, draw), 0.6);
    patch.target.zero_();
  } else {
    const double share = draw.uniform(std::min(least_fade, s.lesion_fade), s.lesion_fade);
    const at::Tensor uneven = smooth_field(v.size(1), v.size(2), v, draw);
    amount = (amount * share + uneven_fade * uneven).clamp(0, s.lesion_fade);
  }
  const at::Tensor change = level - v;
  const at::Tensor bright = bright_of(roles, chosen).to(v.device());
  patch.image.index_copy_(0, index,
                          v + soft * amount * at::where(bright.gt(0), change.clamp_max(0), change));
}

}  // namespace dawson::training
