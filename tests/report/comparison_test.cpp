#include "dawson/report/comparison.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "dawson/lesions/lesions.h"
#include "dawson/report/colours.h"
#include "painted.h"

namespace dawson::report {
namespace {

using made::Painted;
using made::painted;

/// 40 × 50 × 9 voxels of 2 mm in tiles of 320 × 400 pixels: voxel (i, j) covers [8i, 8i+8). The
/// boxes lie in the middle slice.
struct ComparisonCase : ::testing::Test {
  made::Case c{made::grid("LPS", {40, 50, 9}, {2, 2, 2})};
  volume::Mask reference{c.scan.grid};
  OverlayInput input = made::input_of(c);
  ComparisonCase() {
    std::fill(c.scan.data.begin(), c.scan.data.end(), 100.0F);
    input.brain = nullptr;
    input.reference = &reference;
  }
  static void set(volume::Mask& mask, int i, int j, int columns, int rows) {
    for (int v = j; v < j + rows; ++v) {
      for (int u = i; u < i + columns; ++u) mask.at(u, v, 4) = 1;
    }
  }
  void predict(int i, int j, int columns, int rows) {
    set(c.segmentation.lesion_mask, i, j, columns, rows);
  }
  void expect(int i, int j, int columns, int rows) { set(reference, i, j, columns, rows); }
  std::pair<Picture, Picture> draw() {
    const Pairs pairs = draw_pairs(input, 1, 320);
    EXPECT_EQ(pairs.reference.tiles.at(0).slice, 4);
    EXPECT_EQ(pairs.prediction.tiles.at(0).slice, 4);
    return {pairs.reference.tiles.at(0).picture, pairs.prediction.tiles.at(0).picture};
  }
};

// Half tones of the line's edge left out.
const auto found = made::close_to(colours::found, 40);
const auto missed = made::close_to(colours::missed, 40);
const auto wrong = made::close_to(colours::spurious, 40);

TEST_F(ComparisonCase, TellsFoundMissedAndFalseApart) {
  predict(5, 10, 6, 6), expect(5, 10, 6, 6);
  expect(25, 10, 6, 6);
  predict(15, 35, 6, 6);
  const auto [left, right] = draw();
  const Painted found_left = painted(left, found), found_right = painted(right, found);
  for (const Painted& p : {found_left, found_right}) {
    EXPECT_GT(p.pixels, 100);
    EXPECT_NEAR(p.mean_x, 8 * 8, 1);
    EXPECT_NEAR(p.mean_y, 8 * 13, 1);
  }
  EXPECT_NEAR(painted(left, missed).mean_x, 8 * 28, 3);
  EXPECT_NEAR(painted(right, missed).mean_x, 8 * 28, 3);
  EXPECT_EQ(painted(left, wrong).pixels, 0) << "what is false is not in the reference";
  EXPECT_NEAR(painted(right, wrong).mean_x, 8 * 18, 3);
}

TEST_F(ComparisonCase, TellsThemApartByShapeToo) {
  predict(5, 10, 8, 8), expect(5, 10, 8, 8);
  expect(25, 10, 8, 8);
  predict(15, 35, 8, 8);
  const auto [left, right] = draw();
  // Equal squares: what is missed has gaps in its line. Its pointer and the cross stand above.
  const auto on_right_edge = [](const Picture& picture, int i, auto is) {
    int most = 0;
    for (int x = 8 * (i + 8); x < 8 * (i + 8) + 5; ++x) {
      int on = 0;
      for (int y = 8 * 11; y < 8 * 17; ++y) {
        const std::uint8_t* rgb = picture.pixel(x, y);
        on += is(rgb[0], rgb[1], rgb[2]) ? 1 : 0;
      }
      most = std::max(most, on);
    }
    return most;
  };
  EXPECT_EQ(on_right_edge(left, 5, found), 48) << "a whole line";
  EXPECT_GT(on_right_edge(left, 25, missed), 12);
  EXPECT_LT(on_right_edge(left, 25, missed), 40) << "dashes";
  EXPECT_LT(painted(left, missed).top, 8 * 10 - 8) << "a pointer";
  EXPECT_LT(painted(right, wrong).top, 8 * 35 - 8) << "a cross";
  EXPECT_GE(painted(left, found).top, 8 * 10 - 5) << "neither";
}

TEST_F(ComparisonCase, HatchesTheVoxelsThatDiffer) {
  expect(5, 10, 20, 10);
  predict(10, 10, 20, 10);
  const auto [left, right] = draw();
  // Stripes: along a row of the reference's part alone, full colour and gaps take turns.
  const auto turns = [](const Picture& picture, int from, int to, int y) {
    int count = 0;
    for (int x = from + 1; x < to; ++x) {
      count += std::abs(picture.pixel(x, y)[0] - picture.pixel(x - 1, y)[0]) > 15 ? 1 : 0;
    }
    return count;
  };
  EXPECT_GE(turns(right, 8 * 5 + 4, 8 * 10 - 6, 8 * 15), 4) << "reference alone";
  EXPECT_GE(turns(right, 8 * 25 + 6, 8 * 30 - 4, 8 * 15), 4) << "program alone";
  EXPECT_EQ(turns(right, 8 * 12, 8 * 24, 8 * 15), 0) << "both: as the scan";
  EXPECT_EQ(turns(left, 8 * 7, 8 * 24, 8 * 15), 0) << "the reference is not hatched";
  const std::uint8_t* blue = right.pixel(8 * 7, 8 * 15);
  const std::uint8_t* red = right.pixel(8 * 28, 8 * 15);
  EXPECT_GT(blue[2], blue[0] + 20);
  EXPECT_GT(red[0], red[2] + 20);
}

// The rule of evaluation: at least 10 % covered.
TEST_F(ComparisonCase, CallsALesionFoundFromATenthOfIt) {
  expect(5, 10, 10, 2);
  predict(5, 10, 2, 1);  // 2 of 20 voxels
  EXPECT_GT(painted(draw().first, found).pixels, 100);
  c.segmentation.lesion_mask.at(6, 10, 4) = 0;  // 1 of 20
  const Picture left = draw().first;
  EXPECT_EQ(painted(left, found).pixels, 0);
  EXPECT_GT(painted(left, missed).pixels, 50);
}

TEST_F(ComparisonCase, ShowsSpecksWithoutCallingThemLesions) {
  made::Case fine(made::grid("LPS", {40, 50, 9}, {1, 1, 1}));
  fine.segmentation.lesion_mask.at(20, 20, 4) = 1;  // 1 mm³
  volume::Mask none(fine.scan.grid);
  OverlayInput of_fine = made::input_of(fine);
  of_fine.brain = nullptr;
  of_fine.reference = &none;
  const Picture with = draw_pairs(of_fine, 9, 320).prediction.tiles.at(4).picture;
  fine.segmentation.lesion_mask.at(20, 20, 4) = 0;
  const Picture without = draw_pairs(of_fine, 9, 320).prediction.tiles.at(4).picture;
  int changed = 0;
  for (std::size_t b = 0; b < with.rgb.size(); b += 3) {
    changed += with.rgb[b] != without.rgb[b] || with.rgb[b + 2] != without.rgb[b + 2] ? 1 : 0;
  }
  EXPECT_GE(changed, 30) << "it is seen";
  EXPECT_LE(changed, 9 * 9) << "no line, no cross";
}

TEST_F(ComparisonCase, ShowsSlicesOfBothMasks) {
  for (int s : {1, 7}) {
    for (int u = 10; u < 14; ++u) {
      (s == 1 ? reference : c.segmentation.lesion_mask).at(u, 20, s) = 1;
    }
  }
  const Pairs pairs = draw_pairs(input, 2, 100);
  ASSERT_EQ(pairs.reference.tiles.size(), 2U);
  EXPECT_EQ(pairs.reference.tiles[0].slice, 1);
  EXPECT_EQ(pairs.reference.tiles[1].slice, 7);
}

TEST_F(ComparisonCase, IsTheSamePictureEachTime) {
  expect(5, 10, 20, 10);
  predict(10, 10, 20, 10);
  const Picture picture = draw_comparison(input, english(), 800);
  EXPECT_EQ(picture.width, 800);
  EXPECT_EQ(picture.rgb, draw_comparison(input, english(), 800).rgb);
}

TEST_F(ComparisonCase, ComesWithoutAnyLesion) {
  EXPECT_EQ(draw_comparison(input, english(), 800).width, 800);
}

TEST_F(ComparisonCase, NeedsAReference) {
  input.reference = nullptr;
  EXPECT_THROW(draw_comparison(input, english()), std::invalid_argument);
}

TEST(Comparison, OfTenThousandLesionsTakesSeconds) {
  made::Case c(made::grid("RAS", {130, 130, 80}, {2, 2, 2}));
  volume::Mask reference(c.scan.grid);
  int lesions = 0;
  for (int k = 1; k < 80; k += 3) {
    for (int j = 1; j < 130; j += 4) {
      for (int i = 1; i < 130; i += 4) {
        if (++lesions > 10000) break;
        (lesions % 3 == 0 ? reference : c.segmentation.lesion_mask).at(i, j, k) = 1;
      }
    }
  }
  c.recount();
  EXPECT_EQ(
      c.segmentation.lesions.size() +
          lesions::find_components(reference.data, {reference.grid.size, reference.grid.spacing})
              .components.size(),
      10000U);
  OverlayInput input = made::input_of(c);
  input.reference = &reference;
  EXPECT_EQ(draw_comparison(input, english()).width, 1600);
}

}  // namespace
}  // namespace dawson::report
