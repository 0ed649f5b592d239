#include "dawson/cli/version.h"

#include "dawson/core/version.h"
#include "dawson/nn/threads.h"
#ifndef DAWSON_TRAINING_ONLY
#include "dawson/imaging/threads.h"
#endif

namespace dawson::cli {

core::Json version_record() {
  core::Json libraries = {{"libtorch", nn::torch_version()}};
#ifndef DAWSON_TRAINING_ONLY
  libraries["ITK"] = imaging::itk_version();
#endif
  return {{"dawson", core::version()},
          {"commit", core::commit()},
          {"libraries", libraries},
          {"gpu", nn::gpu_usable()}};
}

std::string version_text() {
  const core::Json record = version_record();
  std::string text = "dawson " + record["dawson"].get<std::string>() + " (commit " +
                     record["commit"].get<std::string>() + ")\n";
  for (const auto& [name, version] : record["libraries"].items()) {
    text += name + " " + version.get<std::string>() + "\n";
  }
  return text + "GPU: " + (record["gpu"].get<bool>() ? "usable" : "none usable") + "\n";
}

}  // namespace dawson::cli
