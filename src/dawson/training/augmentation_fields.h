// What several random changes are made of: smooth fields, blur, noise. Private to this room.
// Random numbers are drawn on the CPU, so that the device does not matter to them; tensors are made
// where `like` lies.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

#include "dawson/core/random.h"

namespace dawson::training {

/// In a channel of intensities air (a signal of zero) lies this many deviations below the brain's
/// median, which is 0: signal = value + air_depth.
constexpr double air_depth = 6;

/// Normal, but never beyond two deviations.
double clamped_normal(core::Random& random, double deviation);

/// A smooth field [1, height, width] with deviation about 1, from 4 × 4 random knots.
at::Tensor smooth_field(int64_t height, int64_t width, const at::Tensor& like,
                        core::Random& random);

/// Normal noise of `like`'s shape.
at::Tensor normal_noise(const at::Tensor& like, double deviation, core::Random& random);

/// Blurs each channel of [C, H, W] by a Gaussian; the edge is repeated. `sigma` in pixels.
at::Tensor blur(const at::Tensor& image, double sigma);

}  // namespace dawson::training
