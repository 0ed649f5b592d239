// All bytes of a file at once.
#pragma once

#include <filesystem>
#include <string>

namespace dawson::volume {

/// Gunzipped where the file is gzip; at most 2^31 bytes. Throws Error{input} when it cannot be read
/// or holds more.
std::string read_whole_file(const std::filesystem::path& file);

}  // namespace dawson::volume
