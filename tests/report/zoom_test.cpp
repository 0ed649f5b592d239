#include "dawson/report/zoom.h"

#include <gtest/gtest.h>

#include "dawson/report/colours.h"
#include "orientations.h"
#include "painted.h"

namespace dawson::report {
namespace {

using made::Painted;
using made::painted;

constexpr int width = 480;  // 8 pixels a millimetre

bool is_own(int r, int g, int b) {
  return r > 180 && r - b > 130 && g < 200;
}
bool is_neighbour(int r, int g, int b) {
  return r > 190 && g > 170 && r - b > 60 && r - b < 130;
}

std::vector<Zoom> zooms_of(const made::Case& c, int count = 4) {
  return draw_zooms(made::input_of(c), c.segmentation.lesions, english(), count, width);
}

void set_block(made::Case& c, const volume::Index3& low, const volume::Index3& high) {
  for (int k = low[2]; k <= high[2]; ++k) {
    for (int j = low[1]; j <= high[1]; ++j) {
      for (int i = low[0]; i <= high[0]; ++i) c.segmentation.lesion_mask.at(i, j, k) = 1;
    }
  }
  c.recount();
}

TEST(Zoom, OutlinesALesionInTrueProportionsInThreePlanes) {
  // 2 × 2 × 6 mm: the lesion is 10 × 6 × 18 mm.
  made::Case c(made::grid("LPS", {72, 84, 21}, {2, 2, 6}));
  set_block(c, {30, 40, 9}, {34, 42, 11});
  const Zoom zoom = zooms_of(c).at(0);
  EXPECT_EQ(zoom.lesion_id, 1);
  EXPECT_EQ(zoom.voxel, (volume::Index3{32, 41, 10}));
  const std::array<std::array<double, 2>, 3> extents_mm{{{10, 6}, {10, 18}, {6, 18}}};
  for (std::size_t p = 0; p < 3; ++p) {
    const Picture& picture = zoom.planes[p].picture;
    ASSERT_EQ(picture.width, width);
    ASSERT_EQ(picture.height, width);
    const Painted own = painted(picture, is_own);
    ASSERT_GT(own.pixels, 50) << p;
    // The line, 3 pixels wide, lies just outside the lesion.
    EXPECT_NEAR(own.right - own.left + 1, 8 * extents_mm[p][0] + 5, 4) << p;
    EXPECT_NEAR(own.bottom - own.top + 1, 8 * extents_mm[p][1] + 5, 4) << p;
    EXPECT_NEAR((own.left + own.right) / 2.0, width / 2.0 - 0.5, 1) << p << ": centred";
    EXPECT_NEAR((own.top + own.bottom) / 2.0, width / 2.0 - 0.5, 1) << p;
  }
}

TEST(Zoom, SaysWhichSliceAndWhere) {
  made::Case c(made::grid("LPS", {72, 84, 21}, {2, 2, 6}));
  set_block(c, {30, 40, 9}, {34, 42, 11});
  const Zoom zoom = zooms_of(c).at(0);
  const volume::Vector3 world = c.scan.grid.to_world({32, 41, 10});
  const std::array<Plane, 3> planes{Plane::axial, Plane::coronal, Plane::sagittal};
  const std::array<int, 3> slices{10, 41, 32};
  for (std::size_t p = 0; p < 3; ++p) {
    EXPECT_EQ(zoom.planes[p].plane, planes[p]);
    EXPECT_EQ(zoom.planes[p].slice, slices[p]);
    EXPECT_NEAR(zoom.planes[p].position_mm, world[2 - p], 1e-9);
  }
  // x = (71/2 − 32) · 2 = 7 mm to the right of the middle of 72 voxels that run to the left.
  EXPECT_EQ(caption(zoom.planes[2], english()), "sagittal \u00b7 slice 33 \u00b7 x +7 mm");
}

TEST(Zoom, ShowsNeighboursOnTheirSidesInEveryOrientation) {
  for (const std::string& orientation : made::all_orientations()) {
    made::Case c(made::grid(orientation, {60, 60, 60}, {2, 2, 2}));
    c.add_lesion({0, 0, 0}, 7);
    c.add_lesion({-18, 0, 0}, 4);  // left
    c.add_lesion({0, 18, 0}, 4);   // front
    c.add_lesion({0, 0, 18}, 4);   // above
    const Zoom zoom = zooms_of(c, 1).at(0);
    const auto at = [](const Picture& picture, double x_mm, double y_mm) {
      const Painted all = painted(picture, is_neighbour);
      int near = 0;
      for (int y = all.top; y <= all.bottom; ++y) {
        for (int x = all.left; x <= all.right; ++x) {
          const std::uint8_t* rgb = picture.pixel(x, y);
          if (!is_neighbour(rgb[0], rgb[1], rgb[2])) continue;
          near += std::hypot(x - 240 - 8 * x_mm, y - 240 - 8 * y_mm) < 8 * 6 ? 1 : 0;
        }
      }
      return near > 40;
    };
    const auto& [axial, coronal, sagittal] = zoom.planes;
    EXPECT_TRUE(at(axial.picture, 18, 0)) << orientation << ": left on the right";
    EXPECT_TRUE(at(axial.picture, 0, -18)) << orientation << ": front at the top";
    EXPECT_FALSE(at(axial.picture, -18, 0)) << orientation;
    EXPECT_TRUE(at(coronal.picture, 18, 0)) << orientation;
    EXPECT_TRUE(at(coronal.picture, 0, -18)) << orientation << ": above at the top";
    EXPECT_TRUE(at(sagittal.picture, -18, 0)) << orientation << ": front on the left";
    EXPECT_TRUE(at(sagittal.picture, 0, -18)) << orientation;
  }
}

TEST(Zoom, HasABarOfTenMillimetres) {
  made::Case c(made::grid("LPS", {72, 84, 72}, {2, 2, 2}));
  c.add_lesion({0, 0, 0}, 5);
  const Picture picture = zooms_of(c).at(0).planes[0].picture;
  int longest = 0;
  for (int y = width * 9 / 10; y < width; ++y) {
    int run = 0;
    for (int x = width / 2; x < width; ++x) {
      const std::uint8_t* rgb = picture.pixel(x, y);
      run = rgb[0] > 225 && rgb[2] > 225 ? run + 1 : 0;
      longest = std::max(longest, run);
    }
  }
  EXPECT_NEAR(longest, 80, 2);
}

TEST(Zoom, PutsTheMiddleOfARingOnTheRing) {
  made::Case c(made::grid("LPS", {72, 84, 21}, {2, 2, 6}));
  set_block(c, {30, 40, 10}, {38, 48, 10});
  for (int j = 42; j <= 46; ++j) {
    for (int i = 32; i <= 36; ++i) c.segmentation.lesion_mask.at(i, j, 10) = 0;
  }
  c.recount();
  const Zoom zoom = zooms_of(c).at(0);
  EXPECT_EQ(c.segmentation.lesion_mask.at(zoom.voxel[0], zoom.voxel[1], zoom.voxel[2]), 1);
}

TEST(Zoom, ReachesBeyondTheScanForALesionAtItsCorner) {
  made::Case c(made::grid("LPS", {72, 84, 40}, {2, 2, 2}));
  for (std::size_t v = 0; v < c.scan.data.size(); ++v) {
    if (c.segmentation.brain_mask.data[v] == 0) c.scan.data[v] = 150;
  }
  set_block(c, {0, 0, 0}, {1, 1, 1});
  const Zoom zoom = zooms_of(c).at(0);
  const Picture& picture = zoom.planes[0].picture;
  EXPECT_GT(painted(picture, is_own).pixels, 50);
  EXPECT_LT(picture.pixel(100, 100)[0], 20) << "right of and before the scan: nothing";
  EXPECT_GT(picture.pixel(380, 300)[0], 60) << "the scan";
}

TEST(Zoom, ShowsTheLargestFirstAndNoMoreThanThereAre) {
  const made::Case c = made::thick_case();
  const std::vector<Zoom> two = zooms_of(c, 9);
  ASSERT_EQ(two.size(), 2U);
  EXPECT_EQ(two[0].lesion_id, 1);
  EXPECT_EQ(two[1].lesion_id, 2);
  EXPECT_EQ(zooms_of(c, 1).size(), 1U);
  EXPECT_TRUE(zooms_of(c, 0).empty());
}

TEST(Zoom, OfASingleVoxelAndASingleSlice) {
  made::Case c(made::grid("LPS", {72, 84, 1}, {2, 2, 8}));
  set_block(c, {36, 41, 0}, {36, 41, 0});
  const Zoom zoom = zooms_of(c).at(0);
  const Painted coronal = painted(zoom.planes[1].picture, is_own);
  EXPECT_NEAR(coronal.bottom - coronal.top + 1, 8 * 8 + 5, 4) << "the slice is 8 mm thick";
  EXPECT_NEAR(coronal.right - coronal.left + 1, 8 * 2 + 5, 4);
}

TEST(ZoomSheet, IsTheSameEachTimeAndFitsAPage) {
  made::Case c(made::grid("LPS", {72, 84, 40}, {2, 2, 2}));
  for (const double x : {-36.0, -12.0, 12.0, 36.0}) c.add_lesion({x, 0, 0}, 5);
  const auto draw = [&] {
    return draw_zoom_sheet(made::input_of(c), c.segmentation.lesions, english());
  };
  const Picture sheet = draw();
  EXPECT_EQ(sheet.width, 1600);
  EXPECT_EQ(sheet.rgb, draw().rgb);
  // 170 mm wide, it leaves a margin on A4 and Letter.
  EXPECT_LT(sheet.height * 170.0 / sheet.width, 260);
}

TEST(ZoomSheet, SaysSoWhereThereIsNoLesion) {
  const made::Case c(made::grid("LPS", {72, 84, 20}, {2, 2, 4}));
  EXPECT_TRUE(zooms_of(c).empty());
  const Picture sheet = draw_zoom_sheet(made::input_of(c), {}, english(), 4, 800);
  EXPECT_EQ(sheet.width, 800);
  EXPECT_GT(painted(sheet, made::close_to(colours::light_text)).pixels, 100) << "some words";
  EXPECT_LT(sheet.height, 300);
}

}  // namespace
}  // namespace dawson::report
