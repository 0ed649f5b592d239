// Where things that come with dawson lie.
#pragma once

#include <filesystem>
#include <vector>

namespace dawson::core {

/// Folders that hold models and the atlas, best first, those that exist: $DAWSON_MODELS (several
/// separated by ':'), share/dawson/models of the installation the program runs from, and models/ of
/// the source tree it was built from.
std::vector<std::filesystem::path> model_folders();

/// `name` in the first of these folders that has it. Throws Error{model} naming the folders.
std::filesystem::path find_model_file(const std::filesystem::path& name);

}  // namespace dawson::core
