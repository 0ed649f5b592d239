// The scales of a chart: where a value lies, and which values are named. Private to this room.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace dawson::report::chart {

struct Tick {
  double value = 0;
  std::string label;
};

enum class Scale { linear, logarithmic };

struct Axis {
  std::string title;  ///< with its unit
  double from = 0, to = 1;
  Scale scale = Scale::linear;
  /// A logarithmic axis with a place of its own for zeros, before a break of the axis.
  bool has_zero = false;
  /// Empty: chosen by ticks_of.
  std::vector<Tick> ticks;
  bool grid = true;
  bool line = true;
};

/// Where the value lies along the axis: 0 at its beginning, 1 at its end; beyond them outside 0–1.
/// On a logarithmic axis values ≤ 0 lie in the place for zero, where there is one, else at NaN;
/// infinite ones at its ends.
double share_of(const Axis& axis, double value);

/// The middle of the gap between the place for zero and the rest, as a share.
double zero_break_share();

/// An axis that holds all finite values, with room to spare at both ends. Logarithmic ones begin
/// and end at a whole 1, 2 or 5, and have a place for zero where a value is ≤ 0.
/// Without a usable value: 0 to 1 (logarithmic: 0.1 to 10).
Axis axis_around(const std::string& title, const std::vector<double>& values,
                 Scale scale = Scale::linear);

/// At most `most` ticks (2 or more; and zero's) at round values within the axis: 1, 2 or 5 times a
/// power of ten.
std::vector<Tick> ticks_of(const Axis& axis, std::size_t most);

/// The value with as many decimals as said, with a true minus sign.
std::string figure(double value, int decimals);

}  // namespace dawson::report::chart
