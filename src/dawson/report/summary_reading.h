// Figures out of the summary of a cohort. Private to this room.
#pragma once

#include <string>
#include <vector>

#include "dawson/core/json.h"

namespace dawson::report {

/// NaN where the value is no number.
double number_of(const core::Json& value);
/// `object`[name] as a number; NaN where it is not there.
double number_in(const core::Json& object, const std::string& name);
/// `object`[name] as numbers; empty where it is no array.
std::vector<double> numbers_in(const core::Json& object, const std::string& name);
/// `object`[name] as text; empty where it is none.
std::string text_in(const core::Json& object, const std::string& name);
/// `object`[name], or null.
core::Json part_of(const core::Json& object, const std::string& name);

/// "0.031", "< 0.001".
std::string p_value(double p);

/// "0.71 (0.62 to 0.79)", with true minus signs; without low and high the value alone, without
/// value "n/a".
std::string with_interval(double value, double low, double high, int decimals);

}  // namespace dawson::report
