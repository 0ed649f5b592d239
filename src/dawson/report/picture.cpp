#include "dawson/report/picture.h"

#include <array>
#include <cstring>
#include <new>

#include "dawson/core/atomic_file.h"
#include "dawson/core/error.h"
#include "dawson/report/cairo_surface.h"

namespace dawson::report {
namespace {

cairo_status_t append(void* to, const unsigned char* data, unsigned int length) {
  static_cast<std::string*>(to)->append(reinterpret_cast<const char*>(data), length);
  return CAIRO_STATUS_SUCCESS;
}

}  // namespace

// Cairo keeps a pixel as one 32-bit number 0x00RRGGBB in the machine's byte order.
Surface surface_of(const Picture& picture) {
  Surface surface(cairo_image_surface_create(CAIRO_FORMAT_RGB24, picture.width, picture.height));
  unsigned char* data = cairo_image_surface_get_data(surface.get());
  if (data == nullptr) throw std::bad_alloc();
  const int stride = cairo_image_surface_get_stride(surface.get());
  for (int y = 0; y < picture.height; ++y) {
    for (int x = 0; x < picture.width; ++x) {
      const std::uint8_t* rgb = picture.pixel(x, y);
      const std::uint32_t value =
          (std::uint32_t{rgb[0]} << 16) | (std::uint32_t{rgb[1]} << 8) | std::uint32_t{rgb[2]};
      std::memcpy(data + static_cast<std::ptrdiff_t>(y) * stride + 4 * x, &value, 4);
    }
  }
  cairo_surface_mark_dirty(surface.get());
  return surface;
}

Picture picture_of(cairo_surface_t* surface) {
  cairo_surface_flush(surface);
  const unsigned char* data = cairo_image_surface_get_data(surface);
  if (data == nullptr) throw std::bad_alloc();
  Picture picture(cairo_image_surface_get_width(surface), cairo_image_surface_get_height(surface));
  const int stride = cairo_image_surface_get_stride(surface);
  for (int y = 0; y < picture.height; ++y) {
    for (int x = 0; x < picture.width; ++x) {
      std::uint32_t value = 0;
      std::memcpy(&value, data + static_cast<std::ptrdiff_t>(y) * stride + 4 * x, 4);
      std::uint8_t* rgb = picture.pixel(x, y);
      rgb[0] = static_cast<std::uint8_t>(value >> 16);
      rgb[1] = static_cast<std::uint8_t>(value >> 8);
      rgb[2] = static_cast<std::uint8_t>(value);
    }
  }
  return picture;
}

std::string encode_png(const Picture& picture) {
  std::string bytes;
  const Surface surface = surface_of(picture);
  if (cairo_surface_write_to_png_stream(surface.get(), append, &bytes) != CAIRO_STATUS_SUCCESS) {
    throw Error(ExitCode::defect, "a picture could not be encoded");
  }
  return bytes;
}

void write_png(const std::filesystem::path& file, const Picture& picture) {
  core::write_text(file, encode_png(picture));
}

std::string base64(const std::string& bytes) {
  constexpr const char* alphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t left = bytes.size() - i;
    std::uint32_t group = 0;
    for (std::size_t b = 0; b < 3; ++b) {
      group = (group << 8) | (b < left ? static_cast<unsigned char>(bytes[i + b]) : 0U);
    }
    for (std::size_t c = 0; c < 4; ++c) {
      text += c <= left ? alphabet[(group >> (18 - 6 * c)) & 63U] : '=';
    }
  }
  return text;
}

}  // namespace dawson::report
