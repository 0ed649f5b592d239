#include "dawson/imaging/resample.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <numeric>

#include "imaging/shapes.h"

namespace dawson::imaging {
namespace {

using test::centred;
using test::painted;
using test::turn;
using volume::Grid;
using volume::Image;
using volume::Mask;
using volume::Matrix3;
using volume::Vector3;
using volume::operator*;

double linear(const Vector3& p) {
  return 3 + 0.5 * p[0] - 0.25 * p[1] + 2 * p[2];
}

TEST(Resample, IsExactForLinearFunctionsOnEveryPairOfGrids) {
  const std::array<Grid, 4> grids{
      centred({40, 44, 36}, {1, 1, 1}), centred({40, 44, 12}, {0.9, 1.1, 3.3}, turn(0, 23)),
      centred({24, 30, 50}, {-1 + 2.7, 1.3, 0.8}, turn(2, 90)),
      test::stored_otherwise(centred({40, 44, 36}, {1, 1, 1}, turn(1, -30)), {2, 0, 1},
                             {true, false, true})};
  for (const Grid& from : grids) {
    const Image image = painted(from, linear);
    for (const Grid& to : grids) {
      const Image out = resample_linear(image, to, -1e6F);
      std::size_t inside = 0;
      for (int k = 0; k < to.size[2]; ++k) {
        for (int j = 0; j < to.size[1]; ++j) {
          for (int i = 0; i < to.size[0]; ++i) {
            const Vector3 world = to.to_world({double(i), double(j), double(k)});
            const Vector3 s = from.to_index(world);
            bool within = true;
            for (int a = 0; a < 3; ++a) within = within && s[a] >= 0 && s[a] <= from.size[a] - 1;
            if (!within) continue;
            ++inside;
            ASSERT_NEAR(out.at(i, j, k), linear(world), 1e-3);
          }
        }
      }
      EXPECT_GT(inside, 3000U);
    }
  }
}

TEST(Resample, RepeatsTheEdgeForHalfAVoxelAndThenGivesOutside) {
  Image image(Grid{{3, 1, 1}, {2, 2, 2}, turn(0, 0), {0, 0, 0}}, std::vector<float>{5, 6, 7});
  Grid to{{12, 1, 1}, {0.5, 1, 1}, turn(0, 0), {-1.5, 0, 0}};
  const Image out = resample_linear(image, to, -9);
  // Positions −1.5, −1, −0.5, 0, 0.5 …: half a voxel is 1 mm.
  EXPECT_EQ(out.data[0], -9);
  EXPECT_EQ(out.data[1], 5);
  EXPECT_EQ(out.data[2], 5);
  EXPECT_EQ(out.data[3], 5);
  EXPECT_FLOAT_EQ(out.data[4], 5.25F);
  to.direction = turn(2, 1e-2);  // the same by the general way
  const Image turned = resample_linear(image, to, -9);
  EXPECT_EQ(turned.data[0], -9);
  for (std::size_t i = 2; i < 12; ++i) EXPECT_NEAR(turned.data[i], out.data[i], 1e-3);
}

TEST(Resample, BothWaysThroughTheLoopAgree) {
  const Image image = painted(centred({30, 28, 26}, {1, 1.2, 1.4}), [](const Vector3& p) {
    return std::sin(p[0] / 3) + std::cos(p[1] / 4) * std::sin(p[2] / 5);
  });
  const Grid parallel = centred({40, 38, 36}, {0.7, 0.8, 0.9});
  Grid tilted = parallel;  // off by a thousandth of a voxel: too much for the short way
  tilted.direction = turn(2, 1e-3);
  const Image a = resample_linear(image, parallel);
  const Image b = resample_linear(image, tilted);
  std::size_t apart = 0;  // voxels at the very border may fall on either side of it
  for (std::size_t i = 0; i < a.data.size(); ++i)
    apart += std::abs(a.data[i] - b.data[i]) > 2e-3 ? 1 : 0;
  EXPECT_LT(apart, a.data.size() / 100);
}

TEST(Resample, FlippedAndTransposedArraysAreCopiesVoxelForVoxel) {
  const Grid grid = centred({7, 8, 9}, {0.9, 1.1, 6.5}, turn(0, 17));
  Image image(grid);
  std::iota(image.data.begin(), image.data.end(), 1.0F);
  Mask mask(grid);
  for (std::size_t i = 0; i < mask.data.size(); ++i) mask.data[i] = i % 7 == 0 ? 1 : 0;
  const Grid other = test::stored_otherwise(grid, {2, 0, 1}, {false, true, true});
  const Image back = resample_linear(resample_linear(image, other), grid);
  for (std::size_t i = 0; i < image.data.size(); ++i)
    ASSERT_NEAR(back.data[i], image.data[i], 1e-2);
  EXPECT_EQ(resample_nearest(resample_nearest(mask, other), grid).data, mask.data);
  EXPECT_NE(resample_nearest(mask, other).data, mask.data);
}

TEST(Resample, FollowsTheTransform) {
  const Grid grid = centred({41, 41, 41}, {1, 1, 1});
  const Image image = painted(grid, linear);
  Affine map;
  map.matrix = turn(2, 15);
  map.matrix[0][0] *= 0.8;
  map.offset = {1, -2, 3};
  const Image out = resample_linear(image, grid, 0, map);
  const Vector3 world = grid.to_world({22, 18, 17});
  EXPECT_NEAR(out.at(22, 18, 17), linear(map(world)), 1e-3);
  const Vector3 back = map.inverse()(map(world));
  const Vector3 twice = (map * map)(world);
  for (int a = 0; a < 3; ++a) {
    EXPECT_NEAR(back[a], world[a], 1e-9);
    EXPECT_NEAR(twice[a], map(map(world))[a], 1e-9);
  }
}

TEST(Resample, NearestTakesTheVoxelThatHoldsThePoint) {
  Mask mask(Grid{{4, 1, 1}, {2, 2, 2}, turn(0, 0), {0, 0, 0}});
  mask.data = {0, 1, 0, 1};
  const Grid to{{8, 1, 1}, {1, 1, 1}, turn(0, 0), {-0.5, 0, 0}};
  const Mask out = resample_nearest(mask, to);  // −0.5 0.5 | 1.5 2.5 | 3.5 4.5 | 5.5 6.5
  EXPECT_EQ(out.data, (std::vector<std::uint8_t>{0, 0, 1, 1, 0, 0, 1, 1}));
}

TEST(ResampleSmooth, TakesFineNoiseOutBeforeCoarserVoxels) {
  Image image(centred({64, 64, 64}, {1, 1, 1}));
  std::uint32_t state = 1;
  for (float& value : image.data) {
    state = state * 1664525U + 1013904223U;
    value = static_cast<float>(state >> 8) / 16777216.0F - 0.5F;
  }
  const Grid coarse = centred({14, 14, 14}, {4, 4, 4});
  const auto spread = [](const Image& i) {
    double sum = 0;
    for (const float v : i.data) sum += static_cast<double>(v) * static_cast<double>(v);
    return std::sqrt(sum / static_cast<double>(i.data.size()));
  };
  // σ = 0.42·√15 = 1.63 voxels leaves 1/√((2√π)³·σ³) of white noise: 0.072; linear alone 0.35–1.
  const double left = spread(resample_smooth(image, coarse)) / spread(image);
  EXPECT_LT(left, 0.1);
  EXPECT_GT(left, 0.03);
  EXPECT_GT(spread(resample_linear(image, coarse)) / spread(image), 0.3);
}

TEST(ResampleSmooth, IsPlainLinearTowardsFinerVoxels) {
  const Image image = painted(centred({20, 20, 6}, {1, 1, 6}), linear);
  const Grid fine = centred({30, 30, 40}, {0.7, 0.7, 0.8}, turn(2, 0));
  EXPECT_EQ(resample_smooth(image, fine).data, resample_linear(image, fine).data);
}

TEST(ResampleCoverage, KeepsTheVolume) {
  const Mask ball = test::carved(centred({60, 60, 60}, {1, 1, 1}), [](const Vector3& p) {
    return test::in_ellipsoid(p, {1, 2, -1}, {20, 15, 18});
  });
  const double before = std::accumulate(ball.data.begin(), ball.data.end(), 0.0);
  for (const Grid& grid : {centred({30, 30, 16}, {2.5, 2.5, 4.1}),
                           centred({50, 50, 50}, {1.3, 1.3, 1.3}, turn(1, 20))}) {
    const Image share = resample_coverage(ball, grid);
    const double after = std::accumulate(share.data.begin(), share.data.end(), 0.0);
    EXPECT_NEAR(after * grid.voxel_volume_mm3() / before, 1, 0.01);
    EXPECT_LE(*std::max_element(share.data.begin(), share.data.end()), 1.0001F);
  }
}

TEST(Resample, AWholeHeadTakesLittleTime) {
  const Image image(centred({182, 218, 182}, {1, 1, 1}), 1.0F);
  const auto start = std::chrono::steady_clock::now();
  resample_linear(image, centred({182, 218, 182}, {1, 1, 1}, turn(0, 20)));
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  RecordProperty("seconds", std::to_string(seconds.count()));
  EXPECT_LT(seconds.count(), 5);  // 0.5 s on a quiet machine; wide, since machines are not quiet
}

}  // namespace
}  // namespace dawson::imaging
