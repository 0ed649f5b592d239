// Bytes of a file, gunzipped on the way where the file is gzip. Private to this room.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>

namespace dawson::volume {

/// Reads a file forwards. Memory use does not depend on what the file promises.
class ByteSource {
 public:
  /// Throws Error{input} when the file is missing, a folder, empty or cannot be read.
  explicit ByteSource(const std::filesystem::path& file);
  ~ByteSource();
  ByteSource(const ByteSource&) = delete;
  ByteSource& operator=(const ByteSource&) = delete;

  /// Up to `count` bytes; fewer only at the end. Throws Error{input} when the compressed data are
  /// damaged or end before their time.
  std::size_t read(void* to, std::size_t count);
  /// Skips up to `count` bytes and returns how many there were.
  std::uint64_t skip(std::uint64_t count);
  /// True once something that is not gzip was met behind the compressed data.
  [[nodiscard]] bool trailing_bytes() const noexcept;
  /// No more than this many bytes can come out of the file: its size, or, for gzip, 1032 times its
  /// size (the format's greatest ratio; zlib technical details, Gailly and Adler).
  [[nodiscard]] std::uint64_t most_bytes() const noexcept;
  [[nodiscard]] bool is_gzip() const noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace dawson::volume
