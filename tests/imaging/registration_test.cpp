#include "dawson/imaging/registration.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "dawson/core/error.h"
#include "imaging/shapes.h"

namespace dawson::imaging {
namespace {

using test::centred;
using test::turn;
using volume::Grid;
using volume::Mask;
using volume::Vector3;
using volume::operator*;

/// The brain shape as `truth` (fixed → moving) carries it.
Mask moved_brain(const Grid& grid, const Affine& truth) {
  const Affine back = truth.inverse();
  return test::carved(grid, [&](const Vector3& p) { return test::in_brain(back(p)); });
}

/// Mean distance (mm) between where `found` and `truth` take points of the brain.
double error_mm(const Affine& found, const Affine& truth) {
  double sum = 0;
  int points = 0;
  for (double x = -60; x <= 60; x += 20) {
    for (double y = -80; y <= 80; y += 20) {
      for (double z = -60; z <= 60; z += 20) {
        if (!test::in_brain({x, y, z})) continue;
        const Vector3 a = found({x, y, z});
        const Vector3 b = truth({x, y, z});
        sum += std::hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
        ++points;
      }
    }
  }
  return sum / points;
}

Affine affine(const volume::Matrix3& matrix, const Vector3& offset) {
  return {matrix, offset};
}

volume::Matrix3 scaled(volume::Matrix3 m, const Vector3& factors) {
  for (int r = 0; r < 3; ++r) {
    for (int c = 0; c < 3; ++c) m[r][c] *= factors[c];
  }
  return m;
}

TEST(AlignMasks, FindsKnownTransforms) {
  const Grid thin = centred({100, 110, 100}, {2, 2, 2});
  const Grid thick = centred({110, 130, 34}, {1.8, 1.8, 6.5}, turn(0, 15));
  volume::Matrix3 sheared = scaled(turn(2, 6), {1.05, 0.95, 1.1});
  sheared[0][1] += 0.06;
  const std::array<Affine, 6> truths{
      affine(turn(0, 0), {0, 0, 0}),
      affine(turn(0, 0), {25, -30, 12}),
      affine(scaled(turn(0, -22), {0.9, 1.0, 0.92}), {3, 12, -9}),
      affine(turn(0, 30) * turn(2, -12), {0, 10, 5}),
      affine(scaled(turn(1, 14) * turn(2, 17), {1.12, 1.08, 1.1}), {-6, 2, 7}),
      affine(sheared, {4, 4, 4})};
  for (std::size_t t = 0; t < truths.size(); ++t) {
    for (const Grid& grid : {thin, thick}) {
      SCOPED_TRACE(t);
      Progress progress;
      const Mask fixed = test::carved(thin, test::in_brain);
      const Alignment found = align_masks(fixed, moved_brain(grid, truths[t]), progress);
      EXPECT_LT(error_mm(found.fixed_to_moving, truths[t]), 2.0);
      EXPECT_GT(found.dice, 0.97);
    }
  }
}

TEST(AlignMasks, DoesNotDependOnHowTheMaskIsStored) {
  const Grid grid = centred({100, 110, 50}, {2, 2, 4});
  const Affine truth = affine(turn(0, -10), {5, 5, 5});
  const Mask fixed = test::carved(centred({100, 110, 100}, {2, 2, 2}), test::in_brain);
  Progress progress;
  const Alignment plain = align_masks(fixed, moved_brain(grid, truth), progress);
  const Grid other = test::stored_otherwise(grid, {1, 2, 0}, {true, false, true});
  const Alignment stored = align_masks(fixed, moved_brain(other, truth), progress);
  EXPECT_LT(error_mm(plain.fixed_to_moving, stored.fixed_to_moving), 0.01);
}

// Of the points that are left, whatever face of the volume cuts the brain, and however it is
// stored.
TEST(AlignMasks, BringsAPartToItsPlaceInTheWhole) {
  const Grid grid = centred({100, 110, 100}, {2, 2, 2});
  const Mask whole = test::carved(grid, test::in_brain);
  const Affine truth = affine(scaled(turn(0, 12), {1.06, 0.96, 1.04}), {3, 10, -8});
  const Mask moving = moved_brain(grid, truth);
  const Grid other = test::stored_otherwise(grid, {1, 2, 0}, {true, false, true});
  struct Cut {
    int axis;
    double missing_mm;
    bool at_positive_end;
  };
  Progress progress;
  for (const Cut cut : {Cut{2, 38, true}, Cut{2, 58, true}, Cut{2, 62, false}, Cut{1, 44, true},
                        Cut{0, 40, true}}) {
    SCOPED_TRACE(::testing::Message() << "axis " << cut.axis << ", " << cut.missing_mm << " mm");
    const Mask part = test::cut_off(whole, cut.axis, cut.missing_mm, cut.at_positive_end);
    const Alignment found = align_masks(part, moving, progress);
    EXPECT_TRUE(found.is_cut);
    EXPECT_GT(found.dice, 0.96);
    EXPECT_LT(error_mm(found.fixed_to_moving, truth), 4.0);
    const Mask stored = test::cut_off(test::carved(other, test::in_brain), cut.axis, cut.missing_mm,
                                      cut.at_positive_end);
    EXPECT_LT(
        error_mm(align_masks(stored, moving, progress).fixed_to_moving, found.fixed_to_moving),
        0.01);
  }
  EXPECT_FALSE(align_masks(whole, moving, progress).is_cut);
  // A slice's breadth of the crown: as whole.
  EXPECT_FALSE(align_masks(test::cut_off(whole, 2, 4, true), moving, progress).is_cut);
}

TEST(AlignMasks, NeverMirrors) {
  const Grid grid = centred({100, 110, 100}, {2, 2, 2});
  const Mask fixed = test::carved(grid, test::in_brain);
  const Mask mirrored = test::carved(grid, [](const Vector3& p) {
    return test::in_brain({-p[0], p[1], p[2]});
  });
  Progress progress;
  const Alignment found = align_masks(fixed, mirrored, progress);
  EXPECT_GT(volume::determinant(found.fixed_to_moving.matrix), 0.5);
  EXPECT_GT(found.dice, 0.9);
  // Close to upright, and left stays left.
  EXPECT_GT(found.fixed_to_moving.matrix[0][0], 0.8);
}

TEST(AlignMasks, GivesTheSameNumbersTwice) {
  const Grid grid = centred({100, 110, 100}, {2, 2, 2});
  const Mask fixed = test::carved(grid, test::in_brain);
  const Mask moving = moved_brain(grid, affine(turn(1, 9), {1, 2, 3}));
  Progress progress;
  const Alignment a = align_masks(fixed, moving, progress);
  const Alignment b = align_masks(fixed, moving, progress);
  EXPECT_EQ(a.fixed_to_moving.matrix, b.fixed_to_moving.matrix);
  EXPECT_EQ(a.fixed_to_moving.offset, b.fixed_to_moving.offset);
}

TEST(AlignMasks, RefusesEmptyMasksAndHearsTheUser) {
  const Grid grid = centred({40, 40, 40}, {5, 5, 5});
  const Mask brain = test::carved(grid, test::in_brain);
  Progress progress;
  EXPECT_THROW(align_masks(brain, Mask(grid), progress), Error);
  EXPECT_THROW(align_masks(Mask(grid), brain, progress), Error);
  const std::atomic<bool> stop{true};
  Progress stopped(nullptr, &stop);
  try {
    align_masks(brain, brain, stopped);
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ExitCode::interrupted);
  }
}

}  // namespace
}  // namespace dawson::imaging
