// How the evaluation page looks, on screens of any width and on paper. Private to this room.
#pragma once

namespace dawson::report {

/// CSS.
const char* evaluation_style();

}  // namespace dawson::report
