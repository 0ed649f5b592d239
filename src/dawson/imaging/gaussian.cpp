#include "dawson/imaging/gaussian.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace dawson::imaging {

namespace {

constexpr double negligible_sigma = 0.05;  // voxels: weights of the neighbours below 0.2 %

/// Weights of offsets 0, 1, 2, … that sum to 1 over both sides.
std::vector<float> half_kernel(double sigma) {
  const double t = sigma * sigma;
  const auto radius = static_cast<std::size_t>(std::ceil(4 * sigma + 1));
  std::vector<double> weights(radius + 1);
  for (std::size_t n = 0; n <= radius; ++n) {
    const auto x = static_cast<double>(n);
    // exp(-t) I_n(t); beyond 10 voxels the sampled Gaussian is the same and cannot overflow.
    weights[n] = sigma < 10 ? std::exp(-t) * std::cyl_bessel_i(x, t) : std::exp(-x * x / (2 * t));
  }
  double sum = weights[0];
  for (std::size_t n = 1; n <= radius; ++n) sum += 2 * weights[n];
  std::vector<float> kernel(radius + 1);
  std::transform(weights.begin(), weights.end(), kernel.begin(),
                 [&](double w) { return static_cast<float>(w / sum); });
  return kernel;
}

/// Position within [0, n) of index i in the image mirrored at its border (… 1 0 | 0 1 …).
std::size_t mirrored(std::ptrdiff_t i, std::ptrdiff_t n) {
  const std::ptrdiff_t period = 2 * n;
  i = ((i % period) + period) % period;
  return static_cast<std::size_t>(i < n ? i : period - 1 - i);
}

/// out[x] = Σ over offsets n of kernel[|n|] · rows[centre + n][x].
void convolve_rows(float* out, const std::vector<const float*>& rows, std::size_t width,
                   const std::vector<float>& kernel, std::size_t centre) {
  const float* middle = rows[centre];
  for (std::size_t x = 0; x < width; ++x) out[x] = kernel[0] * middle[x];
  for (std::size_t n = 1; n < kernel.size(); ++n) {
    const float w = kernel[n];
    const float* before = rows[centre - n];
    const float* after = rows[centre + n];
    for (std::size_t x = 0; x < width; ++x) out[x] += w * (before[x] + after[x]);
  }
}

/// Along i: each line is copied with its mirrored border and becomes its own shifted rows.
void smooth_lines(std::vector<float>& data, std::size_t length, const std::vector<float>& kernel) {
  const std::size_t reach = kernel.size() - 1;
  std::vector<float> padded(length + 2 * reach);
  std::vector<const float*> rows(2 * reach + 1);
  for (std::size_t r = 0; r < rows.size(); ++r) rows[r] = padded.data() + r;
  for (std::size_t line = 0; line < data.size(); line += length) {
    for (std::size_t p = 0; p < padded.size(); ++p) {
      padded[p] =
          data[line + mirrored(static_cast<std::ptrdiff_t>(p) - static_cast<std::ptrdiff_t>(reach),
                               static_cast<std::ptrdiff_t>(length))];
    }
    convolve_rows(data.data() + line, rows, length, kernel, reach);
  }
}

/// Along j or k: whole rows of `width` neighbours are summed at once. `first` is the slab's first
/// row, `stride` the distance of rows, `count` their number.
void smooth_slab(float* first, std::size_t width, std::size_t stride, std::size_t count,
                 const std::vector<float>& kernel, std::vector<float>& copy) {
  const std::size_t reach = kernel.size() - 1;
  copy.resize(width * count);
  for (std::size_t r = 0; r < count; ++r) {
    std::copy_n(first + r * stride, width, copy.data() + r * width);
  }
  std::vector<const float*> rows(count + 2 * reach);
  for (std::size_t r = 0; r < rows.size(); ++r) {
    rows[r] = copy.data() +
              width * mirrored(static_cast<std::ptrdiff_t>(r) - static_cast<std::ptrdiff_t>(reach),
                               static_cast<std::ptrdiff_t>(count));
  }
  for (std::size_t r = 0; r < count; ++r) {
    convolve_rows(first + r * stride, rows, width, kernel, r + reach);
  }
}

}  // namespace

void smooth_voxels(volume::Image& image, const volume::Vector3& sigma_voxels) {
  const auto nx = static_cast<std::size_t>(image.grid.size[0]);
  const auto ny = static_cast<std::size_t>(image.grid.size[1]);
  const auto nz = static_cast<std::size_t>(image.grid.size[2]);
  if (image.data.empty()) return;
  std::vector<float> copy;
  if (sigma_voxels[0] > negligible_sigma) {
    smooth_lines(image.data, nx, half_kernel(sigma_voxels[0]));
  }
  if (sigma_voxels[1] > negligible_sigma) {
    const std::vector<float> kernel = half_kernel(sigma_voxels[1]);
    for (std::size_t k = 0; k < nz; ++k) {
      smooth_slab(image.data.data() + k * nx * ny, nx, nx, ny, kernel, copy);
    }
  }
  if (sigma_voxels[2] > negligible_sigma) {
    const std::vector<float> kernel = half_kernel(sigma_voxels[2]);
    for (std::size_t j = 0; j < ny; ++j) {
      smooth_slab(image.data.data() + j * nx, nx, nx * ny, nz, kernel, copy);
    }
  }
}

}  // namespace dawson::imaging
