#include "dawson/core/walk.h"

#include <algorithm>

#include "dawson/core/error.h"

namespace dawson::core {

namespace fs = std::filesystem;

std::vector<fs::path> files_below(const fs::path& folder, std::vector<std::string>& problems) {
  std::vector<fs::path> files;
  std::vector<fs::path> folders{folder};
  while (!folders.empty()) {
    const fs::path here = std::move(folders.back());
    folders.pop_back();
    std::error_code error;
    for (auto entry = fs::directory_iterator(here, error); !error && entry != fs::end(entry);
         entry.increment(error)) {
      std::error_code vanished;  // between listing and asking, or a link to nowhere: no file
      if (entry->is_directory(vanished) && !entry->is_symlink(vanished)) {
        folders.push_back(entry->path());
      } else if (entry->is_regular_file(vanished)) {
        files.push_back(entry->path());
      }
    }
    if (!error) continue;
    if (here == folder) {
      throw Error(ExitCode::input, "the folder cannot be read", folder.string());
    }
    problems.push_back(here.string() + ": the folder cannot be read");
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace dawson::core
