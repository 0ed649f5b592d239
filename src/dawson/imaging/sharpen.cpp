#include "dawson/imaging/sharpen.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <cstddef>
#include <utility>

namespace dawson::imaging {

namespace {

constexpr std::size_t bins = 200;
constexpr std::size_t length = 512;  // twice the next power of two: the blur may not wrap around
constexpr std::size_t margin = (length - bins) / 2;
constexpr double full_width = 0.15;
constexpr double wiener_noise = 0.01;
constexpr double pi = 3.14159265358979323846;

using Signal = std::array<std::complex<double>, length>;

/// In place; `sign` −1 forwards, +1 backwards (divided by the length). Cooley and Tukey 1965.
void transform(Signal& x, int sign) {
  for (std::size_t i = 1, j = 0; i < length; ++i) {
    std::size_t bit = length >> 1;
    for (; (j & bit) != 0; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) std::swap(x[i], x[j]);
  }
  for (std::size_t size = 2; size <= length; size *= 2) {
    const std::complex<double> turn = std::polar(1.0, sign * 2 * pi / static_cast<double>(size));
    for (std::size_t start = 0; start < length; start += size) {
      std::complex<double> w = 1;
      for (std::size_t i = start; i < start + size / 2; ++i) {
        const std::complex<double> odd = w * x[i + size / 2];
        x[i + size / 2] = x[i] - odd;
        x[i] += odd;
        w *= turn;
      }
    }
  }
  if (sign < 0) return;
  for (auto& value : x) value /= static_cast<double>(length);
}

/// Transform of the Gaussian blur, `width` bins wide at half maximum.
Signal blur_of(double width) {
  const double exponent = 4 * std::log(2.0) / (width * width);
  const double scale = 2 * std::sqrt(std::log(2.0) / pi) / width;
  Signal blur{};
  blur[0] = scale;
  for (std::size_t n = 1; n <= length / 2; ++n) {
    const auto x = static_cast<double>(n);
    blur[n] = blur[length - n] = scale * std::exp(-x * x * exponent);
  }
  transform(blur, -1);
  return blur;
}

void filter(Signal& x, const Signal& transfer) {
  transform(x, -1);
  for (std::size_t i = 0; i < length; ++i) x[i] *= transfer[i].real();
  transform(x, +1);
}

/// Expected sharp value of each bin, in bins from the first.
std::array<double, bins> expectations(const std::array<double, bins>& histogram, double width) {
  const Signal blur = blur_of(width);
  Signal wiener{};
  for (std::size_t i = 0; i < length; ++i) {
    wiener[i] = blur[i].real() / (std::norm(blur[i]) + wiener_noise);
  }
  Signal sharp{};
  for (std::size_t b = 0; b < bins; ++b) sharp[margin + b] = histogram[b];
  filter(sharp, wiener);
  Signal weighted{};
  for (std::size_t i = 0; i < length; ++i) {
    sharp[i] = std::max(0.0, sharp[i].real());
    weighted[i] = sharp[i] * (static_cast<double>(i) - static_cast<double>(margin));
  }
  filter(sharp, blur);
  filter(weighted, blur);
  std::array<double, bins> expected{};
  for (std::size_t b = 0; b < bins; ++b) {
    const double share = sharp[margin + b].real();
    // Bins that nothing reaches keep their own value.
    expected[b] = share > 1e-9 ? weighted[margin + b].real() / share : static_cast<double>(b);
  }
  return expected;
}

}  // namespace

std::vector<double> sharpened(const std::vector<double>& log_values) {
  const auto [low, high] = std::minmax_element(log_values.begin(), log_values.end());
  const double least = *low;
  const double per_bin = (*high - least) / static_cast<double>(bins - 1);
  std::array<double, bins> histogram{};
  const auto place = [&](double value) {
    const double at = std::clamp((value - least) / per_bin, 0.0, static_cast<double>(bins - 1));
    const auto bin = std::min(static_cast<std::size_t>(at), bins - 2);
    return std::pair{bin, at - static_cast<double>(bin)};
  };
  for (const double value : log_values) {
    const auto [bin, share] = place(value);
    histogram[bin] += 1 - share;
    histogram[bin + 1] += share;
  }
  const std::array<double, bins> expected = expectations(histogram, full_width / per_bin);
  std::vector<double> out(log_values.size());
  std::transform(log_values.begin(), log_values.end(), out.begin(), [&](double value) {
    const auto [bin, share] = place(value);
    return least + per_bin * ((1 - share) * expected[bin] + share * expected[bin + 1]);
  });
  return out;
}

}  // namespace dawson::imaging
