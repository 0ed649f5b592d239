// Text on its way into HTML and SVG.
#pragma once

#include <string>

namespace dawson::report {

/// The text with what HTML and XML would read as markup made harmless, within elements and within
/// attributes in either quotes; control characters that XML forbids become U+FFFD.
std::string escaped(const std::string& text);

}  // namespace dawson::report
