#include "dawson/report/relevance_picture.h"

#include <gtest/gtest.h>

#include <cmath>

#include "dawson/core/error.h"
#include "painted.h"

namespace dawson::report {
namespace {

bool is_orange(int r, int g, int b) {
  return r > 60 && r > g + 15 && g > b + 8;
}
bool is_blue(int r, int g, int b) {
  return b > 60 && b > g + 15 && g > r + 8;
}

TEST(RelevanceColour, IsSymmetricAboutZeroAndFullerTheMore) {
  EXPECT_EQ(relevance_colour(0).opacity, 0);
  double opacity = 0, lightness = 0;
  for (double share = 0.05; share < 1.001; share += 0.05) {
    const RelevanceColour more = relevance_colour(share), less = relevance_colour(-share);
    EXPECT_EQ(more.opacity, less.opacity);
    EXPECT_GT(more.rgb[0], more.rgb[2]) << "orange";
    EXPECT_GT(less.rgb[2], less.rgb[0]) << "blue";
    const double light = more.opacity * (more.rgb[0] + more.rgb[1] + more.rgb[2]);
    EXPECT_GT(light, lightness) << share;
    EXPECT_GE(more.opacity, opacity);
    lightness = light;
    opacity = more.opacity;
  }
  EXPECT_EQ(relevance_colour(7).rgb, relevance_colour(1).rgb);
}

TEST(RelevanceScale, LeavesATenthOfAllRelevanceAboveIt) {
  volume::Image values(made::grid("LPS", {100, 10, 1}, {1, 1, 1}));
  // 1, 2, …, 100: above 95 lie 96 + … + 100 = 490, above 94 585 of 5050.
  for (int i = 0; i < 100; ++i)
    values.at(i, 3, 0) = static_cast<float>(i % 2 == 0 ? i + 1 : -i - 1);
  EXPECT_EQ(relevance_scale({{"a", &values}}), 95);
  volume::Image nothing(values.grid);
  EXPECT_EQ(relevance_scale({{"a", &values}, {"b", &nothing}}), 95);
  EXPECT_EQ(relevance_scale({{"b", &nothing}}), 1);
}

/// 80 × 90 voxels of 2 mm, 8 slices of 6 mm; asked about: a block of slices 3 and 4.
struct RelevanceCase : ::testing::Test {
  made::Case c{made::grid("LPS", {80, 90, 8}, {2, 2, 6})};
  volume::Mask region{c.scan.grid};
  volume::Image flair{c.scan.grid}, place{c.scan.grid};
  RelevanceInput input;

  RelevanceCase() {
    for (int k = 3; k < 5; ++k) {
      for (int j = 40; j < 46; ++j) {
        for (int i = 30; i < 36; ++i) {
          region.at(i, j, k) = 1;
          flair.at(i, j, k) = 1;
          place.at(i, j, k) = -0.5F;
        }
      }
    }
    input.scan = made::input_of(c);
    input.region = &region;
    input.channels = {{"one", &flair}, {"two", &place}};
    input.about = "about";
  }
  [[nodiscard]] Picture drawn() const { return draw_relevance(input, english(), 1500); }
};

TEST_F(RelevanceCase, ColoursForAndAgainstInTheirOwnColumns) {
  const Picture picture = drawn();
  EXPECT_EQ(picture.width, 1500);
  // Three columns of 500 pixels: scan, one, two. Above the scale, which has both colours.
  Picture body(1500, picture.height * 3 / 4);
  std::copy_n(picture.rgb.begin(), body.rgb.size(), body.rgb.begin());
  const made::Painted orange = made::painted(body, is_orange);
  const made::Painted blue = made::painted(body, is_blue);
  EXPECT_GT(orange.pixels, 500);
  EXPECT_GT(blue.pixels, 500);
  EXPECT_GT(blue.left, 1000);
  EXPECT_GT(made::painted(picture, is_blue).pixels, blue.pixels) << "the scale";
  for (float& r : flair.data) r = -r;
  Picture against = drawn();
  against.rgb.resize(body.rgb.size());
  against.height = body.height;
  EXPECT_LT(made::painted(against, is_blue).left, 1000);
}

TEST_F(RelevanceCase, ShowsTheRegionLargeInTrueProportions) {
  // 12 mm of at least 90 mm: in the middle of its tile, 500 · 12 / 90 = 67 pixels but for gaps.
  Picture body = drawn();
  body.height = body.height * 3 / 4;
  body.rgb.resize(3 * static_cast<std::size_t>(body.width) * static_cast<std::size_t>(body.height));
  const made::Painted blue = made::painted(body, is_blue);
  EXPECT_NEAR(blue.right - blue.left, 64, 12);
  EXPECT_NEAR((blue.right + blue.left) / 2.0, 1250, 30);
}

TEST_F(RelevanceCase, DrawsARegionAtTheBorderOfTheScanAndAnEmptyOne) {
  region.data.assign(region.data.size(), 0);
  EXPECT_GT(drawn().height, 300) << "nothing to outline";
  region.at(0, 0, 0) = region.at(79, 89, 7) = 1;
  EXPECT_GT(drawn().height, 300);
}

TEST_F(RelevanceCase, RefusesMasksOfAnotherSize) {
  const volume::Mask other(made::grid("LPS", {8, 9, 8}, {2, 2, 6}));
  input.scan.lesions = &other;
  EXPECT_THROW((void)drawn(), Error);
}

}  // namespace
}  // namespace dawson::report
