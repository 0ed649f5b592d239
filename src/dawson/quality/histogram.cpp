#include "dawson/quality/histogram.h"

#include <algorithm>
#include <cmath>

#include "dawson/quality/measures.h"

namespace dawson::quality {

std::optional<double> joint_variation(const std::vector<double>& histogram) {
  const std::size_t n = histogram.size();
  double mean[2] = {0.3, 0.7}, deviation[2] = {0.1, 0.1}, weight[2] = {0.5, 0.5};
  double below = 0;
  bool lower = false;
  for (std::size_t i = 0; i < n; ++i) {  // the quartiles to begin with
    below += histogram[i];
    const double x = (double(i) + 0.5) / double(n);
    if (!lower && below >= 0.25) {
      mean[0] = x;
      lower = true;
    }
    if (below >= 0.75) {
      mean[1] = x;
      break;
    }
  }
  for (int round = 0; round < 100; ++round) {
    double w[2] = {}, m[2] = {}, s[2] = {};
    for (std::size_t i = 0; i < n; ++i) {
      if (histogram[i] == 0) continue;
      const double x = (double(i) + 0.5) / double(n);
      double p[2];
      for (int c = 0; c < 2; ++c) {
        const double z = (x - mean[c]) / deviation[c];
        p[c] = weight[c] / deviation[c] * std::exp(-0.5 * z * z) + 1e-30;
      }
      for (int c = 0; c < 2; ++c) {
        const double share = histogram[i] * p[c] / (p[0] + p[1]);
        w[c] += share;
        m[c] += share * x;
        s[c] += share * x * x;
      }
    }
    for (int c = 0; c < 2; ++c) {
      weight[c] = w[c];
      mean[c] = m[c] / w[c];
      deviation[c] = std::sqrt(std::max(1e-6, s[c] / w[c] - mean[c] * mean[c]));
    }
  }
  if (std::abs(mean[0] - mean[1]) < 1e-6) return {};
  return (deviation[0] + deviation[1]) / std::abs(mean[0] - mean[1]);
}

std::vector<double> histogram_of(const std::vector<float>& values,
                                 const anatomy::RobustScale& scale) {
  std::vector<double> shares(histogram_bins);
  for (const float x : values) {
    const double z = ((x - scale.median) / scale.deviation + 5) / 16 * histogram_bins;
    const int bin = std::clamp(static_cast<int>(std::floor(z)), 0, histogram_bins - 1);
    shares[std::size_t(bin)] += 1 / double(values.size());
  }
  return shares;
}

std::optional<double> histogram_distance(const std::vector<double>& a,
                                         const std::vector<double>& b) {
  if (a.size() != b.size()) return {};
  double carried = 0, sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    carried += a[i] - b[i];
    sum += std::abs(carried);
  }
  return sum * 16 / double(a.size());
}

}  // namespace dawson::quality
