#include "dawson/evaluation/scan_level.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "dawson/evaluation/measures.h"
#include "evaluation/made.h"

namespace dawson::evaluation {
namespace {

TEST(ScanScore, IsTheMeanProbabilityOfTheLargestPredictedLesion) {
  const volume::Grid grid = made_grid({12, 12, 6});
  volume::Mask prediction(grid);
  add_block(prediction, {1, 1, 1}, {3, 1, 1});  // 3 mm³
  add_block(prediction, {6, 6, 2}, {9, 6, 2});  // 4 mm³: the largest
  volume::Image p(grid, 0.95F);
  for (int i = 6; i <= 9; ++i) p.at(i, 6, 2) = i < 8 ? 0.5F : 0.75F;
  const volume::Mask reference(grid);
  EXPECT_NEAR(evaluate_case(reference, prediction, nullptr, &p).scan_score, 0.625, 1e-7);
  EXPECT_TRUE(std::isnan(evaluate_case(reference, prediction).scan_score));  // nothing to take
  EXPECT_EQ(evaluate_case(reference, reference, nullptr, &p).scan_score, 0.0);
  volume::Mask speck(grid);
  add_block(speck, {1, 1, 1}, {2, 1, 1});  // 2 mm³ is no lesion under the rule
  EXPECT_EQ(evaluate_case(reference, speck, nullptr, &p).scan_score, 0.0);
}

TEST(ScanLevel, RanksScansWithLesionsAboveThoseWithout) {
  // Pairs: 0.9 beats both, 0.4 beats 0.2 and ties with 0.4: (2 + 1.5) / 4.
  const ScanLevel level = judge_scans({{"a", 0.9, true, true},
                                       {"b", 0.4, true, true},
                                       {"c", 0.4, false, true},
                                       {"d", 0.2, false, false}});
  EXPECT_DOUBLE_EQ(level.roc_auc, 0.875);
  EXPECT_FALSE(level.roc_auc_interval);  // two patients a side
  EXPECT_DOUBLE_EQ(level.sensitivity.value, 1);
  EXPECT_DOUBLE_EQ(level.specificity.value, 0.5);
  const std::vector<std::pair<double, double>> roc{{0, 0}, {0, 0.5}, {0.5, 1}, {1, 1}};
  EXPECT_EQ(level.roc, roc);
}

TEST(ScanLevel, IsNotSaidWithoutScansOfBothKinds) {
  const ScanLevel level = judge_scans({{"a", 0.9, true, true}, {"b", 0.0, true, false}});
  EXPECT_TRUE(std::isnan(level.roc_auc));
  EXPECT_TRUE(level.roc.empty());
  EXPECT_TRUE(std::isnan(level.specificity.value));
  EXPECT_DOUBLE_EQ(level.sensitivity.value, 0.5);
  const core::Json json = scan_level_json(level);
  EXPECT_TRUE(json["roc_auc"]["mean"].is_null());
  EXPECT_TRUE(json["specificity"]["mean"].is_null());
  EXPECT_EQ(json["without_lesions"], 0);
}

TEST(ScanLevel, WeighsPatientsAndCountsScansWithoutAScore) {
  const double unknown = std::numeric_limits<double>::quiet_NaN();
  const ScanLevel level = judge_scans({{"a", unknown, true, true},
                                       {"a", 0.0, true, false},
                                       {"b", 0.7, true, true},
                                       {"c", 0.0, false, false}});
  EXPECT_EQ(level.without_score, 1U);
  EXPECT_DOUBLE_EQ(level.sensitivity.value, 0.75);  // a half, b whole
  EXPECT_EQ(level.sensitivity.scans, 3U);
  EXPECT_EQ(level.sensitivity.patients, 2U);
}

TEST(ScanLevel, GivesIntervalsFromFivePatientsASideOn) {
  std::vector<ScanDecision> scans;
  for (int n = 0; n < 8; ++n) {
    const std::string name = std::to_string(n);
    scans.push_back({"with" + name, 0.3 + 0.1 * n, true, true});
    scans.push_back({"without" + name, 0.05 * n * n, false, n > 5});
  }
  const ScanLevel level = judge_scans(scans);
  ASSERT_TRUE(level.roc_auc_interval);
  EXPECT_LT(level.roc_auc_interval->low, level.roc_auc);
  EXPECT_GT(level.roc_auc_interval->high, level.roc_auc);
  // Wilson's interval of 8 of 8 is 0.676–1 (Brown, Cai and DasGupta 2001, formula 4, z = 1.96:
  // n/(n + z²) = 8/11.8416).
  ASSERT_TRUE(level.sensitivity.interval);
  EXPECT_NEAR(level.sensitivity.interval->low, 8 / 11.84146, 1e-5);
  EXPECT_DOUBLE_EQ(level.sensitivity.interval->high, 1.0);
}

TEST(ScanLevel, HasNoIntervalWhereTheTwoKindsLieFullyApart) {
  std::vector<ScanDecision> scans;
  for (int n = 0; n < 6; ++n) {
    scans.push_back({"with" + std::to_string(n), 0.9, true, true});
    scans.push_back({"without" + std::to_string(n), 0.1, false, true});
  }
  const ScanLevel level = judge_scans(scans);
  EXPECT_DOUBLE_EQ(level.roc_auc, 1);
  EXPECT_FALSE(level.roc_auc_interval);  // every resample would say 1
}

}  // namespace
}  // namespace dawson::evaluation
