// What the process tells ITK, and what it asks of it.
#pragma once

#include <string>

namespace dawson::imaging {

/// Threads that filters use from now on.
void set_threads(int count);
/// "5.2.1"
std::string itk_version();

}  // namespace dawson::imaging
