#include "dawson/training/augmentation_ghosting.h"

#include <ATen/ATen.h>

#include <cmath>

#include "dawson/training/augmentation_fields.h"

namespace dawson::training {

at::Tensor ghosted(const at::Tensor& v, double amplitude_mm, double pixel_mm,
                   core::Random& random) {
  constexpr double turn = 2 * 3.14159265358979323846;
  const int64_t axis = random.chance(0.5) ? 1 : 2;
  const double periods = random.uniform(4, 30);
  const double start = random.uniform(0, turn);
  const int64_t n = v.size(axis);
  const at::Tensor factors = at::empty({n}, at::kComplexFloat);
  auto* factor = factors.data_ptr<c10::complex<float>>();
  for (int64_t i = 0; i < n; ++i) {
    const auto k = static_cast<double>(i < (n + 1) / 2 ? i : i - n);  // the order of an FFT
    const auto lines = static_cast<double>(n);
    const double place_mm = amplitude_mm * std::cos(turn * periods * k / lines + start);
    const double phase = turn * k * place_mm / (lines * pixel_mm);
    factor[i] = {static_cast<float>(std::cos(phase)), static_cast<float>(std::sin(phase))};
  }
  const at::Tensor signal = (v + air_depth).clamp_min(0);
  const at::Tensor along =
      factors.to(v.device()).view(axis == 1 ? at::IntArrayRef{n, 1} : at::IntArrayRef{1, n});
  const at::Tensor lines = at::fft_fft(signal, {}, axis) * along;
  return at::abs(at::fft_ifft(lines, {}, axis)) - air_depth;
}

}  // namespace dawson::training
