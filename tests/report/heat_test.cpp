#include "dawson/report/heat.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "dawson/report/colours.h"
#include "painted.h"

namespace dawson::report {
namespace {

// Rec. 709 luma of sRGB values: what a grey print keeps.
double lightness(const std::array<std::uint8_t, 3>& rgb) {
  return 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2];
}

TEST(HeatColour, GrowsLighterWithProbability) {
  for (double p = heat_from; p < 0.99; p += 0.02) {
    EXPECT_LT(lightness(heat_colour(p)), lightness(heat_colour(p + 0.02))) << p;
  }
}

TEST(HeatColour, EndsWhereInfernoEnds) {
  // The last entry of matplotlib's inferno (van der Walt and Smith 2015): 0.988362, 0.998364,
  // 0.644924.
  const auto top = heat_colour(1);
  EXPECT_NEAR(top[0], 252, 1);
  EXPECT_NEAR(top[1], 255, 1);
  EXPECT_NEAR(top[2], 164, 1);
  EXPECT_EQ(heat_colour(7), top);
  EXPECT_EQ(heat_colour(-1), heat_colour(heat_from));
}

/// 40 × 50 voxels of 2 mm in tiles of 320 × 400 pixels: voxel (i, j) covers [8i, 8i+8).
struct HeatCase : ::testing::Test {
  made::Case c{made::grid("LPS", {40, 50, 3}, {2, 2, 2})};
  OverlayInput input = made::input_of(c);
  HeatCase() {
    input.brain = nullptr;
    input.probabilities = &c.segmentation.probabilities;
  }
  void set_block(int i, int j, float p) {
    for (int v = j; v < j + 5; ++v) {
      for (int u = i; u < i + 5; ++u) c.segmentation.probabilities.at(u, v, 1) = p;
    }
  }
  Picture heat() { return draw_heat_tiles(input, 3, 320).tiles.at(1).picture; }
  Picture grey() { return draw_tiles(input, 3, 320).tiles.at(1).picture; }
};

TEST_F(HeatCase, PaintsEachVoxelInTheColourOfItsProbability) {
  set_block(10, 20, 0.61F);
  c.segmentation.probabilities.at(30, 7, 1) = 0.45F;
  const Picture with = heat(), without = grey();
  for (const auto& [i, j, p] : {std::tuple{12, 22, 0.61}, {10, 20, 0.61}, {30, 7, 0.45}}) {
    const int x = 8 * i + 4, y = 8 * j + 4;
    for (std::size_t k = 0; k < 3; ++k) {
      const double g = without.pixel(x, y)[k];
      EXPECT_NEAR(with.pixel(x, y)[k], g + 0.75 * (heat_colour(p)[k] - g), 1.01) << i << " " << j;
    }
  }
  const std::uint8_t* beside = with.pixel(8 * 31 + 1, 8 * 7 + 4);
  EXPECT_EQ(beside[0], beside[2]) << "the next voxel is grey";
}

TEST_F(HeatCase, LeavesTheScanAsItIsBelowTheStatedProbability) {
  set_block(10, 20, 0.19F);
  EXPECT_EQ(heat().rgb, grey().rgb);
  set_block(10, 20, static_cast<float>(heat_from));
  EXPECT_NE(heat().rgb, grey().rgb);
}

TEST_F(HeatCase, LinesHighConfidenceOnly) {
  set_block(10, 20, 0.89F);
  EXPECT_EQ(made::painted(heat(), made::close_to(colours::high_confidence)).pixels, 0);
  set_block(10, 20, 0.9F);
  const made::Painted p = made::painted(heat(), made::close_to(colours::high_confidence));
  EXPECT_GT(p.pixels, 100);
  EXPECT_NEAR(p.mean_x, 8 * 12.5 - 0.5, 0.6);
  EXPECT_NEAR(p.mean_y, 8 * 22.5 - 0.5, 0.6);
  EXPECT_LT(p.left, 8 * 10) << "the line lies outside";
}

TEST_F(HeatCase, LinesTheMaskApartFromConfidence) {
  set_block(10, 20, 0.5F);
  const Picture before = heat();
  for (int v = 21; v < 24; ++v) c.segmentation.lesion_mask.at(12, v, 1) = 1;
  const Picture after = heat();
  const auto white = made::close_to(colours::bright_text, 20);
  EXPECT_GT(made::painted(after, white).pixels, made::painted(before, white).pixels + 20);
  EXPECT_EQ(made::painted(after, made::close_to(colours::high_confidence)).pixels, 0);
}

TEST(Heat, ShowsTheMosaicsSlices) {
  const made::Case c = made::thick_case();
  OverlayInput input = made::input_of(c);
  input.probabilities = &c.segmentation.probabilities;
  const Tiles heat = draw_heat_tiles(input, 8, 100), mosaic = draw_tiles(input, 8, 100);
  ASSERT_EQ(heat.tiles.size(), mosaic.tiles.size());
  for (std::size_t t = 0; t < heat.tiles.size(); ++t) {
    EXPECT_EQ(heat.tiles[t].slice, mosaic.tiles[t].slice);
    EXPECT_EQ(heat.tiles[t].picture.height, mosaic.tiles[t].picture.height);
  }
  const Picture picture = draw_heat(input, english(), 800);
  EXPECT_EQ(picture.width, 800);
  EXPECT_EQ(picture.rgb, draw_heat(input, english(), 800).rgb);
}

TEST(Heat, NeedsProbabilities) {
  const made::Case c = made::thick_case();
  EXPECT_THROW(draw_heat(made::input_of(c), english()), std::invalid_argument);
}

}  // namespace
}  // namespace dawson::report
