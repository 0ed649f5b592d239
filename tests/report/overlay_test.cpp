#include "dawson/report/overlay.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "dawson/core/error.h"
#include "dawson/report/cairo_surface.h"
#include "made_case.h"

namespace dawson::report {
namespace {

OverlayInput input_of(const made::Case& c) {
  OverlayInput input;
  input.scan = &c.scan;
  input.lesions = &c.segmentation.lesion_mask;
  input.brain = &c.segmentation.brain_mask;
  input.title = "sub-01";
  return input;
}

struct Painted {
  int pixels = 0;
  double mean_x = 0, mean_y = 0;
};

/// Pixels whose red, green and blue stand in this order of strength, clearly.
template <typename F>
Painted painted(const Picture& picture, F is) {
  Painted p;
  for (int y = 0; y < picture.height; ++y) {
    for (int x = 0; x < picture.width; ++x) {
      const std::uint8_t* rgb = picture.pixel(x, y);
      if (!is(rgb[0], rgb[1], rgb[2])) continue;
      ++p.pixels;
      p.mean_x += x;
      p.mean_y += y;
    }
  }
  p.mean_x /= std::max(1, p.pixels);
  p.mean_y /= std::max(1, p.pixels);
  return p;
}
bool orange(int r, int g, int b) {
  return r > g + 40 && g > b + 60;
}
TEST(Overlay, DrawsALesionOfThePatientsLeftOnTheRight) {
  made::Case c(made::grid("LPS", {72, 84, 18}, {2, 2, 6}));
  c.add_lesion({-30, 25, 3}, 8);  // left, in front
  const Tiles tiles = draw_tiles(input_of(c), 1, 300);
  ASSERT_EQ(tiles.tiles.size(), 1U);
  const Picture& picture = tiles.tiles[0].picture;
  const Painted p = painted(picture, orange);
  EXPECT_GT(p.pixels, 30);
  EXPECT_GT(p.mean_x, 0.65 * picture.width);
  EXPECT_LT(p.mean_y, 0.45 * picture.height);
  EXPECT_EQ(tiles.display.right_mark, 'L');
}

TEST(Overlay, KeepsTrueProportionsOfUnequalVoxels) {
  // 100 mm wide and 150 mm high, in voxels of 1 × 3 mm.
  const made::Case c(made::grid("LPS", {100, 50, 12}, {1, 3, 8}));
  OverlayInput input = input_of(c);
  input.brain = nullptr;
  const Picture picture = draw_tiles(input, 1, 200).tiles.at(0).picture;
  EXPECT_EQ(picture.width, 200);
  EXPECT_EQ(picture.height, 300);
}

TEST(Overlay, LeavesALesionVisibleInsideItsOutline) {
  made::Case c(made::grid("LPS", {72, 84, 18}, {2, 2, 6}));
  c.add_lesion({0, 0, 3}, 14);
  const Tiles tiles = draw_tiles(input_of(c), 1, 400);
  const Picture& picture = tiles.tiles.at(0).picture;
  const std::uint8_t* middle = picture.pixel(picture.width / 2, picture.height / 2);
  EXPECT_GT(middle[2], 120) << "the fill is light: the lesion's own brightness shows through";
}

TEST(Overlay, ShowsASingleVoxel) {
  made::Case c(made::grid("LPS", {72, 84, 18}, {2, 2, 6}));
  c.segmentation.lesion_mask.at(30, 40, 9) = 1;
  c.recount();
  const Tiles tiles = draw_tiles(input_of(c), 1, 300);
  EXPECT_EQ(tiles.tiles.at(0).slice, 9);
  EXPECT_GT(painted(tiles.tiles.at(0).picture, orange).pixels, 5);
}

TEST(Overlay, IsAPictureOfTheWidthAskedFor) {
  const made::Case c = made::thick_case();
  const Picture picture = draw_overlay(input_of(c), english(), 1600);
  EXPECT_EQ(picture.width, 1600);
  EXPECT_GT(picture.height, 800);
  EXPECT_EQ(picture.rgb.size(), 3U * 1600U * static_cast<std::size_t>(picture.height));
  EXPECT_LT(picture.pixel(2, 2)[0], 30) << "the ground is dark";
}

TEST(Overlay, RefusesAMaskOfAnotherSize) {
  const made::Case c = made::thick_case();
  const volume::Mask other(made::grid("LPS", {72, 84, 17}, {2, 2, 6}));
  OverlayInput input = input_of(c);
  input.lesions = &other;
  try {
    draw_overlay(input, english());
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ExitCode::input);
  }
}

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
