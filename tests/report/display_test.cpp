#include "dawson/report/display.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "made_case.h"
#include "orientations.h"

namespace dawson::report {
namespace {

/// Where a display shows the voxel nearest to a world position: x, y, slice.
std::array<int, 3> shown_at(const volume::Grid& grid, const Display& d,
                            const volume::Vector3& world) {
  const volume::Vector3 index = grid.to_index(world);
  std::array<int, 3> v{};
  for (std::size_t a = 0; a < 3; ++a) v[a] = static_cast<int>(std::lround(index[a]));
  for (int y = 0; y < grid.size[static_cast<std::size_t>(d.row)]; ++y) {
    for (int x = 0; x < grid.size[static_cast<std::size_t>(d.column)]; ++x) {
      const int slice = v[static_cast<std::size_t>(d.across)];
      if (d.voxel(grid.size, slice, x, y) == v) return {x, y, slice};
    }
  }
  return {-1, -1, -1};
}

// As a radiologist reads axial slices: the patient's right on the left, the front at the top.
TEST(Display, ShowsAxialSlicesFromTheFeetInEveryOrientation) {
  ASSERT_EQ(made::all_orientations().size(), 48U);
  for (const std::string& orientation : made::all_orientations()) {
    const volume::Grid grid = made::grid(orientation, {21, 21, 21}, {2, 2, 2});
    const Display d = display_of(grid);
    EXPECT_EQ(d.plane, Plane::axial) << orientation;
    const auto centre = shown_at(grid, d, {0, 0, 0});
    EXPECT_EQ(centre, (std::array<int, 3>{10, 10, 10})) << orientation;
    EXPECT_EQ(shown_at(grid, d, {-6, 0, 0})[0], 13) << orientation << ": left is on the right";
    EXPECT_EQ(shown_at(grid, d, {0, 6, 0})[1], 7) << orientation << ": front is at the top";
    EXPECT_EQ(slice_position_mm(grid, d, shown_at(grid, d, {0, 0, 8})[2]), 8) << orientation;
  }
}

TEST(Display, NamesTheSidesOfEachPlaneInEveryOrientation) {
  const std::string letters = "RLAPSI";
  const std::array<volume::Vector3, 6> towards{
      {{8, 0, 0}, {-8, 0, 0}, {0, 8, 0}, {0, -8, 0}, {0, 0, 8}, {0, 0, -8}}};
  for (const std::string& orientation : made::all_orientations()) {
    const volume::Grid grid = made::grid(orientation, {21, 21, 21}, {2, 2, 2});
    for (const Plane plane : {Plane::axial, Plane::coronal, Plane::sagittal}) {
      const Display d = display_of(grid, plane);
      EXPECT_EQ(d.plane, plane);
      const auto side = [&](char mark) { return shown_at(grid, d, towards[letters.find(mark)]); };
      EXPECT_EQ(side(d.left_mark)[0], 6) << orientation << d.left_mark;
      EXPECT_EQ(side(d.right_mark)[0], 14) << orientation << d.right_mark;
      EXPECT_EQ(side(d.top_mark)[1], 6) << orientation << d.top_mark;
      EXPECT_EQ(side(d.bottom_mark)[1], 14) << orientation << d.bottom_mark;
    }
  }
}

TEST(Display, FindsAVoxelsPositionInItsSlice) {
  for (const std::string& orientation : made::all_orientations()) {
    const volume::Grid grid = made::grid(orientation, {5, 6, 7}, {2, 2, 2});
    for (const Plane plane : {Plane::axial, Plane::coronal, Plane::sagittal}) {
      const Display d = display_of(grid, plane);
      const volume::Index3 voxel{1, 4, 2};
      const std::array<int, 2> at = d.position(grid.size, voxel);
      const int slice = voxel[static_cast<std::size_t>(d.across)];
      EXPECT_EQ(d.voxel(grid.size, slice, at[0], at[1]), voxel) << orientation;
    }
  }
}

TEST(Display, ShowsThickCoronalSlicesFromTheFront) {
  const volume::Grid grid = made::grid("LIA", {21, 21, 9}, {1, 1, 5});
  const Display d = display_of(grid);
  EXPECT_EQ(d.plane, Plane::coronal);
  EXPECT_EQ(shown_at(grid, d, {-3, 0, 0})[0], 13);
  EXPECT_EQ(shown_at(grid, d, {0, 0, 3})[1], 7) << "up is at the top";
  EXPECT_EQ(d.left_mark, 'R');
  EXPECT_EQ(d.right_mark, 'L');
}

TEST(Display, ShowsThickSagittalSlicesWithTheFrontOnTheLeft) {
  const volume::Grid grid = made::grid("ASR", {21, 21, 9}, {1, 1, 5});
  const Display d = display_of(grid);
  EXPECT_EQ(d.plane, Plane::sagittal);
  EXPECT_EQ(shown_at(grid, d, {0, 3, 0})[0], 7);
  EXPECT_EQ(shown_at(grid, d, {0, 0, 3})[1], 7);
  EXPECT_EQ(d.left_mark, 'A');
  EXPECT_EQ(d.right_mark, 'P');
}

TEST(Display, CutsASliceInPictureOrder) {
  volume::Image image(made::grid("RAS", {3, 2, 2}, {1, 1, 1}));
  for (std::size_t v = 0; v < image.data.size(); ++v) image.data[v] = static_cast<float>(v);
  const Slice<float> slice = cut(image, display_of(image.grid), 1);
  EXPECT_EQ(slice.width, 3);
  EXPECT_EQ(slice.height, 2);
  // Both axes are turned: the picture begins at the last voxel of the slice.
  EXPECT_EQ(slice.values, (std::vector<float>{11, 10, 9, 8, 7, 6}));
}

TEST(ChosenSlices, ShowEachOfTheLargestLesionsWhereItIsLargest) {
  made::Case c(made::grid("RAS", {60, 70, 60}, {2, 2, 2}));
  const std::array<double, 5> heights{-31, -17, 1, 15, 31};
  for (const double z : heights) c.add_lesion({z < 0 ? 20.0 : -20.0, 0, z}, 5);
  ASSERT_EQ(c.segmentation.lesions.size(), 5U);
  const Display d = display_of(c.scan.grid);
  const std::vector<int> chosen =
      choose_slices(c.segmentation.lesion_mask, &c.segmentation.brain_mask, d, 12);
  EXPECT_EQ(chosen.size(), 12U);
  for (const double z : heights) {
    const bool shown = std::any_of(chosen.begin(), chosen.end(), [&](int s) {
      return std::abs(slice_position_mm(c.scan.grid, d, s) - z) <= 2;
    });
    EXPECT_TRUE(shown) << z;
  }
}

TEST(ChosenSlices, GoUpwardsAndAreEachShownOnce) {
  const made::Case c = made::thick_case();
  const Display d = display_of(c.scan.grid);
  const std::vector<int> chosen =
      choose_slices(c.segmentation.lesion_mask, &c.segmentation.brain_mask, d, 8);
  EXPECT_EQ(std::set<int>(chosen.begin(), chosen.end()).size(), chosen.size());
  for (std::size_t i = 1; i < chosen.size(); ++i) {
    EXPECT_GT(slice_position_mm(c.scan.grid, d, chosen[i]),
              slice_position_mm(c.scan.grid, d, chosen[i - 1]));
  }
}

TEST(ChosenSlices, SpreadOverTheBrainWhereThereIsNoLesion) {
  const made::Case c(made::grid("RAS", {60, 70, 60}, {2, 2, 2}));
  const std::vector<int> chosen = choose_slices(
      c.segmentation.lesion_mask, &c.segmentation.brain_mask, display_of(c.scan.grid), 6);
  ASSERT_EQ(chosen.size(), 6U);
  EXPECT_GE(chosen.back() - chosen.front(), 30);
  EXPECT_GT(chosen.front(), 5);  // the brain begins at slice 7
  EXPECT_LT(chosen.back(), 54);
}

TEST(ChosenSlices, AreAllThereAreInAThinStack) {
  const volume::Mask none(made::grid("RAS", {30, 30, 3}, {2, 2, 8}));
  EXPECT_EQ(choose_slices(none, nullptr, display_of(none.grid), 12), (std::vector<int>{0, 1, 2}));
}

TEST(Window, PutsTheBrainNearMiddleGrey) {
  const made::Case c = made::thick_case();
  const Window w = window_of(c.scan, &c.segmentation.brain_mask);
  const double brain = (100 - w.black) / (w.white - w.black);
  EXPECT_GT(brain, 0.2);
  EXPECT_LT(brain, 0.6);
  EXPECT_GE(w.white, 180);
}

TEST(Window, TakesTheHeadNotTheAirWhereNoBrainIsKnown) {
  const made::Case c(made::grid("RAS", {60, 70, 60}, {2, 2, 2}));
  const volume::Mask empty(c.scan.grid);
  for (const volume::Mask* brain : {static_cast<const volume::Mask*>(nullptr), &empty}) {
    const Window w = window_of(c.scan, brain);
    EXPECT_GE(w.black, 0) << "air, which is 0, is black";
    const double head = (100 - w.black) / (w.white - w.black);
    EXPECT_GT(head, 0.2);
    EXPECT_LT(head, 0.6);
  }
}

TEST(ChosenSlices, LieApartWhereLesionsCrowd) {
  made::Case c(made::grid("RAS", {60, 70, 120}, {2, 2, 1}));
  for (const double x : {-30.0, -15.0, 0.0, 15.0, 30.0}) c.add_lesion({x, 0, x / 15}, 5);
  const std::vector<int> chosen = choose_slices(
      c.segmentation.lesion_mask, &c.segmentation.brain_mask, display_of(c.scan.grid), 12);
  for (std::size_t i = 1; i < chosen.size(); ++i) EXPECT_GE(chosen[i] - chosen[i - 1], 2);
}

TEST(Window, OfAConstantScanIsNotEmpty) {
  const volume::Image flat(made::grid("RAS", {4, 4, 4}, {1, 1, 1}), 7.0F);
  const Window w = window_of(flat, nullptr);
  EXPECT_GT(w.white, w.black);
}

TEST(Crop, HoldsTheBrainAndItsMargin) {
  volume::Mask brain(made::grid("LPS", {40, 50, 10}, {2, 2, 5}));
  brain.at(10, 20, 4) = 1;
  brain.at(15, 30, 5) = 1;
  const Crop crop = crop_of(brain.grid, &brain, display_of(brain.grid), 5);
  EXPECT_EQ(crop.x0, 7);  // 5 mm are 3 voxels
  EXPECT_EQ(crop.x1, 18);
  EXPECT_EQ(crop.y0, 17);
  EXPECT_EQ(crop.y1, 33);
}

}  // namespace
}  // namespace dawson::report
