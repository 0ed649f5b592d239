#include "dawson/report/uncertainty.h"

#include <algorithm>
#include <cmath>

namespace dawson::report {

std::optional<VolumeErrors> volume_errors(std::vector<double> errors) {
  constexpr std::size_t fewest = 3;
  constexpr double wanted = 0.95;
  const std::size_t n = errors.size();
  const bool usable = std::all_of(errors.begin(), errors.end(),
                                  [](double e) { return std::isfinite(e) && e > -100; });
  if (n < fewest || !usable) return std::nullopt;
  std::sort(errors.begin(), errors.end());
  const auto rank = std::max<std::size_t>(
      1,
      static_cast<std::size_t>(std::floor((1 - wanted) / 2 * static_cast<double>(n + 1) + 1e-9)));
  const double chance = static_cast<double>(n + 1 - 2 * rank) / static_cast<double>(n + 1);
  return VolumeErrors{errors[rank - 1], errors[n - rank], chance, n};
}

std::optional<PercentRange> percent_range(double lesion_percent, double brain_ml,
                                          const VolumeErrors& errors, const SeverityBands& bands) {
  if (!std::isfinite(lesion_percent) || brain_ml <= 0) return std::nullopt;
  // measured = true · (1 + error), so true percentage = measured percentage · (1 + error).
  const double low = 1 + errors.low_percent / 100, high = 1 + errors.high_percent / 100;
  if (low <= 0 || high < low) return std::nullopt;
  PercentRange range;
  range.low = lesion_percent * low;
  range.high = lesion_percent * high;
  range.brain_low_ml = brain_ml / high;
  range.brain_high_ml = brain_ml / low;
  range.severity_low = severity_of(range.low, bands);
  range.severity_high = severity_of(range.high, bands);
  range.errors = errors;
  return range;
}

}  // namespace dawson::report
