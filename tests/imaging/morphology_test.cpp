#include "dawson/imaging/morphology.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>

#include "imaging/shapes.h"

namespace dawson::imaging {
namespace {

using test::centred;
using volume::Grid;
using volume::Image;
using volume::Mask;

Mask scattered(const Grid& grid, std::uint32_t seed, std::uint32_t one_in) {
  Mask mask(grid);
  std::uint32_t state = seed;
  for (auto& value : mask.data) {
    state = state * 1664525U + 1013904223U;
    value = (state >> 10) % one_in == 0 ? 1 : 0;
  }
  return mask;
}

double apart_mm(const Grid& g, int i, int j, int k, int a, int b, int c) {
  return std::hypot((i - a) * g.spacing[0], (j - b) * g.spacing[1], (k - c) * g.spacing[2]);
}

TEST(Distance, AgreesWithBruteForce) {
  for (const Grid& grid : {centred({13, 17, 9}, {0.9, 1.1, 6.5}), centred({21, 1, 12}, {1, 2, 0.7}),
                           centred({1, 1, 30}, {1, 1, 1.5})}) {
    for (const std::uint32_t one_in : {5U, 60U, 300U}) {
      Mask mask = scattered(grid, one_in, one_in);
      mask.data[mask.data.size() / 3] = 1;
      const Image distance = distance_to_mm(mask);
      for (int k = 0; k < grid.size[2]; ++k) {
        for (int j = 0; j < grid.size[1]; ++j) {
          for (int i = 0; i < grid.size[0]; ++i) {
            double nearest = 1e9;
            for (int c = 0; c < grid.size[2]; ++c) {
              for (int b = 0; b < grid.size[1]; ++b) {
                for (int a = 0; a < grid.size[0]; ++a) {
                  if (mask.at(a, b, c) != 0) {
                    nearest = std::min(nearest, apart_mm(grid, i, j, k, a, b, c));
                  }
                }
              }
            }
            ASSERT_NEAR(distance.at(i, j, k), nearest, 1e-4);
          }
        }
      }
    }
  }
}

TEST(Distance, IsInfiniteFromAnEmptyMask) {
  const Image distance = distance_to_mm(Mask(centred({4, 5, 6}, {1, 1, 1})));
  for (const float value : distance.data) EXPECT_TRUE(std::isinf(value));
}

TEST(Smooth, PreservesTheMeanAndTheVariance) {
  const Grid grid = centred({61, 61, 41}, {1, 1, 1.5});
  Image point(grid);
  point.at(30, 30, 20) = 1000;
  const double sigma = 2.5;
  const Image blurred = smooth(point, sigma);
  EXPECT_NEAR(std::accumulate(blurred.data.begin(), blurred.data.end(), 0.0), 1000, 0.1);
  double variance = 0;
  for (int k = 0; k < 41; ++k) {
    for (int j = 0; j < 61; ++j) {
      for (int i = 0; i < 61; ++i) {
        const double mm = (k - 20) * 1.5;
        variance += static_cast<double>(blurred.at(i, j, k)) * mm * mm / 1000;
      }
    }
  }
  EXPECT_NEAR(variance, sigma * sigma, 0.02 * sigma * sigma);
}

TEST(Smooth, PreservesTheMeanAtTheBorderToo) {
  Image corner(centred({20, 15, 10}, {1, 1, 3}));
  corner.data[0] = 500;
  const Image blurred = smooth(corner, 4);
  EXPECT_NEAR(std::accumulate(blurred.data.begin(), blurred.data.end(), 0.0), 500, 0.05);
  EXPECT_EQ(smooth(corner, 0).data, corner.data);
}

TEST(Smooth, IsRightForNarrowKernels) {
  // The discrete Gaussian's variance is right even at 0.4 voxels, where a sampled one is 40 % off.
  Image line(Grid{{21, 1, 1}, {1, 1, 1}, test::turn(0, 0), {0, 0, 0}});
  line.data[10] = 1;
  const Image blurred = smooth(line, 0.4);
  double variance = 0;
  for (int i = 0; i < 21; ++i) {
    variance +=
        static_cast<double>(blurred.data[static_cast<std::size_t>(i)]) * (i - 10) * (i - 10);
  }
  EXPECT_NEAR(variance, 0.16, 0.002);
}

TEST(Dilate, ReachesAllVoxelsWithinTheRadius) {
  const Grid grid = centred({25, 21, 15}, {1, 1.5, 3});
  Mask mask(grid);
  mask.at(12, 10, 7) = 1;
  mask.at(1, 1, 1) = 1;
  const Mask grown = dilate_mm(mask, 6);
  for (int k = 0; k < 15; ++k) {
    for (int j = 0; j < 21; ++j) {
      for (int i = 0; i < 25; ++i) {
        const double mm =
            std::min(apart_mm(grid, i, j, k, 12, 10, 7), apart_mm(grid, i, j, k, 1, 1, 1));
        ASSERT_EQ(grown.at(i, j, k), mm <= 6 + 1e-6 ? 1 : 0) << i << ' ' << j << ' ' << k;
      }
    }
  }
  EXPECT_EQ(dilate_mm(mask, 0).data, mask.data);
  EXPECT_EQ(dilate_mm(Mask(grid), 5).data, Mask(grid).data);
}

TEST(Erode, UndoesADilationOfAConvexShape) {
  const Grid grid = centred({50, 50, 24}, {1, 1, 2});
  const Mask ball = test::carved(grid, [](const volume::Vector3& p) {
    return test::in_ellipsoid(p, {0, 0, 0}, {14, 12, 13});
  });
  const Mask grown = dilate_mm(ball, 5);
  const Mask back = erode_mm(grown, 5);
  std::size_t lost = 0;
  for (std::size_t i = 0; i < ball.data.size(); ++i) lost += ball.data[i] > back.data[i] ? 1 : 0;
  EXPECT_EQ(lost, 0U);  // a closing never loses a voxel
  EXPECT_LT(std::accumulate(back.data.begin(), back.data.end(), 0.0),
            1.03 * std::accumulate(ball.data.begin(), ball.data.end(), 0.0));
}

TEST(Erode, LeavesWhatIsCutByTheBorder) {
  Mask full(centred({6, 6, 6}, {1, 1, 1}), 1);
  EXPECT_EQ(erode_mm(full, 2).data, full.data);
  full.at(0, 0, 0) = 0;
  const Mask eroded = erode_mm(full, 1);
  EXPECT_EQ(eroded.at(1, 0, 0), 0);
  EXPECT_EQ(eroded.at(1, 1, 0), 1);
}

TEST(FillHoles, FillsWhatTheBorderCannotReachThroughFaces) {
  Mask box(centred({7, 7, 7}, {1, 1, 1}));
  for (int k = 1; k < 6; ++k) {
    for (int j = 1; j < 6; ++j) {
      for (int i = 1; i < 6; ++i) box.at(i, j, k) = 1;
    }
  }
  Mask hollow = box;
  hollow.at(3, 3, 3) = 0;
  hollow.at(2, 2, 2) = 0;
  EXPECT_EQ(fill_holes(hollow).data, box.data);
  hollow.at(1, 1, 1) = 0;  // touches the outside by faces, the hole only by a corner
  Mask expected = box;
  expected.at(1, 1, 1) = 0;
  EXPECT_EQ(fill_holes(hollow).data, expected.data);
  hollow.at(2, 1, 1) = hollow.at(2, 2, 1) = 0;  // a tunnel to (2, 2, 2)
  EXPECT_EQ(fill_holes(hollow).at(2, 2, 2), 0);
  EXPECT_EQ(fill_holes(hollow).at(3, 3, 3), 1);
}

TEST(FillHoles, FillsASingleSliceInItsPlane) {
  Mask ring(Grid{{5, 5, 1}, {1, 1, 1}, test::turn(0, 0), {0, 0, 0}}, 1);
  ring.at(2, 2, 0) = 0;
  EXPECT_EQ(fill_holes(ring).at(2, 2, 0), 1);
}

TEST(AreaAtEnds, IsThatOfEachOuterLayer) {
  volume::Mask mask(Grid{{4, 5, 6}, {2, 3, 7}, {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}}, {0, 0, 0}});
  for (int i = 1; i < 4; ++i) mask.at(i, 2, 5) = 1;  // along the last layer, up to one side
  const auto area = area_at_ends_mm2(mask);
  EXPECT_DOUBLE_EQ(area[0][0], 0);
  EXPECT_DOUBLE_EQ(area[0][1], 21);
  EXPECT_DOUBLE_EQ(area[1][0] + area[1][1] + area[2][0], 0);
  EXPECT_DOUBLE_EQ(area[2][1], 18);
}

TEST(LargestComponent, IsFaceConnected) {
  Mask mask(centred({8, 4, 3}, {1, 1, 1}));
  mask.at(0, 0, 0) = mask.at(1, 0, 0) = mask.at(1, 1, 0) = 1;  // three
  mask.at(2, 2, 0) = mask.at(3, 2, 0) = 1;                     // touches by an edge only
  mask.at(6, 3, 2) = 1;
  const Mask largest = largest_component(mask);
  EXPECT_EQ(std::accumulate(largest.data.begin(), largest.data.end(), 0), 3);
  EXPECT_EQ(largest.at(1, 1, 0), 1);
  EXPECT_EQ(largest_component(Mask(mask.grid)).data, Mask(mask.grid).data);
}

TEST(LargestComponent, WinsOverALaterOneOfEqualSize) {
  Mask mask(centred({9, 1, 1}, {1, 1, 1}));
  mask.data = {0, 1, 1, 0, 1, 1, 0, 1, 0};
  EXPECT_EQ(largest_component(mask).data, (std::vector<std::uint8_t>{0, 1, 1, 0, 0, 0, 0, 0, 0}));
}

}  // namespace
}  // namespace dawson::imaging
