#include "dawson/report/picture.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "dawson/report/cairo_surface.h"

namespace dawson::report {
namespace {

TEST(Picture, IsTheSameAfterPng) {
  Picture picture(37, 23);
  for (std::size_t i = 0; i < picture.rgb.size(); ++i) {
    picture.rgb[i] = static_cast<std::uint8_t>(i * i / 7);
  }
  struct Bytes {
    std::string text;
    std::size_t read = 0;
  } bytes{encode_png(picture)};
  const auto read = [](void* from, unsigned char* to, unsigned int length) {
    auto* b = static_cast<Bytes*>(from);
    if (b->read + length > b->text.size()) return CAIRO_STATUS_READ_ERROR;
    std::copy_n(b->text.begin() + static_cast<std::ptrdiff_t>(b->read), length, to);
    b->read += length;
    return CAIRO_STATUS_SUCCESS;
  };
  const Surface surface(cairo_image_surface_create_from_png_stream(read, &bytes));
  ASSERT_EQ(cairo_surface_status(surface.get()), CAIRO_STATUS_SUCCESS);
  const Picture back = picture_of(surface.get());
  EXPECT_EQ(back.width, 37);
  EXPECT_EQ(back.height, 23);
  EXPECT_EQ(back.rgb, picture.rgb);
  EXPECT_EQ(bytes.read, bytes.text.size()) << "nothing behind the picture";
}

TEST(Picture, IsEncodedAsPngAndBase64) {
  Picture picture(2, 1);
  picture.pixel(1, 0)[0] = 255;
  EXPECT_EQ(encode_png(picture).substr(1, 3), "PNG");
  // RFC 4648, section 10.
  EXPECT_EQ(base64(""), "");
  EXPECT_EQ(base64("f"), "Zg==");
  EXPECT_EQ(base64("fo"), "Zm8=");
  EXPECT_EQ(base64("foo"), "Zm9v");
  EXPECT_EQ(base64("foobar"), "Zm9vYmFy");
}

}  // namespace
}  // namespace dawson::report
