#include "dawson/evaluation/curves.h"

#include <gtest/gtest.h>

#include <cmath>

#include "dawson/evaluation/probability_measures.h"
#include "evaluation/made.h"

namespace dawson::evaluation {
namespace {

/// A row of brain voxels: the first of them are lesion.
ThresholdCounts counts_of(const std::vector<float>& lesion, const std::vector<float>& rest) {
  const volume::Grid grid = made_grid({static_cast<int>(lesion.size() + rest.size()), 1, 1});
  volume::Mask reference(grid);
  volume::Image p(grid);
  for (std::size_t v = 0; v < p.data.size(); ++v) {
    reference.data[v] = v < lesion.size() ? 1 : 0;
    p.data[v] = v < lesion.size() ? lesion[v] : rest[v - lesion.size()];
  }
  return count_thresholds(reference, p, volume::Mask(grid, 1));
}

// Four others; as the threshold falls: (0, 1/2), (1/4, 1/2), (1/4, 1), (1, 1).
const ThresholdCounts four_points = counts_of({0.75F, 0.25F}, {0.5F, 0.125F, 0.125F, 0.125F});
const ThresholdCounts perfect = counts_of({0.9F, 0.8F}, {0.1F, 0.0F});

TEST(CurveThresholds, AreFewExactAndDenserTowardsBothEnds) {
  const std::vector<double>& t = curve_thresholds();
  ASSERT_LE(t.size(), 257U);
  EXPECT_EQ(t.front(), 0.0);
  EXPECT_EQ(t.back(), 1.0);
  for (std::size_t n = 0; n + 1 < t.size(); ++n) {
    EXPECT_EQ(t[n] * 4096, std::floor(t[n] * 4096));
    EXPECT_GT(t[n + 1], t[n]);
    EXPECT_EQ(t[n + 1] - t[n], t[t.size() - 1 - n] - t[t.size() - 2 - n]);  // the same from above
    if (t[n + 1] <= 0.5 && n > 0) {
      EXPECT_GE(t[n + 1] - t[n], t[n] - t[n - 1]);
    }
  }
}

TEST(CurveThresholds, CountAVoxelFromItsThresholdOn) {
  const std::vector<double>& t = curve_thresholds();
  for (std::size_t n = 1; n < t.size(); ++n) {
    const auto exact = static_cast<float>(t[n]);
    const ThresholdCounts c = counts_of({exact}, {std::nextafter(exact, 0.0F)});
    EXPECT_EQ(c.lesion[n], 1U) << t[n];
    EXPECT_EQ(c.rest[n - 1], 1U) << t[n];
  }
  const ThresholdCounts rounded = counts_of({1.00005F}, {-0.00005F});
  EXPECT_EQ(rounded.lesion.back(), 1U);
  EXPECT_EQ(rounded.rest.front(), 1U);
}

TEST(CurveThresholds, LookAtTheBrainAlone) {
  const volume::Grid grid = made_grid({4, 1, 1});
  const ThresholdCounts c =
      count_thresholds(volume::Mask(grid, 1), volume::Image(grid, 0.5F), run_of(grid, 1, 2));
  std::uint32_t sum = 0;
  for (const std::uint32_t n : c.lesion) sum += n;
  EXPECT_EQ(sum, 2U);
}

TEST(RocCurve, GoesThroughThePointsWorkedByHand) {
  const Curve c = roc_curve({{"a", &four_points}});
  ASSERT_EQ(c.x.size(), 101U);
  EXPECT_DOUBLE_EQ(c.x[50], 0.25);
  EXPECT_DOUBLE_EQ(c.mean[0], 0.5);   // nothing wrong yet
  EXPECT_DOUBLE_EQ(c.mean[49], 0.5);  // x = 0.2401
  EXPECT_DOUBLE_EQ(c.mean[50], 1.0);  // the best of two at x = 1/4
  EXPECT_DOUBLE_EQ(c.mean[100], 1.0);
  EXPECT_DOUBLE_EQ(c.pooled_area, 0.875);  // 7 of 8 pairs are in order
  EXPECT_TRUE(c.low.empty());
}

TEST(PrecisionRecallCurve, GoesThroughThePointsWorkedByHand) {
  const Curve c = precision_recall_curve({{"a", &four_points}});
  ASSERT_EQ(c.x.size(), 100U);
  EXPECT_DOUBLE_EQ(c.mean[49], 1.0);          // the first lesion voxel, no other
  EXPECT_NEAR(c.mean[74], 1.5 / 2.5, 1e-12);  // half way to the second: 1.5 true, 1 false
  EXPECT_NEAR(c.mean[99], 2.0 / 3, 1e-12);
  EXPECT_NEAR(c.pooled_area, 0.5 + 0.5 * 2 / 3, 1e-12);
}

TEST(Curves, AverageVisitsFirstAndThenPatients) {
  // At x = 0: 0.5 of four_points, 1 of perfect.
  const Curve c = roc_curve({{"a", &four_points}, {"a", &perfect}, {"b", &perfect}});
  EXPECT_EQ(c.cases, 3U);
  EXPECT_EQ(c.patients, 2U);
  EXPECT_DOUBLE_EQ(c.mean[0], (0.75 + 1) / 2);
}

TEST(Curves, HaveABandFromFivePatientsOn) {
  std::vector<CaseCounts> cases{
      {"a", &four_points}, {"b", &perfect}, {"c", &perfect}, {"d", &four_points}};
  EXPECT_TRUE(roc_curve(cases).low.empty());
  EXPECT_TRUE(curves_json(cases)["roc"]["low"].is_null());
  cases.push_back({"e", &perfect});
  const Curve c = roc_curve(cases);
  ASSERT_EQ(c.low.size(), c.x.size());
  // Each patient's value at x = 0 is 1/2 or 1: the mean of five is one of six values, and the
  // chance that none of five draws is one of the two four_points is 0.6^5 = 0.078 > 2.5 %.
  EXPECT_DOUBLE_EQ(c.high[0], 1.0);
  EXPECT_DOUBLE_EQ(c.mean[0], 0.8);
  // All five: 0.4^5 = 1.0 %; four or more: 8.7 %. So the lower end is four of five at 1/2.
  EXPECT_DOUBLE_EQ(c.low[0], 0.6);
  EXPECT_EQ(curves_json(cases)["roc"]["low"].size(), c.x.size());
}

TEST(Curves, LeaveOutCasesWithoutLesionVoxels) {
  const ThresholdCounts none = counts_of({}, {0.5F, 0.25F});
  EXPECT_EQ(roc_curve({{"a", &none}, {"b", &perfect}}).cases, 1U);
  EXPECT_EQ(precision_recall_curve({{"a", &none}, {"b", &perfect}}).cases, 1U);
  const Curve empty = roc_curve({{"a", &none}});
  EXPECT_EQ(empty.cases, 0U);
  EXPECT_TRUE(empty.mean.empty());
  EXPECT_TRUE(curves_json({}).is_null());
}

TEST(Curves, HaveTheExactAreaWhereProbabilitiesAreThresholds) {
  // Probabilities that are thresholds themselves: the curve's area is the one by ranks.
  core::Random random(5);
  const volume::Grid grid = made_grid({20, 20, 10});
  const volume::Mask reference = random_mask(grid, 0.1, random);
  const volume::Mask brain(grid, 1);
  volume::Image p(grid);
  const std::vector<double>& t = curve_thresholds();
  for (std::size_t v = 0; v < p.data.size(); ++v) {
    const std::size_t lift = reference.data[v] != 0 ? 40 : 0;
    p.data[v] = static_cast<float>(t[random.below(t.size() - 40) + lift]);
  }
  const ProbabilityMeasures m = measure_probabilities(reference, p, brain);
  EXPECT_NEAR(roc_curve({{"a", &m.thresholds}}).pooled_area, m.roc_auc, 1e-12);
  EXPECT_NEAR(precision_recall_curve({{"a", &m.thresholds}}).pooled_area, m.pr_auc, 1e-12);
}

TEST(PooledReliability, SaysWhatWasSaidAndSeenInEachBin) {
  // 0.75 and 0.8 lie in [12/16, 13/16); one of the two is lesion. 1 lies in the last bin.
  const ThresholdCounts c = counts_of({0.75F, 1.0F}, {0.8F, 0.0F, 0.0F});
  const std::vector<PooledReliabilityBin> bins = pooled_reliability({{"a", &c}});
  ASSERT_EQ(bins.size(), 16U);
  EXPECT_DOUBLE_EQ(bins[12].from, 0.75);
  EXPECT_DOUBLE_EQ(bins[12].voxels, 2);
  EXPECT_NEAR(bins[12].mean_probability, 0.775, 1e-7);
  EXPECT_DOUBLE_EQ(bins[12].observed_rate, 0.5);
  EXPECT_DOUBLE_EQ(bins[15].observed_rate, 1);
  EXPECT_DOUBLE_EQ(bins[0].voxels, 2);
  EXPECT_TRUE(std::isnan(bins[7].observed_rate));
  EXPECT_TRUE(std::isnan(bins[12].interval.low));  // one patient
  const std::vector<PooledReliabilityBin> five =
      pooled_reliability({{"a", &c}, {"b", &c}, {"c", &c}, {"d", &c}, {"e", &c}});
  EXPECT_DOUBLE_EQ(five[12].interval.low, 0.5);  // all alike
  EXPECT_DOUBLE_EQ(five[12].interval.high, 0.5);
}

}  // namespace
}  // namespace dawson::evaluation
