// Random changes to training slices: what other heads, scanners and protocols would have shown.
#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

#include "dawson/core/random.h"
#include "dawson/training/pool.h"
#include "dawson/training/settings.h"

namespace dawson::training {

/// A slice ready for the network.
struct Patch {
  at::Tensor image;   ///< [C, patch, patch]
  at::Tensor target;  ///< [1, patch, patch], 0 or 1
};

/// Which network channels hold intensities (others, such as a frequency map, are only moved), and
/// the stored value that means "outside the head", which intensity changes leave alone.
struct ChannelRoles {
  std::vector<bool> intensity;
  float background = 0;
};

/// Rotation, scale and flip about the slice's chosen centre, cut to `patch` pixels. The target
/// moves with the image; beyond the slice its edge is repeated (target: nothing).
Patch place(const DrawnSlice& slice, const AugmentationSettings& settings, int patch,
            core::Random& random);

/// Contrast, brightness, bias field, blur, resolution and noise, in that order, in place.
void vary_intensity(at::Tensor& image, const ChannelRoles& roles,
                    const AugmentationSettings& settings, double pixel_mm, core::Random& random);

}  // namespace dawson::training
