// Folders within a run's own that appear whole or not at all.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

namespace dawson::training {

/// Has `write` fill run/.unfinished and renames that to run/name in place of what stood there. A
/// kill at any moment leaves the old one, the new one, or, for the time of a rename, none; never a
/// part. Throws Error{output} when a file cannot be written; the old one then still stands.
void replace_folder(const std::filesystem::path& run, const std::string& name,
                    const std::function<void(const std::filesystem::path&)>& write);

}  // namespace dawson::training
