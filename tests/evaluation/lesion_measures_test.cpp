#include "dawson/evaluation/lesion_measures.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cmath>

#include "evaluation/made.h"

namespace dawson::evaluation {
namespace {

const volume::Grid row = made_grid({60, 1, 1});

/// A row of 1 mm voxels: one block a pair of ends, both included.
volume::Mask blocks(const std::vector<std::pair<int, int>>& ends) {
  volume::Mask mask(row);
  for (const auto& [low, high] : ends) add_block(mask, {low, 0, 0}, {high, 0, 0});
  return mask;
}

TEST(LesionMeasures, MatchTheCaseWorkedByHand) {
  // Reference: 10, 5, 3 voxels and a speck of 2 that does not count.
  const auto reference = blocks({{0, 9}, {15, 19}, {25, 27}, {35, 36}});
  // Prediction: 1 of 10 on the first (10 %: found, and true since 1 of 4 ≥ 10 %), none on the
  // second, all of the third, 4 voxels on the speck and beside it, and one of 3 far from all.
  const auto prediction = blocks({{9, 12}, {25, 27}, {35, 38}, {50, 52}});
  const LesionMeasures m = measure_lesions(reference, prediction);
  EXPECT_EQ(m.all.reference, 3U);
  EXPECT_EQ(m.all.found, 2U);
  EXPECT_EQ(m.all.predicted, 4U);
  EXPECT_EQ(m.all.confirmed, 3U);  // the one on the speck too: it lies on the reference's mask
  EXPECT_EQ(m.false_lesions, 1U);
  EXPECT_DOUBLE_EQ(m.sensitivity, 2.0 / 3);
  EXPECT_DOUBLE_EQ(m.ppv, 3.0 / 4);
  EXPECT_DOUBLE_EQ(m.f1, 2 * (2.0 / 3) * 0.75 / (2.0 / 3 + 0.75));
}

TEST(LesionMeasures, FindALesionFromATenthOfItsVolume) {
  const auto reference = blocks({{0, 19}});
  EXPECT_EQ(measure_lesions(reference, blocks({{19, 25}})).all.found, 0U);  // 1 of 20
  EXPECT_EQ(measure_lesions(reference, blocks({{18, 25}})).all.found, 1U);  // 2 of 20
  // 1 of 20 predicted voxels on the reference is false, though it covers half of that lesion.
  EXPECT_EQ(measure_lesions(blocks({{0, 1}}), blocks({{1, 20}})).false_lesions, 1U);
}

TEST(LesionMeasures, CountCoverByUncountedSpecks) {
  // The overlaps are taken against the whole other mask: a speck of one voxel covers 1 of 5.
  const LesionMeasures m = measure_lesions(blocks({{0, 4}}), blocks({{4, 4}}));
  EXPECT_EQ(m.all.found, 1U);
  EXPECT_EQ(m.all.predicted, 0U);
  EXPECT_TRUE(std::isnan(m.ppv));
  EXPECT_EQ(m.f1, 0.0);
}

TEST(LesionMeasures, AreUndefinedWithoutReferenceLesionsButCountFalseOnes) {
  const LesionMeasures invented = measure_lesions(blocks({{0, 1}}), blocks({{10, 14}, {20, 24}}));
  EXPECT_TRUE(std::isnan(invented.sensitivity));
  EXPECT_TRUE(std::isnan(invented.f1));
  EXPECT_EQ(invented.ppv, 0.0);
  EXPECT_EQ(invented.false_lesions, 2U);

  const LesionMeasures none = measure_lesions(blocks({}), blocks({}));
  EXPECT_TRUE(std::isnan(none.sensitivity));
  EXPECT_TRUE(std::isnan(none.ppv));
  EXPECT_TRUE(std::isnan(none.f1));
  EXPECT_EQ(none.false_lesions, 0U);

  const LesionMeasures missed = measure_lesions(blocks({{0, 9}}), blocks({}));
  EXPECT_EQ(missed.sensitivity, 0.0);
  EXPECT_TRUE(std::isnan(missed.ppv));
  EXPECT_EQ(missed.f1, 0.0);
}

TEST(LesionMeasures, SortLesionsIntoSizeClasses) {
  EXPECT_EQ(size_class(3), 0U);
  EXPECT_EQ(size_class(9.99), 0U);
  EXPECT_EQ(size_class(9.9995), 1U);  // float noise of a spacing
  EXPECT_EQ(size_class(50), 2U);
  EXPECT_EQ(size_class(100), 3U);
  EXPECT_EQ(size_class(499), 3U);
  EXPECT_EQ(size_class(500), 4U);
  const LesionMeasures m = measure_lesions(blocks({{0, 9}, {20, 23}}), blocks({{20, 22}}));
  EXPECT_EQ(m.by_size[0].reference, 1U);
  EXPECT_EQ(m.by_size[0].found, 1U);
  EXPECT_EQ(m.by_size[0].confirmed, 1U);
  EXPECT_EQ(m.by_size[1].reference, 1U);
  EXPECT_EQ(m.by_size[1].found, 0U);
}

TEST(LesionMeasures, DescribeEachLesionOfBothMasks) {
  volume::Grid grid = made_grid({30, 1, 1}, {2, 1, 1});
  grid.origin = {-10, 5, 7};
  volume::Mask reference(grid);
  add_block(reference, {0, 0, 0}, {3, 0, 0});    // 4 voxels, 8 mm³: id 2
  add_block(reference, {10, 0, 0}, {19, 0, 0});  // 10 voxels, 20 mm³: id 1
  volume::Mask prediction(grid);
  add_block(prediction, {2, 0, 0}, {11, 0, 0});
  const LesionMeasures m = measure_lesions(reference, prediction);
  ASSERT_EQ(m.lesions.size(), 3U);
  EXPECT_TRUE(m.lesions[0].in_reference);
  EXPECT_EQ(m.lesions[0].id, 1);
  EXPECT_EQ(m.lesions[0].voxels, 10U);
  EXPECT_DOUBLE_EQ(m.lesions[0].volume_ml, 0.02);
  EXPECT_DOUBLE_EQ(m.lesions[0].centroid_mm[0], -10 + 2 * 14.5);
  EXPECT_DOUBLE_EQ(m.lesions[0].centroid_mm[2], 7);
  EXPECT_DOUBLE_EQ(m.lesions[0].covered, 0.2);
  EXPECT_DOUBLE_EQ(m.lesions[1].covered, 0.5);
  EXPECT_FALSE(m.lesions[2].in_reference);
  EXPECT_DOUBLE_EQ(m.lesions[2].covered, 0.4);  // 2 + 2 of 10 voxels
  EXPECT_EQ(m.lesions[2].partners, (std::vector<int>{1, 2}));
}

TEST(LesionRules, HaveNamesThatReadBack) {
  for (const char* name : {"dawson", "anima", "wmh2017", "shifts"}) {
    ASSERT_TRUE(lesion_rule_from(name)) << name;
    EXPECT_EQ(name_of(*lesion_rule_from(name)), name);
  }
  EXPECT_FALSE(lesion_rule_from("mine"));
}

TEST(LesionRules, DifferInConnectivityAndSmallestLesion) {
  const volume::Grid grid = made_grid({9, 9, 9});
  volume::Mask mask(grid);
  add_block(mask, {0, 0, 0}, {2, 0, 0});  // exactly 3 mm³
  add_block(mask, {3, 1, 0}, {4, 1, 0});  // 2 mm³, at an edge of the first
  mask.at(8, 8, 8) = 1;
  const auto lesions = [&](LesionRule rule) {
    return measure_lesions(mask, mask, rule).all.reference;
  };
  EXPECT_EQ(lesions(LesionRule::dawson), 1U);   // the two together, 5 mm³
  EXPECT_EQ(lesions(LesionRule::wmh2017), 2U);  // and the single voxel
  EXPECT_EQ(lesions(LesionRule::anima), 0U);    // by faces, none is over 3 mm³
  EXPECT_EQ(lesions(LesionRule::shifts), 3U);   // by faces, any size
}

TEST(LesionRules, AnimaWantsMoreThanATenth) {
  EXPECT_EQ(measure_lesions(blocks({{0, 9}}), blocks({{9, 12}}), LesionRule::anima).all.found, 0U);
  // 2 of 10; the detection lies half outside, at most 70 %.
  EXPECT_EQ(measure_lesions(blocks({{0, 9}}), blocks({{8, 11}}), LesionRule::anima).all.found, 1U);
}

TEST(LesionRules, AnimaRefusesDetectionsThatLieMostlyOutside) {
  // Covered 2 of 10, by a detection of 8 voxels of which 6 (75 %) lie outside.
  const auto reference = blocks({{0, 9}});
  EXPECT_EQ(measure_lesions(reference, blocks({{8, 15}}), LesionRule::anima).all.found, 0U);
  EXPECT_EQ(measure_lesions(reference, blocks({{8, 15}}), LesionRule::dawson).all.found, 1U);
  // A good detection of 4 voxels comes first with 4 of the 6 covered, 67 % ≥ 65 %: the bad one is
  // not looked at any more.
  const auto two = blocks({{3, 6}, {8, 15}});
  EXPECT_EQ(measure_lesions(reference, two, LesionRule::anima).all.found, 1U);
  // With 4 of 7 covered (57 %) it is looked at, and 7 voxels outside of 10 (70 %) still pass …
  EXPECT_EQ(
      measure_lesions(blocks({{0, 10}}), blocks({{3, 6}, {8, 17}}), LesionRule::anima).all.found,
      1U);
  // … while 8 of 11 do not.
  EXPECT_EQ(
      measure_lesions(blocks({{0, 10}}), blocks({{3, 6}, {8, 18}}), LesionRule::anima).all.found,
      0U);
}

TEST(LesionRules, AnimaDoesNotSeeSmallOnes) {
  // 2 of 5 voxels are covered, but by a component of 2 mm³ that is removed first.
  const auto reference = blocks({{0, 4}});
  EXPECT_EQ(measure_lesions(reference, blocks({{3, 4}}), LesionRule::anima).all.found, 0U);
}

TEST(LesionRules, Wmh2017NeedsOneVoxel) {
  const LesionMeasures m =
      measure_lesions(blocks({{0, 39}}), blocks({{39, 39}}), LesionRule::wmh2017);
  EXPECT_EQ(m.all.found, 1U);
  EXPECT_EQ(m.all.confirmed, 1U);
  EXPECT_EQ(m.f1, 1.0);
}

TEST(LesionRules, ShiftsNeedsAQuarterOfTheUnion) {
  // 4 in common of 16: 0.25. Of 17: less.
  EXPECT_EQ(measure_lesions(blocks({{0, 9}}), blocks({{6, 15}}), LesionRule::shifts).all.found, 1U);
  EXPECT_EQ(measure_lesions(blocks({{0, 9}}), blocks({{6, 16}}), LesionRule::shifts).all.found, 0U);
  // One detection over two reference lesions of 4: IoU 4/9 with each. tp 1, fp 0, fn 0.
  const LesionMeasures m =
      measure_lesions(blocks({{0, 3}, {5, 8}}), blocks({{0, 8}}), LesionRule::shifts);
  EXPECT_EQ(m.all.found, 2U);
  EXPECT_EQ(m.all.confirmed, 1U);
  EXPECT_DOUBLE_EQ(m.f1, 1.0);
  // One lesion missed and one invented beside a right one: 2·1 / (2·1 + 1 + 1).
  const LesionMeasures half =
      measure_lesions(blocks({{0, 3}, {10, 13}}), blocks({{0, 3}, {20, 23}}), LesionRule::shifts);
  EXPECT_DOUBLE_EQ(half.f1, 0.5);
}

TEST(LesionMeasures, OfTenThousandSingleVoxelsAreFast) {
  const volume::Grid grid = made_grid({182, 218, 182}, {1, 1, 3});
  volume::Mask mask(grid);
  int placed = 0;
  for (int k = 0; k < 182 && placed < 10000; k += 6) {
    for (int j = 0; j < 218 && placed < 10000; j += 8) {
      for (int i = 0; i < 182 && placed < 10000; i += 9, ++placed) mask.at(i, j, k) = 1;
    }
  }
  const auto begin = std::chrono::steady_clock::now();
  const LesionMeasures m = measure_lesions(mask, mask);
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
  EXPECT_EQ(m.all.found, 10000U);
  EXPECT_EQ(m.f1, 1.0);
  // About 0.2 s alone; a sanitizer and a busy machine are allowed for.
  EXPECT_LT(taken.count(), 5.0);
}

}  // namespace
}  // namespace dawson::evaluation
