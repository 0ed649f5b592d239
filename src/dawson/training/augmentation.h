// Random changes to training slices: what other heads, scanners and protocols would have shown.
// All run in libtorch on the device that they are given, and draw from `random` alone: same seed,
// same change. Give each slice a `random` of its own: the changes that are off by default draw from
// streams of its seed. docs/augmentation.md shows each.
#pragma once

#include <ATen/core/Tensor.h>
#include <c10/core/Device.h>

#include "dawson/core/random.h"
#include "dawson/training/channel_roles.h"
#include "dawson/training/pool.h"
#include "dawson/training/settings.h"

namespace dawson::training {

/// A slice ready for the network.
struct Patch {
  at::Tensor image;   ///< [C, patch, patch]
  at::Tensor target;  ///< [1, patch, patch], 0 or 1
  /// [C, patch, patch], 0 to 1: the target as each channel sees it; undefined when the slice was
  /// drawn without, has none, or this draw does not vary lesions.
  at::Tensor lesions;
};

/// All changes below in their order: place, vary_lesions, drop_channels, vary_intensity.
Patch augmented(const DrawnSlice& slice, const AugmentationSettings& settings, int patch,
                const ChannelRoles& roles, core::Random& random,
                c10::Device device = c10::Device(c10::kCPU));

/// Rotation, scale and flip about the slice's chosen centre and an elastic deformation, cut to
/// `patch` pixels. The target moves with the image; beyond the slice its edge is repeated (target:
/// nothing).
///
/// The deformation is a cubic B-spline field with knots 32 mm apart, each displaced by up to
/// uniform(0, elastic_mm) in x and y (Rueckert et al. 1999, as a random field): no point moves
/// further along an axis, and up to 8 mm nothing folds.
Patch place(const DrawnSlice& slice, const AugmentationSettings& settings, int patch,
            core::Random& random, c10::Device device = c10::Device(c10::kCPU));

/// Lesions fainter against the tissue around them, by a share drawn from 0.1 … lesion_fade; or
/// taken out: filled with the mean of the tissue around (Gaussian, 5 mm; neither lesion nor CSF)
/// and grain, and gone from the target too. Both act on all lesions of the patch, in place. In the
/// first sequence (FLAIR) intensities are only lowered.
void vary_lesions(Patch& patch, const ChannelRoles& roles, const AugmentationSettings& settings,
                  double pixel_mm, core::Random& random);

/// A slice without neighbours: those channels show the slice itself, as at the end of a stack; and
/// a head without T1w or T2w: the channels of that sequence show the background, which is what a
/// network gets in use for a sequence that is missing. FLAIR and maps of location are never left
/// out. In place.
void drop_channels(at::Tensor& image, const ChannelRoles& roles,
                   const AugmentationSettings& settings, core::Random& random);

/// Contrast and brightness (tone, gain, shift), tissue contrast, gamma, bias field, blur,
/// resolution, ghosting and noise, in that order, in place. Background stays background.
void vary_intensity(at::Tensor& image, const ChannelRoles& roles,
                    const AugmentationSettings& settings, double pixel_mm, core::Random& random);

}  // namespace dawson::training
