#include "dawson/imaging/slice_grid.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

#include "dawson/core/error.h"
#include "dawson/imaging/resample.h"
#include "imaging/shapes.h"

namespace dawson::imaging {
namespace {

using test::centred;
using test::stored_otherwise;
using test::turn;
using volume::Grid;
using volume::Mask;
using volume::same_grid;
using volume::Vector3;
using volume::operator*;

/// Every order of axes with every choice of directions: the 48 ways to store one grid.
std::vector<Grid> all_storages(const Grid& grid) {
  std::vector<Grid> all;
  volume::Index3 order{0, 1, 2};
  do {
    for (int bits = 0; bits < 8; ++bits) {
      all.push_back(
          stored_otherwise(grid, order, {(bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0}));
    }
  } while (std::next_permutation(order.begin(), order.end()));
  return all;
}

Mask brain_on(const Grid& grid) {
  return test::carved(grid, test::in_brain);
}

TEST(SliceGrid, DoesNotDependOnHowAScanIsStored) {
  for (const Grid& scan : {centred({90, 110, 95}, {2, 2, 2}, turn(0, 12)),
                           centred({100, 120, 24}, {1.8, 1.8, 6.5}, turn(0, 18) * turn(2, 7)),
                           centred({28, 120, 100}, {6, 1.9, 1.7}, turn(1, 10))}) {
    const Mask brain = brain_on(scan);
    const Grid expected = slice_grid(scan, &brain, 1.5, 8, 3);
    const Grid expected_whole = slice_grid(scan, nullptr, 1.5, 8, 3);
    for (const Grid& other : all_storages(scan)) {
      const Mask other_brain = resample_nearest(brain, other);
      EXPECT_TRUE(same_grid(slice_grid(other, &other_brain, 1.5, 8, 3), expected, 1e-6));
      EXPECT_TRUE(same_grid(slice_grid(other, nullptr, 1.5, 8, 3), expected_whole, 1e-6));
    }
  }
}

TEST(SliceGrid, GivesAThinScanAxialWorldSlicesOnOneLattice) {
  for (const double degrees : {0.0, 20.0, 45.0}) {
    const Grid scan = centred({181, 217, 181}, {1, 1.1, 1.2}, turn(0, degrees) * turn(2, 5));
    const Mask brain = brain_on(scan);
    const Grid grid = slice_grid(scan, &brain, 1.25, 10, 2.5);
    EXPECT_EQ(grid.orientation(), "RAS");
    EXPECT_EQ(grid.direction, (turn(0, 0)));
    EXPECT_EQ(grid.spacing, (Vector3{1.25, 1.25, 2.5}));
    for (int a = 0; a < 3; ++a) {
      EXPECT_NEAR(std::remainder(grid.origin[a], grid.spacing[a]), 0, 1e-9);
    }
    // The brain of the shapes reaches from −66 to 66, −84 to 84 and −88 to 58 mm.
    const Vector3 last =
        grid.to_world({grid.size[0] - 1.0, grid.size[1] - 1.0, grid.size[2] - 1.0});
    const Vector3 low{-76, -94, -98};
    const Vector3 high{76, 94, 68};
    for (int a = 0; a < 3; ++a) {
      EXPECT_LE(grid.origin[a], low[a] + 1.3);
      EXPECT_GE(grid.origin[a], low[a] - 5);
      EXPECT_GE(last[a], high[a] - 1.3);
      EXPECT_LE(last[a], high[a] + 5);
    }
  }
}

TEST(SliceGrid, IsTheScanItselfWhereThatIsAlreadyTheLattice) {
  Grid mni{{182, 218, 182}, {1, 1, 1}, turn(0, 0), {90, -126, -72}};
  mni.direction[0][0] = -1;
  const Grid grid = slice_grid(mni, nullptr, 1, 10, 1);
  EXPECT_EQ(grid.size, mni.size);
  EXPECT_EQ(grid.origin, (Vector3{-91, -126, -72}));
}

TEST(SliceGrid, LaysThickSlicesExactlyOnTheScansOwn) {
  for (const Grid& scan :
       all_storages(centred({100, 120, 24}, {1.8, 1.8, 6.5}, turn(0, 23) * turn(1, 4)))) {
    const int thick = scan.coarsest_axis();
    const Mask brain = brain_on(scan);
    const Grid grid = slice_grid(scan, &brain, 1, 8, 3);
    EXPECT_EQ(grid.spacing[2], 6.5);
    int previous = -1;
    for (int k = 0; k < grid.size[2]; ++k) {
      for (const Vector3& corner :
           {Vector3{0, 0, double(k)}, Vector3{grid.size[0] - 1.0, 0, double(k)},
            Vector3{0, grid.size[1] - 1.0, double(k)}}) {
        const double slice = scan.to_index(grid.to_world(corner))[thick];
        ASSERT_NEAR(slice, std::round(slice), 1e-6);
        ASSERT_GE(slice, -1e-6);
        ASSERT_LE(slice, scan.size[thick] - 1 + 1e-6);
      }
      const int slice =
          static_cast<int>(std::lround(scan.to_index(grid.to_world({0, 0, double(k)}))[thick]));
      if (previous >= 0) {
        EXPECT_EQ(std::abs(slice - previous), 1);
      }
      previous = slice;
    }
    EXPECT_NEAR(volume::determinant(grid.direction), 1, 1e-9);
    EXPECT_EQ(grid.orientation(), "RAS");
    EXPECT_NEAR(grid.direction[1][0] * grid.direction[1][2] +
                    grid.direction[0][0] * grid.direction[0][2] +
                    grid.direction[2][0] * grid.direction[2][2],
                0, 1e-9);
    EXPECT_GE(grid.direction[0][0], 0.99);  // x is the world's right, as far as the slice allows
  }
}

TEST(SliceGrid, OrdersCoronalAndSagittalSlicesForTheReader) {
  const Grid coronal = centred({100, 24, 100}, {1.5, 6, 1.5}, turn(0, -9));
  EXPECT_EQ(slice_grid(coronal, nullptr, 1, 0, 1).orientation(), "RSA");
  const Grid sagittal = centred({24, 100, 100}, {6, 1.5, 1.5}, turn(2, 9));
  EXPECT_EQ(slice_grid(sagittal, nullptr, 1, 0, 1).orientation(), "ASR");
}

TEST(SliceGrid, TakesTheSlicesThatLieInTheBox) {
  const Grid scan{{50, 50, 20}, {1, 1, 5}, turn(0, 0), {0, 0, 0}};
  Mask mask(scan);
  mask.at(25, 25, 8) = mask.at(30, 25, 10) = 1;
  // Voxels reach from 37.5 to 52.5 mm: slices 8 to 10; 8 mm more reach from 29.5 to 60.5.
  const Grid tight = slice_grid(scan, &mask, 1, 0, 1);
  EXPECT_EQ(tight.size[2], 3);
  EXPECT_NEAR(tight.origin[2], 40, 1e-9);
  EXPECT_EQ(tight.size[0], 8);  // 24.5 to 30.5 is covered by 24 … 31
  const Grid wide = slice_grid(scan, &mask, 1, 8, 1);
  EXPECT_NEAR(wide.origin[2], 30, 1e-9);
  EXPECT_EQ(wide.size[2], 7);
  EXPECT_EQ(slice_grid(scan, &mask, 1, 500, 1).size[2], 20);  // no slice is invented
}

TEST(SliceGrid, MeasuresTheExtentOnAnyGrid) {
  const Grid scan = centred({100, 120, 24}, {1.8, 1.8, 6.5}, turn(0, 15));
  const Mask on_scan = brain_on(scan);
  const Mask elsewhere = brain_on(centred({190, 200, 190}, {1, 1, 1}, turn(1, 25)));
  const Grid a = slice_grid(scan, &on_scan, 1, 8, 1);
  const Grid b = slice_grid(scan, &elsewhere, 1, 8, 1);
  EXPECT_NEAR(a.size[0], b.size[0], 4);
  EXPECT_NEAR(a.size[1], b.size[1], 4);
  EXPECT_NEAR(a.size[2], b.size[2], 1);
}

TEST(SliceGrid, CallsAScanThickFromARatioOfOneAndAHalf) {
  EXPECT_FALSE(has_thick_slices(centred({9, 9, 9}, {1, 1, 1.49})));
  EXPECT_TRUE(has_thick_slices(centred({9, 9, 9}, {1, 1.5, 1})));
}

TEST(SliceGrid, RefusesAnEmptyExtentAndImpossibleSpacings) {
  const Grid scan = centred({9, 9, 9}, {1, 1, 1});
  const Mask empty(scan);
  EXPECT_THROW(slice_grid(scan, &empty, 1, 0, 1), Error);
  EXPECT_THROW(slice_grid(scan, nullptr, 0, 0, 1), std::invalid_argument);
}

}  // namespace
}  // namespace dawson::imaging
