// The files below a folder.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace dawson::core {

/// Regular files at any depth, in the order of their paths. Links to folders are not followed, so
/// that loops do no harm; links to files are. A folder below that cannot be read is added to
/// `problems`, a sentence, and the rest goes on. Throws Error{input} when `folder` itself cannot.
std::vector<std::filesystem::path> files_below(const std::filesystem::path& folder,
                                               std::vector<std::string>& problems);

}  // namespace dawson::core
