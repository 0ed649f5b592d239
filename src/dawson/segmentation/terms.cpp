#include "dawson/segmentation/terms.h"

#include <algorithm>
#include <array>
#include <utility>

#include "dawson/segmentation/features.h"

namespace dawson::segmentation {
namespace {

using Pair = std::pair<std::size_t, std::size_t>;

/// Of base_features; a feature with itself is its square.
const std::vector<Pair>& products() {
  static const std::vector<Pair> all = [] {
    const auto& names = base_features();
    const auto at = [&](const char* name) {
      return static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
    };
    std::vector<Pair> pairs;
    for (const char* name :
         {"flair", "flair_2mm", "frequency", "surface", "lateral", "anterior", "superior"}) {
      pairs.emplace_back(at(name), at(name));
    }
    for (const char* name : {"frequency", "surface", "fluid_4mm", "deviation_2mm", "superior"}) {
      pairs.emplace_back(at("flair_1mm"), at(name));
    }
    return pairs;
  }();
  return all;
}

}  // namespace

const std::vector<std::string>& term_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all = base_features();
    for (const auto& [a, b] : products()) {
      all.push_back(a == b ? base_features()[a] + "^2"
                           : base_features()[a] + "*" + base_features()[b]);
    }
    return all;
  }();
  return names;
}

void fill_terms(const float* features, float* terms) {
  const std::size_t base = base_features().size();
  std::copy(features, features + base, terms);
  terms += base;
  for (const auto& [a, b] : products()) *terms++ = features[a] * features[b];
}

float log_odds(const float* features, const std::vector<double>& coefficients) {
  std::array<float, 64> terms{};
  fill_terms(features, terms.data());
  double odds = coefficients[0];
  for (std::size_t t = 1; t < coefficients.size(); ++t) odds += coefficients[t] * terms[t - 1];
  return static_cast<float>(odds);
}

}  // namespace dawson::segmentation
