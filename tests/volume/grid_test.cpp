#include "dawson/volume/grid.h"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

#include "dawson/core/error.h"

namespace dawson::volume {
namespace {

Matrix3 turned(double degrees) {
  const double a = degrees * 0.017453292519943295;
  return {{{std::cos(a), -std::sin(a), 0}, {std::sin(a), std::cos(a), 0}, {0, 0, 1}}};
}

TEST(Grid, TakesAnIndexToTheWorldAndBack) {
  Grid grid{{10, 20, 30}, {0.9, 1.1, 6.5}, turned(23), {-80, 30, 12}};
  const Vector3 world = grid.to_world({1, 2, 3});
  const double c = std::cos(23 * 0.017453292519943295);
  const double s = std::sin(23 * 0.017453292519943295);
  EXPECT_NEAR(world[0], -80 + 0.9 * c - 2.2 * s, 1e-12);
  EXPECT_NEAR(world[1], 30 + 0.9 * s + 2.2 * c, 1e-12);
  EXPECT_NEAR(world[2], 12 + 19.5, 1e-12);
  const Vector3 index = grid.to_index(world);
  for (int a = 0; a < 3; ++a) EXPECT_NEAR(index[a], a + 1, 1e-9);
}

TEST(Grid, InvertsShearedDirections) {
  Grid grid{
      {4, 4, 4}, {1, 2, 3}, {{{1, 0.3, 0}, {0, std::sqrt(1 - 0.09), 0}, {0, 0, -1}}}, {5, 6, 7}};
  const Vector3 index = grid.to_index(grid.to_world({0.5, 1.25, 3}));
  EXPECT_NEAR(index[0], 0.5, 1e-9);
  EXPECT_NEAR(index[1], 1.25, 1e-9);
  EXPECT_NEAR(index[2], 3, 1e-9);
}

TEST(Grid, NamesItsAxesByTheNearestWorldDirection) {
  Grid grid;
  EXPECT_EQ(grid.orientation(), "RAS");
  grid.direction = {{{-1, 0, 0}, {0, -1, 0}, {0, 0, 1}}};
  EXPECT_EQ(grid.orientation(), "LPS");
  grid.direction = {{{0, 0, -1}, {1, 0, 0}, {0, -1, 0}}};
  EXPECT_EQ(grid.orientation(), "AIL");
  // At 45 degrees both in-plane axes are as near to R as to A; each letter still stands once.
  grid.direction = turned(45);
  EXPECT_EQ(grid.orientation().find_first_of("SI"), 2U);
  EXPECT_NE(grid.orientation()[0], grid.orientation()[1]);
}

TEST(Grid, CallsTheLastOfEquallyCoarseAxesTheCoarsest) {
  Grid grid;
  grid.spacing = {1, 1.00001, 1};  // float noise is not a difference
  EXPECT_EQ(grid.coarsest_axis(), 2);
  grid.spacing = {6, 1, 1};
  EXPECT_EQ(grid.coarsest_axis(), 0);
}

TEST(Grid, ComesBackFromItsAffine) {
  const Grid grid{{10, 20, 30}, {0.9, 1.1, 6.5}, turned(-12), {-80, 30, 12}};
  EXPECT_TRUE(same_grid(grid, grid_from_affine(grid.size, grid.affine()), 1e-9));
}

TEST(Grid, RefusesAnAffineWithAZeroColumn) {
  auto affine = Grid{}.affine();
  affine[1][1] = 0;
  EXPECT_THROW(grid_from_affine({2, 2, 2}, affine), Error);
  affine[1][1] = std::nan("");
  EXPECT_THROW(grid_from_affine({2, 2, 2}, affine), Error);
}

TEST(Grid, MeasuresTheFarthestCorner) {
  Grid a{{11, 1, 1}, {1, 1, 1}, turned(0), {0, 0, 0}};
  Grid b = a;
  b.direction = turned(90);
  EXPECT_NEAR(corner_distance_mm(a, b), std::sqrt(200.0), 1e-9);
  b.size = {12, 1, 1};
  EXPECT_TRUE(std::isinf(corner_distance_mm(a, b)));
}

TEST(Matrix, InverseTimesItselfIsOne) {
  const Matrix3 m{{{2, 1, 0}, {0, 3, -1}, {1, 0, 4}}};
  const Matrix3 one = m * inverse(m);
  for (int r = 0; r < 3; ++r) {
    for (int c = 0; c < 3; ++c) EXPECT_NEAR(one[r][c], r == c ? 1 : 0, 1e-12);
  }
  EXPECT_NEAR(determinant(m), 23, 1e-12);  // 2·(12 − 0) − 1·(0 + 1)
  EXPECT_THROW(inverse({{{1, 2, 3}, {2, 4, 6}, {0, 0, 1}}}), std::domain_error);
}

}  // namespace
}  // namespace dawson::volume
