// How bright each intensity is shown: curves over values. Private to this room.
#pragma once

#include <ATen/core/Tensor.h>

#include "dawson/core/random.h"
#include "dawson/training/settings.h"

namespace dawson::training {

/// Bent by smooth steps around the brain's median and around lesion intensities, then stretched by
/// gain and shift.
at::Tensor tone_curve(const at::Tensor& v, const AugmentationSettings& s, core::Random& random);

/// The signal to the power of exp(n), n normal with deviation `strength`: air (no signal) and the
/// brain's median stay where they are.
at::Tensor gamma_curve(const at::Tensor& v, double strength, core::Random random);

/// Raises or lowers each tissue's intensities alone: bumps (1.2 deviations wide) at −4.5, −3 …
/// 4.5 deviations, that is from CSF over white and grey matter to bright lesions, their heights
/// normal with deviation `strength`. Monotone up to a strength of 0.35; above, neighbouring tissues
/// may change places, as they do between T1 and T2.
at::Tensor tissue_curve(const at::Tensor& v, double strength, core::Random random);

}  // namespace dawson::training
