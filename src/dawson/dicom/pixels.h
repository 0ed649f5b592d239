// The pixels of one DICOM file, whatever they are packed in.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

namespace dawson::dicom {

struct PixelLayout {
  int columns = 0, rows = 0, frames = 1;
  unsigned bits_allocated = 16;  ///< 8, 16 or 32
  unsigned bits_used = 16;       ///< the lowest of them
  bool is_signed = false;

  [[nodiscard]] std::size_t area() const { return std::size_t(columns) * std::size_t(rows); }
};

/// Stored values as bytes, little-endian: columns fastest, then rows, then frames. Unused bits are
/// 0, or the sign.
struct StoredPixels {
  PixelLayout layout;
  std::vector<std::uint8_t> bytes;

  /// The frame's values; `frame` from 0.
  [[nodiscard]] std::vector<float> values(int frame) const;
  /// Writes `value`, rounded, into the pixel `index` of the frame.
  void set(int frame, std::size_t index, float value);
};

/// Decoded by DCMTK: raw, RLE, deflated, JPEG (lossy and lossless), JPEG-LS, either byte order;
/// JPEG 2000 by GDCM. Throws Error{input} naming the file: damaged, in colour, or not of this size.
StoredPixels read_stored_pixels(const std::filesystem::path& file, int columns, int rows,
                                int frames);

/// The values of all frames. Throws as read_stored_pixels does.
std::vector<float> read_pixels(const std::filesystem::path& file, int columns, int rows,
                               int frames);

}  // namespace dawson::dicom
