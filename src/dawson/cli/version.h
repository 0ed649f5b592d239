// Which dawson, with which libraries, on which device.
#pragma once

#include <string>

#include "dawson/core/json.h"

namespace dawson::cli {

/// {"dawson", "commit", "libraries": {name: version}, "gpu": bool}
core::Json version_record();
/// What `dawson --version` prints.
std::string version_text();

}  // namespace dawson::cli
