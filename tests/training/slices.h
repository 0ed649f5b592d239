// Slices whose every pixel tells where it came from, and ways to measure what became of them.
#pragma once

#include <ATen/ATen.h>

#include <cmath>

#include "dawson/training/augmentation.h"

namespace dawson::training {

constexpr int size = 96;
constexpr double middle = 0.5 * (size - 1);  // where a patch of that size has its centre

/// A disc in the first channel and in the target; the second channel grows to the right.
inline DrawnSlice slice_with_disc(double x0, double y0, double radius) {
  DrawnSlice s;
  s.channels = 2;
  s.width = s.height = size;
  s.centre_x = s.centre_y = middle;
  s.image.resize(2 * size * size);
  s.target.resize(size * size);
  for (int y = 0; y < size; ++y) {
    for (int x = 0; x < size; ++x) {
      const auto at = static_cast<std::size_t>(y * size + x);
      s.target[at] = std::hypot(x - x0, y - y0) < radius ? 1.0F : 0.0F;
      s.image[at] = s.target[at];
      s.image[size * size + at] = static_cast<float>(x);
    }
  }
  return s;
}

struct Moments {
  double mass, x, y;  ///< x and y from the patch's centre
};

inline Moments moments_of(const at::Tensor& picture) {
  const at::Tensor p = picture.squeeze().to(at::kDouble);
  const at::Tensor along = at::arange(size, at::kDouble) - middle;
  const double mass = p.sum().item<double>();
  return {mass, (p * along.view({1, size})).sum().item<double>() / mass,
          (p * along.view({size, 1})).sum().item<double>() / mass};
}

}  // namespace dawson::training
