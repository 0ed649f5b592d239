#include "dawson/anatomy/location.h"

#include <gtest/gtest.h>

#include <cmath>

#include "dawson/core/error.h"
#include "support/made_bundles.h"
#include "support/made_head.h"
#include "support/temporary_folder.h"

namespace dawson::anatomy {
namespace {

using volume::operator*;

double distance(const volume::Vector3& a, const volume::Vector3& b) {
  return std::hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

TEST(Atlas, OpensWithFrequenciesWithinZeroAndOneAndABrainOfABrainsSize) {
  const auto atlas = made::atlas();
  const auto [low, high] =
      std::minmax_element(atlas->lesion_frequency.data.begin(), atlas->lesion_frequency.data.end());
  EXPECT_EQ(*low, 0);
  EXPECT_GT(*high, 0.9F);
  EXPECT_LE(*high, 1);
  const Brain brain{atlas->brain};
  EXPECT_GT(brain.volume_ml(), 1400);
  EXPECT_LT(brain.volume_ml(), 2200);
  EXPECT_EQ(atlas->sha256.size(), 64U);
}

TEST(Atlas, MissingFilesAreAModelError) {
  const testing::TemporaryFolder empty;
  try {
    Atlas::open(empty.path());
    ADD_FAILURE();
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ExitCode::model);
  }
}

// The atlas' own brain, moved by a known affine, is led back to where it was.
TEST(Locate, RecoversAKnownAffine) {
  const auto atlas = made::atlas();
  imaging::Affine known;
  known.matrix = test::turn(0, 12) * test::turn(2, -8);
  for (auto& row : known.matrix) {
    row[0] *= 0.94;
    row[1] *= 1.05;
  }
  known.offset = {11, -18, 25};
  const volume::Grid grid = test::centred({64, 72, 64}, {3.5, 3.5, 3.5});
  const volume::Mask moved = imaging::resample_nearest(atlas->brain, grid, known);

  Progress progress;
  const imaging::Alignment found = locate(moved, *atlas, progress);
  EXPECT_GT(found.dice, 0.97);
  double sum = 0;
  int points = 0;
  for (const double x : {-40.0, 0.0, 40.0}) {
    for (const double y : {-60.0, 0.0, 40.0}) {
      for (const double z : {-20.0, 0.0, 40.0}) {
        sum += distance(found.fixed_to_moving({x, y, z}), known({x, y, z}));
        ++points;
      }
    }
  }
  EXPECT_LT(sum / points, 3.0);  // mm; the grid's voxels are 3.5
  EXPECT_TRUE(progress.warnings().empty());
}

TEST(Locate, RefusesWhatHasNoBrainsShape) {
  const volume::Mask rod = test::carved(made::coarse_grid(), [](const volume::Vector3& p) {
    return std::abs(p[0] + p[1]) < 6 && std::abs(p[2] - p[1]) < 6;
  });
  volume::Mask corners(made::coarse_grid());
  for (const int i : {1, 46}) {
    for (const int j : {1, 54}) corners.at(i, j, 3) = corners.at(i, j, 48) = 1;
  }
  Progress progress;
  try {
    locate(corners, *made::atlas(), progress);
    ADD_FAILURE();
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ExitCode::input);
  }
}

TEST(Locate, SaysWhenTheOutlineFitsPoorly) {
  // The upper shell of a brain only.
  const volume::Mask shell = test::carved(made::coarse_grid(), [](const volume::Vector3& p) {
    return test::in_brain(p) && !test::in_ellipsoid(p, {0, 0, -10}, {52, 70, 44});
  });
  Progress progress;
  try {
    locate(shell, *made::atlas(), progress);
    EXPECT_FALSE(progress.warnings().empty());
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ExitCode::input);
  }
}

}  // namespace
}  // namespace dawson::anatomy
