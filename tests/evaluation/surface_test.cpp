#include "dawson/evaluation/surface.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "evaluation/made.h"

namespace dawson::evaluation {
namespace {

std::size_t voxels(const volume::Mask& mask) {
  return std::accumulate(mask.data.begin(), mask.data.end(), std::size_t{0});
}

TEST(Surface, IsTheShellOfABlock) {
  volume::Mask block(made_grid({7, 7, 7}));
  add_block(block, {1, 1, 1}, {5, 5, 5});
  EXPECT_EQ(voxels(boundary(block)), 125U - 27U);  // 5³ less its 3³ core
}

TEST(Surface, IncludesVoxelsAtTheVolumesEdge) {
  volume::Mask all(made_grid({4, 4, 4}), 1);
  EXPECT_EQ(voxels(boundary(all)), 64U - 8U);
}

TEST(Surface, DistanceOfTwoVoxelsIsThatOfTheirCentres) {
  const volume::Grid grid = made_grid({5, 5, 5}, {0.5, 2, 4});
  volume::Mask a(grid);
  volume::Mask b(grid);
  a.at(1, 1, 1) = 1;
  b.at(2, 3, 4) = 1;
  const SurfaceMeasures m = measure_surfaces(a, b);
  const double expected = std::hypot(0.5, 4.0, 12.0);
  EXPECT_NEAR(m.hd95_mm, expected, 1e-5);
  EXPECT_NEAR(m.assd_mm, expected, 1e-5);
}

TEST(Surface, DistanceOfParallelSlicesHeedsTheirThickness) {
  const volume::Grid grid = made_grid({12, 10, 8}, {0.9, 0.9, 6.4});
  volume::Mask a(grid);
  volume::Mask b(grid);
  add_block(a, {0, 0, 2}, {11, 9, 2});
  add_block(b, {0, 0, 5}, {11, 9, 5});
  const SurfaceMeasures m = measure_surfaces(a, b);
  EXPECT_NEAR(m.hd95_mm, 3 * 6.4, 1e-4);
  EXPECT_NEAR(m.assd_mm, 3 * 6.4, 1e-4);
}

TEST(Surface, TakesTheWorseDirection) {
  const volume::Grid grid = made_grid({20, 3, 3});
  volume::Mask a(grid);
  a.at(2, 1, 1) = 1;
  volume::Mask b = a;
  b.at(12, 1, 1) = 1;
  // From b: 0 and 10, whose 95th percentile is 9.5; from a: 0. Mean of 0, 10 and 0.
  for (const SurfaceMeasures& m : {measure_surfaces(a, b), measure_surfaces(b, a)}) {
    EXPECT_NEAR(m.hd95_mm, 9.5, 1e-5);
    EXPECT_NEAR(m.assd_mm, 10.0 / 3, 1e-5);
  }
}

// Concentric spheres: every surface point is the radii's difference away. The boundary voxels'
// centres lie up to a voxel inside the sphere, so that is the precision.
TEST(Surface, DistanceOfConcentricSpheresIsTheRadiiDifference) {
  const volume::Grid grid = made_grid({61, 61, 61});
  const SurfaceMeasures m =
      measure_surfaces(ball(grid, {30, 30, 30}, 20), ball(grid, {30, 30, 30}, 26));
  EXPECT_NEAR(m.hd95_mm, 6, 1.0);
  EXPECT_NEAR(m.assd_mm, 6, 0.5);
}

TEST(Surface, DistanceOfConcentricSpheresHoldsOnAnisotropicVoxels) {
  const volume::Grid grid = made_grid({81, 81, 31}, {0.8, 0.8, 2.1});
  const volume::Vector3 centre{32, 32, 32};
  const SurfaceMeasures m = measure_surfaces(ball(grid, centre, 18), ball(grid, centre, 27));
  EXPECT_NEAR(m.hd95_mm, 9, 2.1);
  EXPECT_NEAR(m.assd_mm, 9, 1.0);
}

// A shell (a hollow sphere) has two surfaces. Against the full sphere of its outer radius R, the
// outer surfaces coincide and each point of the inner one, of radius r, lies R − r away. So its
// 95th percentile is R − r wherever the inner surface holds more than 5 % of the shell's boundary,
// and the mean is that of 4πR² + 4πR² points at 0 and 4πr² at R − r: (R − r)·r² / (2R² + r²).
TEST(Surface, DistanceOfAShellToItsSphereIsItsThickness) {
  for (const volume::Vector3 spacing : {volume::Vector3{1, 1, 1}, volume::Vector3{0.8, 0.8, 2.1}}) {
    volume::Grid grid = made_grid({0, 0, 0}, spacing);
    volume::Vector3 centre{};
    for (std::size_t a = 0; a < 3; ++a) {
      grid.size[a] = static_cast<int>(58 / spacing[a]) + 1;
      centre[a] = spacing[a] * (grid.size[a] / 2);
    }
    const double outer = 26;
    const double inner = 16;
    const volume::Mask sphere = ball(grid, centre, outer);
    volume::Mask shell = sphere;
    const volume::Mask hole = ball(grid, centre, inner);
    for (std::size_t v = 0; v < shell.data.size(); ++v) {
      if (hole.data[v] != 0) shell.data[v] = 0;
    }
    const double voxel = spacing[2];
    for (const SurfaceMeasures& m :
         {measure_surfaces(shell, sphere), measure_surfaces(sphere, shell)}) {
      EXPECT_NEAR(m.hd95_mm, outer - inner, voxel);
      EXPECT_NEAR(m.assd_mm, (outer - inner) * inner * inner / (2 * outer * outer + inner * inner),
                  voxel / 2);
    }
  }
}

// A sphere moved by d: the directed distance at angle θ to the shift is about d·|cos θ|, whose mean
// over the sphere is d/2 and whose 95th percentile 0.95·d (|cos θ| is uniform on a sphere).
TEST(Surface, DistanceOfAMovedSphereIsHalfTheShiftOnAverage) {
  const volume::Grid grid = made_grid({71, 71, 71}, {0.9, 0.9, 0.9});
  const SurfaceMeasures m =
      measure_surfaces(ball(grid, {30, 31, 31}, 24), ball(grid, {34, 31, 31}, 24));
  EXPECT_NEAR(m.assd_mm, 2, 0.3);
  EXPECT_NEAR(m.hd95_mm, 3.8, 0.9);
}

TEST(Surface, IsZeroForEqualMasksAndUndefinedForAnEmptyOne) {
  const volume::Grid grid = made_grid({9, 9, 9});
  const volume::Mask some = ball(grid, {4, 4, 4}, 3);
  EXPECT_EQ(measure_surfaces(some, some).hd95_mm, 0.0);
  EXPECT_EQ(measure_surfaces(some, some).assd_mm, 0.0);
  const volume::Mask none(grid);
  EXPECT_TRUE(std::isnan(measure_surfaces(some, none).hd95_mm));
  EXPECT_TRUE(std::isnan(measure_surfaces(none, some).assd_mm));
  EXPECT_TRUE(std::isnan(measure_surfaces(none, none).hd95_mm));
}

}  // namespace
}  // namespace dawson::evaluation
