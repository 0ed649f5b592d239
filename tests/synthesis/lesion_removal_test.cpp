#include "dawson/synthesis/lesion_removal.h"

#include <gtest/gtest.h>

#include "dawson/core/error.h"
#include "dawson/synthesis/texture.h"
#include "synthesis/made_scan.h"

namespace dawson::synthesis {
namespace {

using volume::Image;
using volume::Mask;

LesionFree without_lesions(const MadeScan& made, std::uint64_t seed = 1) {
  Progress progress;
  return remove_lesions(made.scan, made.lesions, made.brain, core::Random(seed), progress);
}

/// White matter far from every lesion, from the fluid and from the surface.
Mask normal_white(const MadeScan& made) {
  const Mask near = imaging::dilate_mm(made.lesions, 6);
  const Mask wet = imaging::dilate_mm(made.fluid, 4);
  Mask normal = imaging::erode_mm(made.brain, 4);
  for (std::size_t v = 0; v < normal.data.size(); ++v) {
    if (near.data[v] != 0 || wet.data[v] != 0) normal.data[v] = 0;
  }
  return normal;
}

/// Without its coil field, which is known.
Image flat(const Image& image) {
  Image out = image;
  for (int k = 0; k < image.grid.size[2]; ++k) {
    for (int j = 0; j < image.grid.size[1]; ++j) {
      for (int i = 0; i < image.grid.size[0]; ++i) {
        const auto w = image.grid.to_world({1.0 * i, 1.0 * j, 1.0 * k});
        out.at(i, j, k) /= static_cast<float>(1 + 0.1 * w[0] / 45);
      }
    }
  }
  return out;
}

/// Thin scans and thick ones.
class LesionRemoval : public ::testing::TestWithParam<volume::Vector3> {};

TEST_P(LesionRemoval, FillsWithTheLevelAndTheNoiseOfNormalWhiteMatter) {
  const MadeScan made = made_scan(GetParam());
  const Image filled = flat(without_lesions(made).scan);
  const Mask normal = normal_white(made);
  const Spread white = spread_of(filled, normal);
  const Spread inside = spread_of(filled, made.lesions);
  EXPECT_NEAR(white.mean, made_white, 1) << "the test's own idea of normal is wrong";
  EXPECT_NEAR(inside.mean, white.mean, 0.5 * white.deviation);
  EXPECT_NEAR(inside.deviation / white.deviation, 1, 0.25);
  for (const int axis : {0, 1, 2}) {
    EXPECT_NEAR(step_along(filled, made.lesions, axis) / step_along(filled, normal, axis), 1, 0.3)
        << "correlation along axis " << axis;
  }
}

TEST_P(LesionRemoval, LeavesNoEdge) {
  const MadeScan made = made_scan(GetParam());
  const LesionFree result = without_lesions(made);
  Mask tissue = imaging::erode_mm(made.brain, 4);
  const Mask wet = imaging::dilate_mm(made.fluid, 2);
  for (std::size_t v = 0; v < tissue.data.size(); ++v) {
    if (wet.data[v] != 0) tissue.data[v] = 0;
  }
  const double before = step_across(made.scan, made.lesions, tissue);
  const double after = step_across(result.scan, made.lesions, tissue);
  const double rim = step_across(result.scan, result.filled, tissue);
  const double usual = step_across(made.clean, made.lesions, tissue);
  EXPECT_GT(before, 2.5 * usual) << "the made lesions have no edge to lose";
  EXPECT_LT(after, 1.25 * usual);
  EXPECT_LT(rim, 1.25 * usual);
}

TEST_P(LesionRemoval, ChangesNothingElseAndLeavesFluidInPlace) {
  const MadeScan made = made_scan(GetParam());
  const LesionFree result = without_lesions(made);
  const Image lesion_mm = imaging::distance_to_mm(made.lesions);
  std::size_t fluid_kept = 0;
  std::size_t fluid_near = 0;
  for (std::size_t v = 0; v < made.scan.data.size(); ++v) {
    if (result.filled.data[v] == 0) {
      ASSERT_EQ(result.scan.data[v], made.scan.data[v]) << v;
    } else {
      ASSERT_LT(lesion_mm.data[v], 4) << v;
      ASSERT_EQ(made.brain.data[v], 1) << v;
    }
    if (made.lesions.data[v] != 0) {
      ASSERT_EQ(result.filled.data[v], 1) << "a lesion voxel was left";
    }
    if (made.fluid.data[v] != 0 && lesion_mm.data[v] < 4) {
      ++fluid_near;
      fluid_kept += result.filled.data[v] == 0;
    }
  }
  EXPECT_GT(fluid_near, 10U);
  EXPECT_GT(static_cast<double>(fluid_kept), 0.9 * static_cast<double>(fluid_near));
}

TEST_P(LesionRemoval, IsDeterministicInTheSeed) {
  const MadeScan made = made_scan(GetParam());
  const LesionFree first = without_lesions(made, 4);
  EXPECT_EQ(first.scan.data, without_lesions(made, 4).scan.data);
  EXPECT_NE(first.scan.data, without_lesions(made, 5).scan.data);
}

INSTANTIATE_TEST_SUITE_P(Spacings, LesionRemoval,
                         ::testing::Values(volume::Vector3{1.5, 1.5, 1.5},
                                           volume::Vector3{1, 1, 6}));

TEST(LesionRemovalRefuses, MasksOfAnotherGridAndBrainsWithoutNormalTissue) {
  const MadeScan made = made_scan({2, 2, 4});
  const MadeScan other = made_scan({2, 2, 5});
  Progress progress;
  const core::Random random(1);
  EXPECT_THROW(remove_lesions(made.scan, other.lesions, made.brain, random, progress), Error);
  EXPECT_THROW(remove_lesions(made.scan, made.lesions, other.brain, random, progress), Error);
  // Everything is lesion: nothing normal is left to learn from.
  EXPECT_THROW(remove_lesions(made.scan, made.brain, made.brain, random, progress), Error);
}

TEST(LesionRemovalOf, AScanWithoutLesionsIsTheScan) {
  const MadeScan made = made_scan({2, 2, 4});
  Progress progress;
  const LesionFree result =
      remove_lesions(made.scan, Mask(made.scan.grid), made.brain, core::Random(1), progress);
  EXPECT_EQ(result.scan.data, made.scan.data);
  EXPECT_EQ(spread_of(Image(made.scan.grid, 1), made.brain).mean, 1);
  for (const auto v : result.filled.data) ASSERT_EQ(v, 0);
}

TEST(Texture, HasTheDonorsDeviationAndCorrelation) {
  const MadeScan made = made_scan({1, 1, 3});
  Image noise = flat(made.clean);
  const Mask donors = normal_white(made);
  for (float& v : noise.data) v -= static_cast<float>(made_white);
  const Image texture = sample_texture(noise, donors, made.brain, core::Random(2));
  const Spread given = spread_of(noise, donors);
  const Spread sampled = spread_of(texture, made.brain);
  EXPECT_NEAR(sampled.mean, 0, 0.1 * given.deviation);
  EXPECT_NEAR(sampled.deviation / given.deviation, 1, 0.1);
  for (const int axis : {0, 1, 2}) {
    EXPECT_NEAR(step_along(texture, made.brain, axis) / step_along(noise, donors, axis), 1, 0.1)
        << axis;
  }
  for (std::size_t v = 0; v < texture.data.size(); ++v) {
    if (made.brain.data[v] != 0) continue;
    ASSERT_EQ(texture.data[v], 0);
  }
}

}  // namespace
}  // namespace dawson::synthesis
