// Words, where their case does not matter.
#pragma once

#include <string>

namespace dawson::core {

/// The letters of ASCII as small ones; all other bytes as they are.
std::string lower_case(std::string text);

}  // namespace dawson::core
