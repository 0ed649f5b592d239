#include "dawson/evaluation/probability_measures.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "evaluation/made.h"

namespace dawson::evaluation {
namespace {

/// A row of brain voxels with these labels and probabilities.
ProbabilityMeasures measure(const std::vector<std::uint8_t>& labels,
                            const std::vector<float>& probabilities) {
  const volume::Grid grid = made_grid({static_cast<int>(labels.size()), 1, 1});
  return measure_probabilities(volume::Mask(grid, labels), volume::Image(grid, probabilities),
                               volume::Mask(grid, 1));
}

TEST(Ranking, MatchesTheCaseWorkedByHand) {
  // By falling probability the labels read 1 0 1 0. Of the 2·2 pairs of lesion and rest, 3 are in
  // order: 3/4. Precision at the two hits: 1/1 and 2/3, each worth half the recall.
  const ProbabilityMeasures m = measure({1, 0, 1, 0}, {0.9F, 0.8F, 0.4F, 0.2F});
  EXPECT_DOUBLE_EQ(m.roc_auc, 0.75);
  EXPECT_DOUBLE_EQ(m.pr_auc, 0.5 * 1 + 0.5 * 2 / 3);
}

TEST(Ranking, CountsTiesHalf) {
  // 1 and 0 at 0.5, 0 at 0.1: one pair tied, one in order. Precision of the tied group: 1/2.
  const ProbabilityMeasures m = measure({1, 0, 0}, {0.5F, 0.5F, 0.1F});
  EXPECT_DOUBLE_EQ(m.roc_auc, 0.75);
  EXPECT_DOUBLE_EQ(m.pr_auc, 0.5);
}

TEST(Ranking, IsUndefinedWithoutLesion) {
  const ProbabilityMeasures none = measure({0, 0}, {0.5F, 0.1F});
  EXPECT_TRUE(std::isnan(none.roc_auc));
  EXPECT_TRUE(std::isnan(none.pr_auc));
  const ProbabilityMeasures all = measure({1, 1}, {0.5F, 0.1F});
  EXPECT_TRUE(std::isnan(all.roc_auc));
  EXPECT_DOUBLE_EQ(all.pr_auc, 1.0);
}

TEST(Calibration, BrierIsTheMeanSquare) {
  const ProbabilityMeasures m = measure({1, 0}, {0.75F, 0.5F});
  EXPECT_DOUBLE_EQ(m.brier, (0.0625 + 0.25) / 2);
}

TEST(Calibration, HasBinsOfEqualMass) {
  // 30 voxels, p = 0.00, 0.03125, …: two a bin, in order.
  std::vector<float> p(30);
  std::vector<std::uint8_t> y(30, 0);
  for (std::size_t n = 0; n < 30; ++n) p[n] = 0.03125F * static_cast<float>(n);
  y[29] = 1;
  const ProbabilityMeasures m = measure(y, p);
  ASSERT_EQ(m.reliability_brain.size(), 15U);
  for (std::size_t b = 0; b < 15; ++b) {
    EXPECT_NEAR(m.reliability_brain[b].voxels, 2, 1e-9);
    EXPECT_NEAR(m.reliability_brain[b].mean_probability, 0.03125 * (2.0 * double(b) + 0.5), 1e-9);
    EXPECT_NEAR(m.reliability_brain[b].observed_rate, b == 14 ? 0.5 : 0.0, 1e-9);
  }
  // Mean of |p̄ − rate|: the first 14 bins say 0.03125·(2b + 0.5), the last 0.890625 against 0.5.
  EXPECT_NEAR(m.ece_brain, (0.03125 * (2.0 * 91 + 7) + 0.390625) / 15, 1e-9);
  // One voxel lies at or below 0.01: 29 remain.
  EXPECT_NEAR(m.reliability_above_1pc[0].voxels, 29.0 / 15, 1e-9);
}

TEST(Calibration, DoesNotDependOnTheOrderOfTiedVoxels) {
  std::vector<std::uint8_t> y(100, 0);
  std::fill_n(y.begin(), 20, 1);
  std::vector<float> p(100, 0.2F);
  const double first = measure(y, p).ece_brain;
  std::reverse(y.begin(), y.end());
  EXPECT_DOUBLE_EQ(measure(y, p).ece_brain, first);
  // 20 of 100 at 0.2 are calibrated, whatever voxels they are.
  EXPECT_NEAR(first, 0, 1e-7);
}

TEST(Calibration, OfACalibratedSampleIsNearZeroAndOfAnOverconfidentOneIsNot) {
  core::Random random(5);
  const std::size_t n = 60000;
  std::vector<std::uint8_t> y(n);
  std::vector<float> right(n);
  std::vector<float> sharp(n);
  for (std::size_t v = 0; v < n; ++v) {
    const double p = random.uniform();
    y[v] = random.chance(p) ? 1 : 0;
    right[v] = static_cast<float>(p);
    sharp[v] = p > 0.5 ? 0.999F : 0.001F;
  }
  // A bin of 4,000 has a standard error of 0.008 at most.
  EXPECT_LT(measure(y, right).ece_brain, 0.012);
  // Saying 1 where 0.75 is true, and 0 where 0.25 is: 0.249 off in 14 bins. The middle one holds as
  // much of either and says about 0.5, which is true.
  EXPECT_NEAR(measure(y, sharp).ece_brain, 0.249 * 14 / 15, 0.01);
}

TEST(Calibration, LooksAtTheBrainAlone) {
  const volume::Grid grid = made_grid({4, 1, 1});
  const volume::Mask reference(grid, std::vector<std::uint8_t>{1, 0, 1, 1});
  const volume::Image p(grid, std::vector<float>{1, 0, 0, 0});
  const volume::Mask brain(grid, std::vector<std::uint8_t>{1, 1, 0, 0});
  EXPECT_DOUBLE_EQ(measure_probabilities(reference, p, brain).brier, 0);
  const ProbabilityMeasures nothing = measure_probabilities(reference, p, volume::Mask(grid, 0));
  EXPECT_TRUE(std::isnan(nothing.brier));
  EXPECT_TRUE(std::isnan(nothing.ece_brain));
}

}  // namespace
}  // namespace dawson::evaluation
