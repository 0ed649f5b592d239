#include <gtest/gtest.h>

#include <cmath>

#include "dawson/segmentation/segmenter.h"
#include "imaging/shapes.h"

namespace dawson::segmentation {
namespace {

volume::Grid grid() {
  volume::Grid g;
  g.size = {8, 6, 5};
  g.spacing = {1, 2, 3};  // 6 mm³ a voxel
  g.origin = {-10, 20, 30};
  return g;
}

TEST(FindLesions, DescribesEachByHand) {
  volume::Mask mask(grid());
  volume::Image probabilities(grid());
  // Two voxels that touch at a corner only, and, apart from them, three in a row.
  mask.at(0, 0, 0) = mask.at(1, 1, 1) = 1;
  probabilities.at(0, 0, 0) = 0.6F;
  probabilities.at(1, 1, 1) = 0.8F;
  for (const int i : {4, 5, 6}) {
    mask.at(i, 4, 3) = 1;
    probabilities.at(i, 4, 3) = 0.5F + 0.1F * static_cast<float>(i - 4);
  }
  probabilities.at(7, 0, 0) = 0.99F;  // outside the mask: of nobody

  const std::vector<Lesion> lesions = find_lesions(mask, probabilities);
  ASSERT_EQ(lesions.size(), 2U);
  const Lesion& large = lesions[0];
  EXPECT_EQ(large.id, 1);
  EXPECT_EQ(large.voxels, 3U);
  EXPECT_DOUBLE_EQ(large.volume_ml, 0.018);
  EXPECT_NEAR(large.centroid_mm[0], -10 + 5, 1e-9);
  EXPECT_NEAR(large.centroid_mm[1], 20 + 4 * 2, 1e-9);
  EXPECT_NEAR(large.centroid_mm[2], 30 + 3 * 3, 1e-9);
  EXPECT_EQ(large.low, (volume::Index3{4, 4, 3}));
  EXPECT_EQ(large.high, (volume::Index3{6, 4, 3}));
  EXPECT_EQ(large.extents_mm, (volume::Vector3{3, 2, 3}));
  EXPECT_NEAR(large.mean_probability, 0.6, 1e-6);
  EXPECT_NEAR(large.peak_probability, 0.7, 1e-6);

  const Lesion& small = lesions[1];
  EXPECT_EQ(small.id, 2);
  EXPECT_EQ(small.voxels, 2U);
  EXPECT_NEAR(small.centroid_mm[1], 21, 1e-9);
  EXPECT_EQ(small.extents_mm, (volume::Vector3{2, 4, 6}));
  EXPECT_NEAR(small.mean_probability, 0.7, 1e-6);
  EXPECT_NEAR(small.peak_probability, 0.8, 1e-6);
}

TEST(FindLesions, CountsFromThreeCubicMillimetres) {
  volume::Grid fine = grid();
  fine.spacing = {1, 1, 1};
  volume::Mask mask(fine);
  mask.at(0, 0, 0) = mask.at(1, 0, 0) = 1;                     // 2 mm³
  mask.at(4, 4, 4) = mask.at(5, 4, 4) = mask.at(6, 4, 4) = 1;  // 3 mm³
  const std::vector<Lesion> lesions = find_lesions(mask, {});
  ASSERT_EQ(lesions.size(), 1U);
  EXPECT_EQ(lesions[0].low[0], 4);
  EXPECT_TRUE(std::isnan(lesions[0].mean_probability));
  EXPECT_TRUE(std::isnan(lesions[0].peak_probability));
}

TEST(FindLesions, OfTwoEqualOnesTheFirstInTheArrayIsFirst) {
  volume::Mask mask(grid());
  mask.at(6, 5, 4) = mask.at(2, 1, 0) = 1;
  const std::vector<Lesion> lesions = find_lesions(mask, {});
  ASSERT_EQ(lesions.size(), 2U);
  EXPECT_EQ(lesions[0].low, (volume::Index3{2, 1, 0}));
  EXPECT_EQ(lesions[1].id, 2);
}

TEST(FindLesions, FindsNoneInAnEmptyMask) {
  EXPECT_TRUE(find_lesions(volume::Mask(grid()), {}).empty());
}

TEST(MakeMask, TakesTheThresholdItselfAndDropsWhatIsTooSmall) {
  volume::Image p(grid());
  p.at(0, 0, 0) = 0.5F;
  p.at(3, 3, 3) = p.at(4, 3, 3) = 0.75F;
  p.at(7, 5, 4) = 0.49F;
  const volume::Mask all = make_mask(p, {0.5, 0, 3});  // a voxel is 6 mm³
  EXPECT_EQ(std::count(all.data.begin(), all.data.end(), 1), 3);
  EXPECT_EQ(all.at(0, 0, 0), 1);
  EXPECT_EQ(all.at(7, 5, 4), 0);
  const volume::Mask large = make_mask(p, {0.5, 0, 12});
  EXPECT_EQ(std::count(large.data.begin(), large.data.end(), 1), 2);
  EXPECT_EQ(large.at(0, 0, 0), 0);
}

TEST(MakeMask, KeepsARegionWholeThatReachesThePeakAndNoneThatDoesNot) {
  volume::Image p(grid());
  p.at(0, 0, 0) = p.at(1, 0, 0) = p.at(2, 0, 0) = 0.6F;  // large, nowhere certain
  p.at(5, 3, 3) = 0.9F;
  p.at(6, 3, 3) = 0.5F;  // faint edge of what is certain
  const volume::Mask mask = make_mask(p, {0.5, 0.9F, 3});
  EXPECT_EQ(std::count(mask.data.begin(), mask.data.end(), 1), 2);
  EXPECT_EQ(mask.at(5, 3, 3), 1);
  EXPECT_EQ(mask.at(6, 3, 3), 1);
}

TEST(Segmentation, LesionPercentIsOfTheBrainAndZeroWithoutOne) {
  Segmentation s;
  s.lesion_volume_ml = 3;
  EXPECT_EQ(s.lesion_percent(), 0);
  s.brain_volume_ml = 1500;
  EXPECT_DOUBLE_EQ(s.lesion_percent(), 0.2);
}

}  // namespace
}  // namespace dawson::segmentation
