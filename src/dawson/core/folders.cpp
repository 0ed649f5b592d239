#include "dawson/core/folders.h"

#include <cstdlib>
#include <sstream>

#include "dawson/core/error.h"

namespace dawson::core {

namespace fs = std::filesystem;

std::vector<fs::path> model_folders() {
  std::vector<fs::path> candidates;
  if (const char* given = std::getenv("DAWSON_MODELS")) {
    std::istringstream parts(given);
    for (std::string part; std::getline(parts, part, ':');) {
      if (!part.empty()) candidates.emplace_back(part);
    }
  }
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  if (!error) {
    candidates.push_back(program.parent_path().parent_path() / DAWSON_DATA_DIR / "models");
  }
  candidates.push_back(fs::path(DAWSON_SOURCE_DIR) / "models");

  std::vector<fs::path> folders;
  for (const fs::path& candidate : candidates) {
    if (fs::is_directory(candidate, error)) folders.push_back(candidate.lexically_normal());
  }
  return folders;
}

fs::path find_model_file(const fs::path& name) {
  const std::vector<fs::path> folders = model_folders();
  std::string searched;
  std::error_code error;
  for (const fs::path& folder : folders) {
    if (fs::exists(folder / name, error)) return folder / name;
    searched += (searched.empty() ? "" : ", ") + folder.string();
  }
  throw Error(ExitCode::model,
              "is not in any folder of models" + (searched.empty() ? "" : " (" + searched + ")"),
              name.string(), "set DAWSON_MODELS to the folder that holds it");
}

}  // namespace dawson::core
