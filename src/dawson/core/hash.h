// SHA-256 of bytes and files, in lower-case hexadecimal.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

namespace dawson::core {

std::string sha256(const void* data, std::size_t size);
std::string sha256(std::string_view text);
/// Reads the file in pieces. Throws Error{input} when it cannot be read.
std::string sha256_file(const std::filesystem::path& file);

}  // namespace dawson::core
