// Arrays of bytes in NumPy's .npy format, version 1.0 (numpy.lib.format).
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <vector>

namespace dawson::cache {

/// Writes `values` with this shape (C order, dtype |u1), atomically. Throws Error{output}.
void write_npy(const std::filesystem::path& file, const std::vector<std::uint8_t>& values,
               const std::vector<std::size_t>& shape);

/// The size in bytes of such a file of this shape.
std::size_t npy_file_size(const std::vector<std::size_t>& shape);

/// Reads such a file of exactly this shape. Throws Error{input} when it is anything else.
std::vector<std::uint8_t> read_npy(const std::filesystem::path& file,
                                   const std::vector<std::size_t>& shape);

}  // namespace dawson::cache
