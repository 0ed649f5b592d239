#include "dawson/report/chart_axis.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "dawson/core/table.h"

namespace dawson::report::chart {
namespace {

constexpr double zero_end = 0.09;  // share of the axis that belongs to zero and the break after it
constexpr double slack = 1e-9;     // of a step: rounding of the steps themselves

double logarithm(double value) {
  return value > 0 ? std::log10(value) : std::numeric_limits<double>::quiet_NaN();
}

/// The largest 1, 2 or 5 times a power of ten that is not above `value`.
double round_below(double value) {
  const double decade = std::pow(10, std::floor(std::log10(value) + slack));
  for (const double step : {5.0, 2.0}) {
    if (step * decade <= value * (1 + slack)) return step * decade;
  }
  return decade;
}

double round_above(double value) {
  const double decade = std::pow(10, std::floor(std::log10(value) + slack));
  for (const double step : {1.0, 2.0, 5.0}) {
    if (step * decade >= value * (1 - slack)) return step * decade;
  }
  return 10 * decade;
}

std::string power_of_ten(int exponent) {
  static const std::array<const char*, 10> raised{"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
  std::string text = "10";
  if (exponent < 0) text += "⁻";
  for (const char digit : std::to_string(std::abs(exponent))) {
    text += raised.at(static_cast<std::size_t>(digit - '0'));
  }
  return text;
}

/// The next larger of 1, 2, 5, 10, …
double next_step(double step) {
  return round_above(step * 1.5);
}

std::vector<Tick> linear_ticks(double from, double to, std::size_t most) {
  const auto count = [&](double step) {
    return std::floor(to / step + slack) - std::ceil(from / step - slack) + 1;
  };
  double step = round_below((to - from) / (static_cast<double>(most) + 1));
  while (count(step) > static_cast<double>(most)) step = next_step(step);
  const int decimals = std::max(0, -static_cast<int>(std::floor(std::log10(step) + slack)));
  std::vector<Tick> ticks;
  const double first = std::ceil(from / step - slack);
  for (double n = first; n * step <= to + slack * step; ++n) {
    ticks.push_back({n * step, figure(n * step, decimals)});
  }
  return ticks;
}

/// Ticks at powers of ten, every so many of them, or at 1, 2 and 5 times each.
std::vector<Tick> ticks_at(const Axis& axis, int first, int last, int every, bool between) {
  const bool powers = first < -3 || last > 4;
  std::vector<Tick> ticks;
  for (int exponent = first; exponent <= last; ++exponent) {
    for (const double step : {1.0, 2.0, 5.0}) {
      const double value = step * std::pow(10, exponent);
      const bool wanted = step == 1 ? (last - exponent) % every == 0 : between;
      const bool within = value >= axis.from * (1 - slack) && value <= axis.to * (1 + slack);
      if (!wanted || !within) continue;
      ticks.push_back(
          {value, powers ? power_of_ten(exponent) : figure(value, std::max(0, -exponent))});
    }
  }
  return ticks;
}

std::vector<Tick> logarithmic_ticks(const Axis& axis, std::size_t most) {
  const int first = static_cast<int>(std::floor(std::log10(axis.from) + slack));
  const int last = static_cast<int>(std::ceil(std::log10(axis.to) - slack));
  const bool powers = first < -3 || last > 4;
  std::vector<Tick> ticks;
  if (!powers) ticks = ticks_at(axis, first, last, 1, true);
  int every = 1;
  if (powers || ticks.size() > most) ticks = ticks_at(axis, first, last, every, false);
  while (ticks.size() > most && every <= last - first) {
    ticks = ticks_at(axis, first, last, ++every, false);
  }
  if (axis.has_zero) ticks.insert(ticks.begin(), {0, "0"});
  return ticks;
}

}  // namespace

double share_of(const Axis& axis, double value) {
  if (std::isinf(value)) return value < 0 ? 0 : 1;
  if (axis.scale == Scale::linear) return (value - axis.from) / (axis.to - axis.from);
  const double begin = axis.has_zero ? zero_end : 0;
  if (axis.has_zero && value <= 0) return zero_end / 3;
  const double share =
      (logarithm(value) - logarithm(axis.from)) / (logarithm(axis.to) - logarithm(axis.from));
  return begin + (1 - begin) * share;
}

double zero_break_share() {
  return zero_end * 0.8;
}

Axis axis_around(const std::string& title, const std::vector<double>& values, Scale scale) {
  Axis axis;
  axis.title = title;
  axis.scale = scale;
  double low = std::numeric_limits<double>::infinity();
  double high = -low;
  for (const double value : values) {
    if (!std::isfinite(value)) continue;
    if (scale == Scale::logarithmic && value <= 0) {
      axis.has_zero = true;
      continue;
    }
    low = std::min(low, value);
    high = std::max(high, value);
  }
  if (scale == Scale::logarithmic) {
    axis.from = low <= high ? round_below(low * 0.95) : 0.1;
    axis.to = low <= high ? round_above(high * 1.05) : 10;
  } else if (low <= high) {
    const double spare = high > low ? 0.06 * (high - low) : std::max(0.5, 0.1 * std::abs(high));
    axis.from = low - spare;
    axis.to = high + spare;
  }
  return axis;
}

std::vector<Tick> ticks_of(const Axis& axis, std::size_t most) {
  if (!axis.ticks.empty()) return axis.ticks;
  if (!(axis.to > axis.from)) return {};
  return axis.scale == Scale::linear ? linear_ticks(axis.from, axis.to, most)
                                     : logarithmic_ticks(axis, most);
}

std::string figure(double value, int decimals) {
  std::string text = core::number(value, decimals);
  const bool negative = !text.empty() && text.front() == '-';
  if (!negative) return text;
  text.erase(0, 1);
  return text.find_first_not_of("0.") == std::string::npos ? text : "−" + text;
}

}  // namespace dawson::report::chart
