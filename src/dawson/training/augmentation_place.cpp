// Where a patch's pixels come from: affine and elastic, for image and target alike.
#include <ATen/ATen.h>

#include <array>
#include <cmath>

#include "dawson/training/augmentation.h"
#include "dawson/training/lesion_variation.h"

namespace dawson::training {
namespace {

constexpr double degree = 3.14159265358979323846 / 180;
constexpr double knot_spacing_mm = 32;

/// Weights of a cubic B-spline's knots for `pixels` places in a row, [pixels, knots].
at::Tensor spline_weights(int pixels, double pixel_mm, double start) {
  const double last = start + (pixels - 1) * pixel_mm / knot_spacing_mm;
  const at::Tensor weights = at::zeros({pixels, static_cast<int64_t>(last) + 4});
  auto rows = weights.accessor<float, 2>();
  for (int i = 0; i < pixels; ++i) {
    const double place = start + i * pixel_mm / knot_spacing_mm;
    const auto first = static_cast<int64_t>(place);
    const double t = place - static_cast<double>(first);
    const std::array<double, 4> w = {(1 - t) * (1 - t) * (1 - t) / 6,
                                     (3 * t * t * t - 6 * t * t + 4) / 6,
                                     (-3 * t * t * t + 3 * t * t + 3 * t + 1) / 6, t * t * t / 6};
    for (int k = 0; k < 4; ++k) rows[i][first + k] = static_cast<float>(w[static_cast<size_t>(k)]);
  }
  return weights;
}

/// Displacements of a patch's pixels in mm, [patch, patch, 2] (x, y).
at::Tensor elastic_field(int patch, double pixel_mm, double largest_mm, core::Random random) {
  const double amplitude = random.uniform(0, largest_mm);
  // The knots begin anywhere, or the patch's middle would always move alike.
  const at::Tensor rows = spline_weights(patch, pixel_mm, random.uniform());
  const at::Tensor columns = spline_weights(patch, pixel_mm, random.uniform());
  const at::Tensor knots = at::empty({2, rows.size(1), columns.size(1)});
  float* values = knots.data_ptr<float>();
  for (int64_t i = 0; i < knots.numel(); ++i) {
    values[i] = static_cast<float>(random.uniform(-amplitude, amplitude));
  }
  return at::matmul(at::matmul(rows, knots), columns.t()).permute({1, 2, 0});
}

}  // namespace

Patch place(const DrawnSlice& slice, const AugmentationSettings& s, int patch, core::Random& random,
            c10::Device device) {
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
  at::Tensor grid = at::affine_grid_generator(theta.to(device), {1, 1, patch, patch}, false);
  if (s.elastic_mm > 0) {
    const at::Tensor moved =
        elastic_field(patch, slice.pixel_mm, s.elastic_mm, random.stream("elastic"));
    const at::Tensor per_mm =
        at::tensor({to_u / slice.pixel_mm, to_v / slice.pixel_mm}, at::kFloat);
    grid = grid + (moved * per_mm).to(device);
  }

  const auto view = [&](const std::vector<float>& values, int channels) {
    return at::from_blob(const_cast<float*>(values.data()),
                         {1, channels, slice.height, slice.width}, at::kFloat)
        .to(device);
  };
  constexpr int64_t bilinear = 0, zeros = 0, border = 1;
  Patch result;
  result.image =
      at::grid_sampler(view(slice.image, slice.channels), grid, bilinear, border, false).squeeze(0);
  result.target = at::grid_sampler(view(slice.target, 1), grid, bilinear, zeros, false)
                      .squeeze(0)
                      .ge(0.5)
                      .to(at::kFloat);
  core::Random lesions = random.stream("lesions");
  if (!slice.lesions.empty() && draw_lesion_change(s, lesions).any()) {
    result.lesions =
        at::grid_sampler(view(slice.lesions, slice.channels), grid, bilinear, zeros, false)
            .squeeze(0);
  }
  return result;
}

}  // namespace dawson::training
