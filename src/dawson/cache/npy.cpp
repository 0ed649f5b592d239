#include "dawson/cache/npy.h"

#include <fstream>
#include <functional>
#include <numeric>
#include <string>

#include "dawson/core/atomic_file.h"
#include "dawson/core/error.h"

namespace dawson::cache {
namespace {

constexpr std::size_t preamble_size = 10;  // magic (6), version (2), header length (2)
constexpr std::size_t alignment = 64;

std::string header(const std::vector<std::size_t>& shape) {
  std::string dictionary = "{'descr': '|u1', 'fortran_order': False, 'shape': (";
  for (const std::size_t extent : shape) dictionary += std::to_string(extent) + ", ";
  dictionary += "), }";
  const std::size_t unpadded = preamble_size + dictionary.size() + 1;
  dictionary.append((alignment - unpadded % alignment) % alignment, ' ');
  dictionary += '\n';
  std::string text("\x93NUMPY\x01\x00", 8);
  text += static_cast<char>(dictionary.size() & 0xffU);
  text += static_cast<char>(dictionary.size() >> 8U);
  return text + dictionary;
}

std::size_t count(const std::vector<std::size_t>& shape) {
  return std::accumulate(shape.begin(), shape.end(), std::size_t{1}, std::multiplies<>());
}

}  // namespace

std::size_t npy_file_size(const std::vector<std::size_t>& shape) {
  return header(shape).size() + count(shape);
}

void write_npy(const std::filesystem::path& file, const std::vector<std::uint8_t>& values,
               const std::vector<std::size_t>& shape) {
  std::string bytes = header(shape);
  bytes.append(reinterpret_cast<const char*>(values.data()), values.size());
  core::write_text(file, bytes);
}

std::vector<std::uint8_t> read_npy(const std::filesystem::path& file,
                                   const std::vector<std::size_t>& shape) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw Error(ExitCode::input, "cannot be read", file.string());
  const std::string expected = header(shape);
  std::string found(expected.size(), '\0');
  in.read(found.data(), static_cast<std::streamsize>(found.size()));
  if (!in || found != expected) {
    throw Error(ExitCode::input, "is not the array that the cache's index describes", file.string(),
                "remove it and run dawson prepare again");
  }
  std::vector<std::uint8_t> values(count(shape));
  in.read(reinterpret_cast<char*>(values.data()), static_cast<std::streamsize>(values.size()));
  if (!in || in.peek() != std::char_traits<char>::eof()) {
    throw Error(ExitCode::input, "is truncated or too long", file.string(),
                "remove it and run dawson prepare again");
  }
  return values;
}

}  // namespace dawson::cache
