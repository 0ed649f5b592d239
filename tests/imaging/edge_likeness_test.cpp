#include "dawson/imaging/edge_likeness.h"

#include <gtest/gtest.h>

#include "support/made_sequences.h"

namespace dawson::imaging {
namespace {

const volume::Grid grid = test::centred({64, 76, 70}, {3, 3, 3});

TEST(EdgeLikeness, OneHeadInTwoContrastsIsAlike) {
  const made::Head made = made::head(grid);
  EXPECT_GT(edge_likeness(made.scan, made::t1w(made.scan), {}, made.brain), 0.8);
}

TEST(EdgeLikeness, FollowsTheTransform) {
  const made::Head made = made::head(grid);
  const Affine truth{test::turn(2, 6), {9, -12, 6}};
  const volume::Image moved = made::displaced(made::t1w(made.scan), truth);
  EXPECT_GT(edge_likeness(made.scan, moved, truth, made.brain), 0.8);
  EXPECT_LT(edge_likeness(made.scan, moved, {}, made.brain), 0.4);
}

TEST(EdgeLikeness, AnotherHeadIsNotAlike) {
  const made::Head made = made::head(grid);
  const double likeness =
      edge_likeness(made.scan, made::t1w(made::other_head(grid).scan), {}, made.brain);
  EXPECT_LT(likeness, least_likeness);
}

TEST(EdgeLikeness, NothingToCompareIsNotAlike) {
  const made::Head made = made::head(grid);
  EXPECT_EQ(edge_likeness(made.scan, volume::Image(grid, 5.0F), {}, made.brain), 0);
  EXPECT_EQ(edge_likeness(made.scan, made.scan, {}, volume::Mask(grid)), 0);
}

// A shifted stack does not show its end slices; what is not seen is not held against it.
TEST(EdgeLikeness, SlicesBeyondTheOtherScanDoNotCount) {
  const made::Head made = made::head(grid);
  volume::Grid half = grid;
  half.size[2] /= 2;
  const volume::Image t1w = resample_linear(made::t1w(made.scan), half);
  EXPECT_GT(edge_likeness(made.scan, t1w, {}, made.brain), 0.8);
}

}  // namespace
}  // namespace dawson::imaging
