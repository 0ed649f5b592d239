#include "dawson/core/version.h"

#include "dawson_commit.h"  // made at every build by cmake/commit.cmake

namespace dawson::core {

std::string version() {
  return DAWSON_VERSION;
}

std::string commit() {
  return DAWSON_COMMIT;
}

}  // namespace dawson::core
