#include "dawson/volume/whole_file.h"

#include "dawson/core/error.h"
#include "dawson/volume/byte_source.h"

namespace dawson::volume {

std::string read_whole_file(const std::filesystem::path& file) {
  constexpr std::size_t piece = std::size_t{1} << 20U, most = std::size_t{1} << 31U;
  if (std::filesystem::is_empty(file)) return {};
  ByteSource source(file);
  std::string bytes;
  for (std::size_t got = piece; got == piece;) {
    const std::size_t before = bytes.size();
    if (before >= most) throw Error(ExitCode::input, "holds more than 2^31 bytes", file.string());
    bytes.resize(before + piece);
    got = source.read(bytes.data() + before, piece);
    bytes.resize(before + got);
  }
  return bytes;
}

}  // namespace dawson::volume
