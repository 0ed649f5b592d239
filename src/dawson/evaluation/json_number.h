// Figures in JSON. Private to this room.
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "dawson/core/json.h"
#include "dawson/core/table.h"

namespace dawson::evaluation {

/// A finite number with that many decimals, or null.
inline core::Json json_number(double value, int decimals) {
  if (!std::isfinite(value)) return nullptr;
  return std::stod(core::number(value, decimals));
}

inline core::Json json_numbers(const std::vector<double>& values, int decimals) {
  core::Json json = core::Json::array();
  for (const double v : values) json.push_back(json_number(v, decimals));
  return json;
}

}  // namespace dawson::evaluation
