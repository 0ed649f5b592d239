// A raster picture, and its way into files.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace dawson::report {

/// Pixels from the top left, three bytes each: red, green, blue.
struct Picture {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> rgb;

  Picture() = default;
  Picture(int w, int h)
      : width(w), height(h), rgb(3 * static_cast<std::size_t>(w) * static_cast<std::size_t>(h)) {}
  [[nodiscard]] std::uint8_t* pixel(int x, int y) {
    return rgb.data() + 3 * (static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
                             static_cast<std::size_t>(x));
  }
  [[nodiscard]] const std::uint8_t* pixel(int x, int y) const {
    return const_cast<Picture*>(this)->pixel(x, y);
  }
};

/// The bytes of a PNG file.
std::string encode_png(const Picture& picture);
/// The same of grey values, one byte each, from the top left.
std::string encode_grey_png(const std::vector<std::uint8_t>& values, int width, int height);
/// The bytes of a JPEG file of quality 95, colours as sharp as brightness: for pages alone, where
/// nobody measures pixels. Throws Error{defect}.
std::string encode_jpeg(const Picture& picture);
/// Writes a PNG file. Throws Error{output}.
void write_png(const std::filesystem::path& file, const Picture& picture);
/// RFC 4648, with padding.
std::string base64(const std::string& bytes);

}  // namespace dawson::report
