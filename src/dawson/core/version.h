// Which dawson this is.
#pragma once

#include <string>

namespace dawson::core {

/// "0.1.0"
std::string version();
/// The git commit it was built from, twelve digits, with "+" when files had been changed; "unknown"
/// when it was built outside of a clone.
std::string commit();

}  // namespace dawson::core
