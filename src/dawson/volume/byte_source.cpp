#include "dawson/volume/byte_source.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <vector>

#include "dawson/core/error.h"

namespace dawson::volume {

namespace {

constexpr std::size_t chunk_bytes = 1 << 18;
constexpr std::size_t margin = 2;  // room to put a member's two magic bytes back

[[noreturn]] void refuse(const std::filesystem::path& file, const std::string& fact,
                         const std::string& what_to_do = {}) {
  throw Error(ExitCode::input, fact, file.string(), what_to_do);
}

}  // namespace

struct ByteSource::State {
  std::filesystem::path file;
  std::ifstream stream;
  std::uint64_t file_bytes = 0;
  bool gzip = false;
  bool ended = false;     ///< no more bytes will come out
  bool trailing = false;  ///< something else stood behind the last gzip member
  std::vector<unsigned char> chunk = std::vector<unsigned char>(margin + chunk_bytes);
  z_stream z{};
  bool inflating = false;

  /// Refills the inflater's input; false at the end of the file.
  bool refill() {
    stream.read(reinterpret_cast<char*>(chunk.data() + margin), chunk_bytes);
    z.next_in = chunk.data() + margin;
    z.avail_in = static_cast<uInt>(stream.gcount());
    if (stream.bad()) refuse(file, "the file cannot be read");
    return z.avail_in > 0;
  }

  /// At the end of a gzip member: true when another follows.
  bool next_member() {
    std::array<unsigned char, 2> first{};
    for (unsigned char& byte : first) {
      if (z.avail_in == 0 && !refill()) {
        ended = true;
        trailing = &byte != first.data();
        return false;
      }
      byte = *z.next_in++;
      --z.avail_in;
    }
    if (first[0] != 0x1f || first[1] != 0x8b) {
      ended = trailing = true;
      return false;
    }
    inflateReset(&z);
    z.next_in -= first.size();
    z.avail_in += static_cast<uInt>(first.size());
    std::copy(first.begin(), first.end(), z.next_in);
    return true;
  }

  std::size_t inflate_some(unsigned char* to, std::size_t count);
};

std::size_t ByteSource::State::inflate_some(unsigned char* to, std::size_t count) {
  std::size_t done = 0;
  while (done < count && !ended) {
    if (z.avail_in == 0 && !refill()) refuse(file, "the file is truncated", "copy it again");
    const auto room = static_cast<uInt>(std::min<std::size_t>(count - done, 1U << 30));
    z.next_out = to + done;
    z.avail_out = room;
    const int status = inflate(&z, Z_NO_FLUSH);
    done += room - z.avail_out;
    if (status == Z_STREAM_END) {
      next_member();
    } else if (status != Z_OK && status != Z_BUF_ERROR) {
      refuse(file, "the compressed data are damaged", "copy the file again");
    }
  }
  return done;
}

ByteSource::ByteSource(const std::filesystem::path& file) : state_(std::make_unique<State>()) {
  State& s = *state_;
  s.file = file;
  std::error_code code;
  const auto status = std::filesystem::status(file, code);
  if (!std::filesystem::exists(status)) refuse(file, "there is no such file");
  if (std::filesystem::is_directory(status)) refuse(file, "this is a folder, not an image file");
  if (!std::filesystem::is_regular_file(status)) refuse(file, "this is not a regular file");
  s.stream.open(file, std::ios::binary);
  if (!s.stream) refuse(file, "the file cannot be read");
  s.file_bytes = std::filesystem::file_size(file, code);
  if (code || s.file_bytes == 0) refuse(file, "the file is empty");

  std::array<char, 2> magic{};
  s.stream.read(magic.data(), 2);
  s.gzip = s.stream.gcount() == 2 && magic[0] == '\x1f' && magic[1] == '\x8b';
  s.stream.clear();
  s.stream.seekg(0);
  if (s.gzip) {
    // 15: the largest window; +16: a gzip header and its checksum.
    if (inflateInit2(&s.z, 15 + 16) != Z_OK) {
      throw Error(ExitCode::resources, "not enough memory to decompress", file.string());
    }
    s.inflating = true;
  }
}

ByteSource::~ByteSource() {
  if (state_->inflating) inflateEnd(&state_->z);
}

std::size_t ByteSource::read(void* to, std::size_t count) {
  State& s = *state_;
  if (s.gzip) return s.inflate_some(static_cast<unsigned char*>(to), count);
  s.stream.read(static_cast<char*>(to), static_cast<std::streamsize>(count));
  if (s.stream.bad()) refuse(s.file, "the file cannot be read");
  return static_cast<std::size_t>(s.stream.gcount());
}

std::uint64_t ByteSource::skip(std::uint64_t count) {
  std::vector<char> unwanted(static_cast<std::size_t>(std::min<std::uint64_t>(count, chunk_bytes)));
  std::uint64_t done = 0;
  while (done < count) {
    const auto wanted =
        static_cast<std::size_t>(std::min<std::uint64_t>(count - done, unwanted.size()));
    const std::size_t got = read(unwanted.data(), wanted);
    done += got;
    if (got < wanted) break;
  }
  return done;
}

bool ByteSource::trailing_bytes() const noexcept {
  return state_->trailing;
}

std::uint64_t ByteSource::most_bytes() const noexcept {
  return state_->gzip ? state_->file_bytes * 1032 : state_->file_bytes;
}

bool ByteSource::is_gzip() const noexcept {
  return state_->gzip;
}

}  // namespace dawson::volume
