#include "dawson/report/overlay.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "dawson/core/error.h"
#include "dawson/report/frame.h"
#include "dawson/volume/nifti.h"
#include "made_case.h"
#include "orientations.h"
#include "painted.h"
#include "support/temporary_folder.h"

namespace dawson::report {
namespace {

using made::input_of;
using made::Painted;
using made::painted;

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

/// A head with one lesion, in front, above and on the patient's left.
made::Case case_with_marker(const volume::Grid& grid) {
  made::Case c(grid);
  c.add_lesion({-24, 20, 14}, 5);
  return c;
}

void expect_marker_at_its_sides(const OverlayInput& input, const std::string& what) {
  const Tiles tiles = draw_tiles(input, 1, 160);
  const Picture& picture = tiles.tiles.at(0).picture;
  const Painted p = painted(picture, orange);
  ASSERT_GT(p.pixels, 10) << what;
  const std::string front_above_left = "LAS";
  const bool on_right = front_above_left.find(tiles.display.right_mark) != std::string::npos;
  const bool on_top = front_above_left.find(tiles.display.top_mark) != std::string::npos;
  EXPECT_EQ(p.mean_x > 0.55 * picture.width, on_right) << what;
  EXPECT_EQ(p.mean_x < 0.45 * picture.width, !on_right) << what;
  EXPECT_EQ(p.mean_y < 0.45 * picture.height, on_top) << what;
}

TEST(Overlay, DrawsAMarkerAtThePatientsLeftThereInEveryOrientation) {
  int sagittal = 0, coronal = 0;
  for (const std::string& orientation : made::all_orientations()) {
    for (const double third_spacing : {3.0, 7.0}) {  // the latter: slices along any plane
      const volume::Grid grid =
          made::grid(orientation, {48, 56, third_spacing > 3 ? 18 : 42}, {3, 3, third_spacing});
      const made::Case c = case_with_marker(grid);
      expect_marker_at_its_sides(input_of(c), orientation);
      sagittal += display_of(grid).plane == Plane::sagittal ? 1 : 0;
      coronal += display_of(grid).plane == Plane::coronal ? 1 : 0;
    }
  }
  EXPECT_EQ(sagittal, 16);
  EXPECT_EQ(coronal, 16);
}

TEST(Overlay, TakesTheSidesFromWhicheverTransformAFileHas) {
  const testing::TemporaryFolder folder;
  for (const std::string orientation : {"LAS", "LPS", "RAS", "PIR", "ASL"}) {
    const made::Case c = case_with_marker(made::grid(orientation, {48, 56, 42}, {3, 3, 3}));
    for (const bool sform : {true, false}) {
      volume::NiftiGeometry geometry = volume::geometry_of(c.scan.grid);
      (sform ? geometry.qform_code : geometry.sform_code) = 0;
      const auto file = folder / (orientation + (sform ? "s" : "q") + ".nii.gz");
      volume::write_nifti(file, c.segmentation.lesion_mask, &geometry);
      const volume::Mask lesions = volume::read_nifti_mask(file);
      OverlayInput input = input_of(c);
      const volume::Image scan(lesions.grid, c.scan.data);
      input.scan = &scan;
      input.lesions = &lesions;
      expect_marker_at_its_sides(input, file.filename().string());
    }
  }
}

TEST(Overlay, TakesTheNearestSidesOfAnObliqueScan) {
  for (const double degrees : {-35.0, 20.0, 40.0}) {
    volume::Grid grid = made::grid("LPS", {48, 56, 42}, {3, 3, 3});
    const double c = std::cos(degrees / 57.29578), s = std::sin(degrees / 57.29578);
    using volume::operator*;  // of plain arrays: not found by their type
    const volume::Matrix3 turn{{{1, 0, 0}, {0, c, -s}, {0, s, c}}};
    grid.direction = turn * grid.direction;
    grid.origin = turn * grid.origin;
    made::Case head(grid);
    head.add_lesion(turn * volume::Vector3{-24, 20, 14}, 5);
    expect_marker_at_its_sides(input_of(head), std::to_string(degrees));
  }
}

TEST(Overlay, OutlinesAVoxelWhereItLies) {
  // 40 × 50 voxels of 2 mm in 320 × 400 pixels: voxel (i, j) covers [8i, 8i+8) × [8j, 8j+8).
  made::Case c(made::grid("LPS", {40, 50, 9}, {2, 2, 2}));
  c.segmentation.lesion_mask.at(12, 31, 4) = 1;
  OverlayInput input = input_of(c);
  input.brain = nullptr;
  const Picture picture = draw_tiles(input, 1, 320).tiles.at(0).picture;
  const Painted p = painted(picture, made::close_to({0.90, 0.62, 0.00}, 40));
  EXPECT_GT(p.pixels, 12);
  EXPECT_NEAR(p.mean_x, 8 * 12 + 3.5, 0.6);
  EXPECT_NEAR(p.mean_y, 8 * 31 + 3.5, 0.6);
  EXPECT_GE(p.left, 8 * 12 - 4);
  EXPECT_LE(p.right, 8 * 13 + 3);
}

TEST(Overlay, KeepsEachSingleVoxelOfALargeScanInASmallPicture) {
  made::Case c(made::grid("LPS", {400, 400, 3}, {0.5, 0.5, 0.5}));
  int voxels = 0;
  for (int y = 20; y < 400; y += 60) {
    for (int x = 20; x < 400; x += 60, ++voxels) c.segmentation.lesion_mask.at(x, y, 1) = 1;
  }
  OverlayInput input = input_of(c);
  input.brain = nullptr;
  const Picture picture = draw_tiles(input, 1, 130).tiles.at(0).picture;
  for (int y = 20; y < 400; y += 60) {
    for (int x = 20; x < 400; x += 60) {
      Picture near(9, 9);
      for (int v = 0; v < 9; ++v) {
        for (int u = 0; u < 9; ++u) {
          std::copy_n(picture.pixel(std::clamp(x * 130 / 400 - 4 + u, 0, 129),
                                    std::clamp(y * 130 / 400 - 4 + v, 0, 129)),
                      3, near.pixel(u, v));
        }
      }
      EXPECT_GT(painted(near, orange).pixels, 0) << x << " " << y;
    }
  }
}

TEST(Overlay, IsTheSamePictureEachTime) {
  const made::Case c = made::thick_case();
  EXPECT_EQ(draw_overlay(input_of(c), english(), 800).rgb,
            draw_overlay(input_of(c), english(), 800).rgb);
}

TEST(Overlay, HasTextThatAPhoneCanShow) {
  // 375 CSS pixels wide, as the common phones are; below 7 of them letters blur.
  EXPECT_GE(picture_text_size(1600) * 375 / 1600, 7);
  // 170 mm wide in print: at least 8 points.
  EXPECT_GE(picture_text_size(1600) * 170 / 1600 / 25.4 * 72, 8);
}

TEST(Overlay, ComesWithoutFontsAndWithoutABrain) {
  // A process of its own: fonts are looked up once.
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const testing::TemporaryFolder folder;
  const auto nothing = folder / "fonts.conf";
  std::ofstream(nothing) << "<?xml version=\"1.0\"?><fontconfig></fontconfig>";
  EXPECT_EXIT(
      {
        setenv("FONTCONFIG_FILE", nothing.c_str(), 1);
        const made::Case c = made::thick_case();
        OverlayInput input = input_of(c);
        const volume::Mask empty(c.scan.grid);
        input.brain = &empty;
        const Picture picture = draw_overlay(input, english(), 800);
        const bool sound =
            picture.height > 300 && picture.height < 1600 && painted(picture, orange).pixels > 20;
        std::_Exit(sound ? 0 : 1);
      },
      ::testing::ExitedWithCode(0), "");
}

TEST(Overlay, OfASingleThickSliceIsOneTile) {
  made::Case c(made::grid("LPS", {72, 84, 1}, {2, 2, 8}));
  c.add_lesion({-20, 10, 0}, 8);
  EXPECT_EQ(draw_tiles(input_of(c), 12, 200).tiles.size(), 1U);
  EXPECT_EQ(draw_overlay(input_of(c), english(), 800).width, 800);
}

}  // namespace
}  // namespace dawson::report
