#include "dawson/report/picture.h"

#include <png.h>
#include <turbojpeg.h>

#include <array>
#include <csetjmp>
#include <cstring>
#include <memory>
#include <new>

#include "dawson/core/atomic_file.h"
#include "dawson/core/error.h"
#include "dawson/report/cairo_surface.h"

namespace dawson::report {
namespace {

// libpng is C: an exception must not pass through it, so memory that runs out is its own error.
void append(png_structp png, png_bytep data, png_size_t length) {
  bool enough_memory = true;
  try {
    static_cast<std::string*>(png_get_io_ptr(png))
        ->append(reinterpret_cast<const char*>(data), length);
  } catch (const std::bad_alloc&) {
    enough_memory = false;
  }
  if (!enough_memory) png_error(png, "not enough memory");
}

[[noreturn]] void fail(png_structp png, png_const_charp /*message*/) {
  png_longjmp(png, 1);
}

void say_nothing(png_structp /*png*/, png_const_charp /*message*/) {}

/// Pixels from the top left, and how hard zlib tries on them.
struct Pixels {
  const std::uint8_t* first = nullptr;
  int width = 0, height = 0;
  int bytes_per_pixel = 3;  ///< 3: red, green, blue; 1: grey
  int level = 3, strategy = 0;
};

/// Writes a whole file to `bytes`; false when libpng refuses. Holds nothing that libpng's jump back
/// would leave undestroyed.
bool encode(const Pixels& pixels, std::string& bytes) {
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, fail, say_nothing);
  if (png == nullptr) return false;
  png_infop info = png_create_info_struct(png);
  if (info == nullptr || setjmp(png_jmpbuf(png)) != 0) {
    png_destroy_write_struct(&png, &info);
    return false;
  }
  png_set_write_fn(png, &bytes, append, nullptr);
  png_set_compression_level(png, pixels.level);
  png_set_compression_strategy(png, pixels.strategy);
  png_set_filter(png, PNG_FILTER_TYPE_BASE, PNG_FILTER_PAETH);
  png_set_IHDR(png, info, static_cast<png_uint_32>(pixels.width),
               static_cast<png_uint_32>(pixels.height), 8,
               pixels.bytes_per_pixel == 1 ? PNG_COLOR_TYPE_GRAY : PNG_COLOR_TYPE_RGB,
               PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_BASE, PNG_FILTER_TYPE_BASE);
  png_write_info(png, info);
  const std::size_t row =
      static_cast<std::size_t>(pixels.width) * static_cast<std::size_t>(pixels.bytes_per_pixel);
  for (int y = 0; y < pixels.height; ++y) {
    png_write_row(png, pixels.first + static_cast<std::size_t>(y) * row);
  }
  png_write_end(png, info);
  png_destroy_write_struct(&png, &info);
  return true;
}

std::string encoded(const Pixels& pixels) {
  std::string bytes;
  if (!encode(pixels, bytes)) throw Error(ExitCode::defect, "a picture could not be encoded");
  return bytes;
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
  // A fixed filter and zlib's level 3: a third of the time of libpng's own choice (every filter
  // tried on every row, level 6) for the same size, on our pictures (docs/performance.md).
  return encoded({picture.rgb.data(), picture.width, picture.height});
}

std::string encode_grey_png(const std::vector<std::uint8_t>& values, int width, int height) {
  // What the filter leaves of a scan is noise without repeats: looking for runs alone (Z_RLE) is
  // smaller by an eighth than level 3 with its search for repeats, in half the time.
  constexpr int rle = 3;
  return encoded({values.data(), width, height, 1, 3, rle});
}

std::string encode_jpeg(const Picture& picture) {
  constexpr int quality = 95;
  const std::unique_ptr<void, int (*)(tjhandle)> encoder(tjInitCompress(), tjDestroy);
  unsigned char* bytes = nullptr;
  unsigned long size = 0;
  const bool good =
      encoder && tjCompress2(encoder.get(), picture.rgb.data(), picture.width, 0, picture.height,
                             TJPF_RGB, &bytes, &size, TJSAMP_444, quality, 0) == 0;
  const std::unique_ptr<unsigned char, void (*)(unsigned char*)> owner(bytes, tjFree);
  if (!good) throw Error(ExitCode::defect, "a picture could not be encoded");
  return {bytes, bytes + size};
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
