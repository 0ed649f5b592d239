// The pixels of one DICOM file, whatever they are packed in.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

namespace dawson::dicom {

/// Stored values as bytes, little-endian: columns fastest, then rows, then frames.
struct StoredPixels {
  int columns = 0, rows = 0, frames = 0;
  int bits_allocated = 16, bits_stored = 16, high_bit = 15;
  bool is_signed = false, is_float = false;
  std::vector<std::uint8_t> bytes;

  [[nodiscard]] std::size_t area() const { return std::size_t(columns) * std::size_t(rows); }
  /// The frame's values; `frame` from 0.
  [[nodiscard]] std::vector<float> values(int frame) const;
  /// Writes `value`, rounded, into the pixel `index` of the frame.
  void set(int frame, std::size_t index, float value);
};

/// Decoded by GDCM: raw, RLE, deflated, JPEG (lossy and lossless), JPEG-LS, JPEG 2000; either byte
/// order. Throws Error{input} naming the file: damaged, in colour, or not of this size.
StoredPixels read_stored_pixels(const std::filesystem::path& file, int columns, int rows,
                                int frames);

/// The values of all frames. Throws as read_stored_pixels does.
std::vector<float> read_pixels(const std::filesystem::path& file, int columns, int rows,
                               int frames);

}  // namespace dawson::dicom
