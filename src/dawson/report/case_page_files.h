// The sources of the case page (report/page), embedded when the program is built. Private to this
// room.
#pragma once

#include <string_view>

namespace dawson::report::page_files {

/// The page with places for words and data: {{name}}.
extern const std::string_view html;
extern const std::string_view css;
/// All modules as one.
extern const std::string_view js;

}  // namespace dawson::report::page_files
