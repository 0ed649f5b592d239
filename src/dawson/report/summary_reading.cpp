#include "dawson/report/summary_reading.h"

#include <cmath>
#include <limits>

#include "dawson/report/chart_axis.h"
#include "dawson/report/words.h"

namespace dawson::report {

using core::Json;

double number_of(const Json& value) {
  return value.is_number() ? value.get<double>() : std::numeric_limits<double>::quiet_NaN();
}

Json part_of(const Json& object, const std::string& name) {
  return object.is_object() && object.contains(name) ? object[name] : Json();
}

double number_in(const Json& object, const std::string& name) {
  return number_of(part_of(object, name));
}

std::vector<double> numbers_in(const Json& object, const std::string& name) {
  std::vector<double> numbers;
  const Json values = part_of(object, name);
  if (!values.is_array()) return numbers;
  for (const Json& value : values) numbers.push_back(number_of(value));
  return numbers;
}

std::string text_in(const Json& object, const std::string& name) {
  const Json value = part_of(object, name);
  return value.is_string() ? value.get<std::string>() : "";
}

std::string p_value(double p) {
  constexpr double least = 0.001;
  return p < least ? "< " + chart::figure(least, 3) : chart::figure(p, 3);
}

std::string with_interval(double value, double low, double high, int decimals) {
  if (!std::isfinite(low) || !std::isfinite(high)) return chart::figure(value, decimals);
  return filled(english().plots.value_interval,
                {chart::figure(value, decimals), chart::figure(low, decimals),
                 chart::figure(high, decimals)});
}

}  // namespace dawson::report
