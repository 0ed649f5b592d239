#include "dawson/report/canvas.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <regex>

#include "dawson/report/colours.h"
#include "painted.h"
#include "support/temporary_folder.h"
#include "well_formed.h"

namespace dawson::report {
namespace {

using made::close_to;
using made::Painted;
using made::painted;

constexpr Colour blue = colours::series_blue;

Canvas white_picture(double scale = 1) {
  return Canvas::for_picture(100, 80, colours::white, scale);
}

std::string drawing() {
  Canvas canvas = Canvas::for_svg(120, 90, {"a <b> & \"c\"", "d'e", "en"});
  canvas.disc(20, 20, 5, blue);
  canvas.text("Dice & more", 5, 40, 100, {12, colours::ink});
  return canvas.finish_svg();
}

TEST(Canvas, APictureOfScaleTwoHasTwoPixelsForEachUnit) {
  Canvas canvas = white_picture(2);
  canvas.disc(30, 20, 4, blue);
  const Picture picture = canvas.finish_picture();
  EXPECT_EQ(picture.width, 200);
  EXPECT_EQ(picture.height, 160);
  const Painted disc = painted(picture, close_to(blue));
  EXPECT_NEAR(disc.mean_x, 2 * 30 - 0.5, 0.3);
  EXPECT_NEAR(disc.mean_y, 2 * 20 - 0.5, 0.3);
  EXPECT_NEAR(disc.pixels, 3.1416 * 8 * 8, 30);  // π r², less the softened rim
}

TEST(Canvas, ARingIsHollow) {
  Canvas canvas = white_picture();
  canvas.ring(50, 40, 10, blue, 3);
  const Picture picture = canvas.finish_picture();
  EXPECT_EQ(picture.pixel(50, 40)[0], 255);
  EXPECT_TRUE(
      close_to(blue)(picture.pixel(60, 40)[0], picture.pixel(60, 40)[1], picture.pixel(60, 40)[2]));
}

TEST(Canvas, ADashedLineHasGapsAndASolidOneNone) {
  const std::array<Point, 2> ends{Point{10, 20.5}, Point{90, 20.5}};
  const std::array<double, 2> dash{6, 4};
  Canvas dashed = white_picture();
  dashed.polyline(ends, blue, 1, dash);
  Canvas solid = white_picture();
  solid.polyline(ends, blue, 1);
  EXPECT_EQ(painted(solid.finish_picture(), close_to(blue)).pixels, 80);
  EXPECT_EQ(painted(dashed.finish_picture(), close_to(blue)).pixels, 48);  // 6 of every 10
}

TEST(Canvas, APolygonFillsWhatLiesWithinItsPoints) {
  Canvas canvas = white_picture();
  const std::array<Point, 3> corners{Point{10, 10}, Point{50, 10}, Point{10, 50}};
  canvas.polygon(corners, blue);
  const Painted area = painted(canvas.finish_picture(), close_to(blue));
  EXPECT_NEAR(area.pixels, 40 * 40 / 2, 30);
  EXPECT_EQ(area.left, 10);
  EXPECT_EQ(area.top, 10);
}

TEST(Canvas, NothingIsDrawnOutsideItsBoxUntilTheBoxEnds) {
  Canvas canvas = white_picture();
  canvas.within({20, 20, 10, 10}, [&] { canvas.fill({0, 0, 100, 80}, blue); });
  canvas.fill({60, 60, 5, 5}, colours::series_vermilion);
  const Picture picture = canvas.finish_picture();
  const Painted inside = painted(picture, close_to(blue));
  EXPECT_EQ(inside.pixels, 100);
  EXPECT_EQ(inside.left, 20);
  EXPECT_EQ(inside.bottom, 29);
  EXPECT_EQ(painted(picture, close_to(colours::series_vermilion)).pixels, 25);
}

TEST(Canvas, UprightTextStandsInItsColumnAndReadsUpwards) {
  const TextStyle style{12, colours::ink};
  Canvas level = white_picture();
  level.text("Dice of it", 5, 5, 90, style);
  const Painted flat = painted(level.finish_picture(), close_to(colours::ink, 120));
  Canvas canvas = white_picture();
  canvas.text_upwards("Dice of it", 30, 75, 70, style);
  const Painted upright = painted(canvas.finish_picture(), close_to(colours::ink, 120));
  EXPECT_NEAR(upright.bottom - upright.top, flat.right - flat.left, 2);
  EXPECT_NEAR(upright.right - upright.left, flat.bottom - flat.top, 2);
  EXPECT_GE(upright.left, 30);
  EXPECT_LE(upright.bottom, 75);
  EXPECT_GE(upright.bottom, 70);  // begins at the bottom
}

TEST(Canvas, AnSvgIsWellFormedAndSaysWhatItShows) {
  const std::string svg = drawing();
  EXPECT_EQ(made::fault_of_markup(svg), "") << svg;
  EXPECT_NE(svg.find("<title>a &lt;b&gt; &amp; &quot;c&quot;</title>"), std::string::npos);
  EXPECT_NE(svg.find("<desc>d&#39;e</desc>"), std::string::npos);
  EXPECT_NE(svg.find("role=\"img\""), std::string::npos);
  EXPECT_NE(svg.find("viewBox=\"0 0 120 90\""), std::string::npos);
}

TEST(Canvas, TheSameDrawingGivesTheSameBytesAndNoDate) {
  const std::string first = drawing();
  EXPECT_EQ(first, drawing());
  EXPECT_FALSE(std::regex_search(first, std::regex("20[0-9][0-9]-[01][0-9]")));
}

TEST(Canvas, PagesFollowOneAnother) {
  const testing::TemporaryFolder folder;
  const auto file = folder / "pages.pdf";
  Canvas canvas = Canvas::for_page(file, 595, 842, {"title", "", "", ""});
  const TextStyle style{12, colours::ink};
  canvas.text("first page", 50, 50, 400, style);
  canvas.next_page();
  canvas.text("second page", 50, 50, 400, style);
  canvas.finish_page();
  EXPECT_NE(made::output_of("pdfinfo '" + file.string() + "'").find("Pages:           2"),
            std::string::npos);
  const std::string second = made::output_of("pdftotext -f 2 -l 2 '" + file.string() + "' -");
  EXPECT_NE(second.find("second page"), std::string::npos);
  EXPECT_EQ(second.find("first page"), std::string::npos);
}

/// A grey ramp with a red frame of two pixels, as a lesion's outline is.
Picture outlined_ramp(int size) {
  Picture picture(size, size);
  for (int y = 0; y < size; ++y) {
    for (int x = 0; x < size; ++x) {
      const int rim = std::min({std::abs(x - 12), std::abs(x - 52), std::abs(y - 12)});
      std::uint8_t* rgb = picture.pixel(x, y);
      rgb[0] = rgb[1] = rgb[2] = static_cast<std::uint8_t>(2 * (x + y));
      if (rim < 2) rgb[0] = 230, rgb[1] = 60, rgb[2] = 30;
    }
  }
  return picture;
}

TEST(Canvas, AStoredPictureLooksOnThePageAsItWasDrawn) {
  constexpr int size = 64;
  const testing::TemporaryFolder folder;
  const auto file = folder / "page.pdf";
  const Picture drawn = outlined_ramp(size);
  Canvas canvas = Canvas::for_page(file, size, size, {"title", "", "", ""});
  canvas.draw(drawn, {0, 0, size, size});
  canvas.finish_page();

  const std::string stored = "'" + file.string() + "'";
  EXPECT_NE(made::output_of("pdfimages -list " + stored).find("jpeg"), std::string::npos);
  made::output_of("pdfimages " + stored + " '" + (folder / "stored").string() + "'");
  // A PPM: "P6", width and height, 255, a line each, and then the pixels.
  const std::string ppm = testing::read(folder / "stored-000.ppm");
  const std::string head = "P6\n64 64\n255\n";
  ASSERT_EQ(ppm.substr(0, head.size()), head);
  ASSERT_EQ(ppm.size(), head.size() + drawn.rgb.size());
  for (std::size_t i = 0; i < drawn.rgb.size(); ++i) {
    EXPECT_NEAR(static_cast<unsigned char>(ppm[head.size() + i]), int{drawn.rgb[i]}, 25)
        << "pixel " << i / 3;
  }
}

}  // namespace
}  // namespace dawson::report
