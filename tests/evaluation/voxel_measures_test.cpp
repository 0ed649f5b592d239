#include "dawson/evaluation/voxel_measures.h"

#include <gtest/gtest.h>

#include <cmath>

#include "evaluation/made.h"

namespace dawson::evaluation {
namespace {

// Reference: voxels 0–3, prediction: voxels 2–7 of 27, so TP 2, FP 4, FN 2, TN 19.
// Brain: voxels 0–17, so TN 10. A voxel has 1·2·3 = 6 mm³.
const volume::Grid grid = made_grid({3, 3, 3}, {1, 2, 3});
const volume::Mask reference = run_of(grid, 0, 3);
const volume::Mask prediction = run_of(grid, 2, 7);
const volume::Mask brain = run_of(grid, 0, 17);

TEST(VoxelMeasures, CountTheFourKinds) {
  const Counts c = count_voxels(reference, prediction);
  EXPECT_EQ(c.true_positive, 2U);
  EXPECT_EQ(c.false_positive, 4U);
  EXPECT_EQ(c.false_negative, 2U);
  EXPECT_EQ(c.true_negative, 19U);
  EXPECT_EQ(count_voxels(reference, prediction, &brain).true_negative, 10U);
}

TEST(VoxelMeasures, MatchTheCaseWorkedByHand) {
  const VoxelMeasures m = measure_voxels(reference, prediction, &brain);
  EXPECT_DOUBLE_EQ(m.dice, 4.0 / 10);          // 2·2 / (4 + 6)
  EXPECT_DOUBLE_EQ(m.sensitivity, 2.0 / 4);    // TP / 4
  EXPECT_DOUBLE_EQ(m.ppv, 2.0 / 6);            // TP / 6
  EXPECT_DOUBLE_EQ(m.specificity, 10.0 / 14);  // TN / (TN + FP) in the brain
  EXPECT_DOUBLE_EQ(m.accuracy, 12.0 / 18);
  EXPECT_DOUBLE_EQ(m.reference_ml, 0.024);  // 4 · 6 mm³
  EXPECT_DOUBLE_EQ(m.predicted_ml, 0.036);
  EXPECT_NEAR(m.volume_difference_ml, 0.012, 1e-12);
  EXPECT_NEAR(m.volume_difference_percent, 50, 1e-9);
  EXPECT_EQ(m.lesion_voxels_outside_brain, 0U);
}

TEST(VoxelMeasures, WeighFalsePositivesInTheNormalisedDice) {
  const VoxelMeasures m = measure_voxels(reference, prediction, &brain);
  // Whole: k = 0.999·4 / (0.001·23) = 173.7391; 4 / (4 + 4k + 2) = 4 / 700.9565.
  EXPECT_NEAR(m.ndsc, 4.0 / 700.956522, 1e-9);
  EXPECT_EQ(m.whole.total(), 27U);
  // Brain: k = 3.996 / 0.014 = 285.428571; 4 / (6 + 1141.714286).
  EXPECT_NEAR(m.ndsc_brain, 4.0 / 1147.714286, 1e-9);
  EXPECT_EQ(m.brain.total(), 18U);
}

TEST(VoxelMeasures, CountLesionOutsideTheBrainMask) {
  // Voxels 20 and 21 of the prediction, 20 of the reference lie outside the brain.
  volume::Mask ours = reference;
  ours.data[20] = 1;
  volume::Mask theirs = prediction;
  theirs.data[20] = theirs.data[21] = 1;
  const VoxelMeasures m = measure_voxels(ours, theirs, &brain);
  EXPECT_EQ(m.lesion_voxels_outside_brain, 2U);
  EXPECT_DOUBLE_EQ(m.sensitivity, 2.0 / 4);  // as before: the brain's voxels alone
  EXPECT_DOUBLE_EQ(m.dice, 6.0 / 13);        // 2·3 / (5 + 8): the whole volume
}

TEST(VoxelMeasures, AreNotFlatteredWithoutABrainMask) {
  const VoxelMeasures m = measure_voxels(reference, prediction, nullptr);
  EXPECT_DOUBLE_EQ(m.sensitivity, 2.0 / 4);
  EXPECT_DOUBLE_EQ(m.ppv, 2.0 / 6);
  EXPECT_TRUE(std::isnan(m.specificity));
  EXPECT_TRUE(std::isnan(m.accuracy));
  EXPECT_TRUE(std::isnan(m.ndsc_brain));
  EXPECT_EQ(m.brain.total(), 0U);
}

TEST(VoxelMeasures, KnowTheEmptyMasks) {
  const volume::Mask none(grid);
  const VoxelMeasures both = measure_voxels(none, none, &brain);
  EXPECT_EQ(both.dice, 1.0);
  EXPECT_EQ(both.ndsc, 1.0);
  EXPECT_TRUE(std::isnan(both.sensitivity));
  EXPECT_TRUE(std::isnan(both.ppv));
  EXPECT_EQ(both.specificity, 1.0);
  EXPECT_TRUE(std::isnan(both.volume_difference_percent));

  const VoxelMeasures missed = measure_voxels(reference, none, &brain);
  EXPECT_EQ(missed.dice, 0.0);
  EXPECT_EQ(missed.ndsc, 0.0);
  EXPECT_EQ(missed.sensitivity, 0.0);
  EXPECT_TRUE(std::isnan(missed.ppv));
  EXPECT_DOUBLE_EQ(missed.volume_difference_percent, -100);

  const VoxelMeasures invented = measure_voxels(none, prediction, &brain);
  EXPECT_EQ(invented.dice, 0.0);
  EXPECT_EQ(invented.ndsc, 0.0);
  EXPECT_TRUE(std::isnan(invented.sensitivity));
  EXPECT_EQ(invented.ppv, 0.0);
}

TEST(VoxelMeasures, SurviveAReferenceThatFillsEverything) {
  const volume::Mask all = run_of(grid, 0, 26);
  const VoxelMeasures m = measure_voxels(all, all, &all);
  EXPECT_EQ(m.dice, 1.0);
  EXPECT_EQ(m.ndsc, 1.0);
  EXPECT_TRUE(std::isnan(m.specificity));
}

}  // namespace
}  // namespace dawson::evaluation
