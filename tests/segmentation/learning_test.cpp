#include "dawson/segmentation/learning.h"

#include <gtest/gtest.h>

#include <cmath>

#include "dawson/core/error.h"
#include "dawson/core/random.h"
#include "dawson/segmentation/calibration.h"
#include "dawson/segmentation/scorer.h"

namespace dawson::segmentation {
namespace {

/// Rows of two values; the label's log odds are 1 + 2 · first, the second says nothing.
LabelledRows made_rows(std::size_t count) {
  core::Random random(11);
  LabelledRows rows;
  rows.columns = 2;
  for (std::size_t n = 0; n < count; ++n) {
    const double x = random.normal();
    rows.values.push_back(static_cast<float>(x));
    rows.values.push_back(static_cast<float>(random.normal()));
    rows.lesion.push_back(random.chance(1 / (1 + std::exp(-1 - 2 * x))) ? 1 : 0);
    rows.weight.push_back(1);
  }
  return rows;
}

TEST(Logistic, FindsTheCoefficientsThatMadeTheLabels) {
  const std::vector<double> c = fit_logistic(made_rows(40000), 0);
  ASSERT_EQ(c.size(), 3U);
  EXPECT_NEAR(c[0], 1, 0.06);
  EXPECT_NEAR(c[1], 2, 0.08);
  EXPECT_NEAR(c[2], 0, 0.05);
}

TEST(Logistic, WeighsRowsAndShrinksWithThePenalty) {
  LabelledRows twice = made_rows(2000);
  LabelledRows weighed = twice;
  for (std::size_t n = 0; n < 1000; ++n) {
    const float* row = &twice.values[2 * n];
    const std::vector<float> copy(row, row + 2);
    twice.values.insert(twice.values.end(), copy.begin(), copy.end());
    twice.lesion.push_back(twice.lesion[n]);
    twice.weight.push_back(1);
    weighed.weight[n] = 2;
  }
  const std::vector<double> a = fit_logistic(twice, 1e-3);
  const std::vector<double> b = fit_logistic(weighed, 1e-3);
  for (std::size_t i = 0; i < a.size(); ++i) EXPECT_NEAR(a[i], b[i], 1e-6);
  EXPECT_LT(fit_logistic(weighed, 1)[1], 0.5 * b[1]);
}

TEST(Logistic, RefusesRowsOfOneLabel) {
  LabelledRows rows = made_rows(100);
  rows.lesion.assign(100, 0);
  EXPECT_THROW(fit_logistic(rows, 0), Error);
  EXPECT_THROW(fit_forest(rows, {}, 1), Error);
}

/// A lesion is where exactly one of the two values is positive: nothing that a line could part.
LabelledRows crossed_rows(std::size_t count) {
  core::Random random(12);
  LabelledRows rows;
  rows.columns = 2;
  for (std::size_t n = 0; n < count; ++n) {
    const double x = random.normal(), y = random.normal();
    rows.values.push_back(static_cast<float>(x));
    rows.values.push_back(static_cast<float>(y));
    rows.lesion.push_back((x > 0) != (y > 0) ? 1 : 0);
    rows.weight.push_back(1);
  }
  return rows;
}

const ForestSettings small{.trees = 20, .depth = 6, .smallest_leaf = 5, .features = 2};

TEST(Forest, LearnsWhatNoLineParts) {
  const std::vector<Tree> forest = fit_forest(crossed_rows(4000), small, 1);
  EXPECT_EQ(forest.size(), 20U);
  const auto share = [&](float x, float y) {
    const std::array<float, 2> row{x, y};
    return forest_value(forest, row.data());
  };
  EXPECT_GT(share(1, -1), 0.95);
  EXPECT_GT(share(-0.7F, 0.9F), 0.95);
  EXPECT_LT(share(1, 1), 0.05);
  EXPECT_LT(share(-1, -0.6F), 0.05);
}

TEST(Forest, IsTheSameForTheSameSeedAndAnotherForAnother) {
  const LabelledRows rows = made_rows(1500);
  const auto stored = [&](std::uint64_t seed) {
    return to_json(fit_forest(rows, small, seed)).dump();
  };
  EXPECT_EQ(stored(7), stored(7));
  EXPECT_NE(stored(7), stored(8));
}

TEST(Forest, IsReadBackAsItWasStored) {
  const std::vector<Tree> forest = fit_forest(crossed_rows(2000), small, 1);
  const std::vector<Tree> again = forest_from_json(to_json(forest), 2);
  const LabelledRows rows = crossed_rows(200);
  for (std::size_t r = 0; r < rows.rows(); ++r) {
    EXPECT_NEAR(forest_value(again, &rows.values[2 * r]), forest_value(forest, &rows.values[2 * r]),
                0.06);  // thresholds are stored with four digits
  }
}

TEST(Forest, DamagedTreesAreRefused) {
  const auto read = [](const std::string& tree) { return forest_from_json({tree}, 2); };
  const std::vector<Tree> forest = read("0 0.5 1 2, 0.1, 0.9");
  const std::array<float, 2> low{0.5F, 0}, high{0.6F, 0};
  EXPECT_FLOAT_EQ(forest_value(forest, low.data()), 0.1F);
  EXPECT_FLOAT_EQ(forest_value(forest, high.data()), 0.9F);
  const auto code = [&](const std::string& tree) {
    try {
      read(tree);
    } catch (const Error& e) {
      return e.code();
    }
    return ExitCode::done;
  };
  EXPECT_EQ(code("0 0.5 1 2, 0.1"), ExitCode::model);             // cut off: a child is missing
  EXPECT_EQ(code("0 0.5 1 0, 0.1, 0.9"), ExitCode::model);        // half a branch
  EXPECT_EQ(code("0 0.5 1 2, 0 0.5 1 2, 0.9"), ExitCode::model);  // a loop
  EXPECT_EQ(code("2 0.5 1 2, 0.1, 0.9"), ExitCode::model);        // no such feature
  EXPECT_EQ(code("0 0.5 1 2, zero, 0.9"), ExitCode::model);
  EXPECT_EQ(code("0 0.5 1, 0.1, 0.9"), ExitCode::model);
  EXPECT_EQ(code(""), ExitCode::model);
}

TEST(Calibration, PutsTheBestCutAtOneHalf) {
  // Lesions at 2, 3, 4; others at 0 (100 voxels each) and one at 2.5.
  ScoredVoxels scan{"a", 0, {2, 3, 4, 0, 2.5F}, {1, 1, 1, 100, 1}, {1, 1, 1, 0, 0}};
  const BestCut best = best_cut({scan});
  EXPECT_NEAR(best.dice, 2.0 * 3 / (4 + 3), 1e-6);  // all three, and the one beside
  EXPECT_GT(best.cut, 0);
  EXPECT_LE(best.cut, 2);
  const Calibration calibration = calibrate({scan});
  EXPECT_FLOAT_EQ(calibration(static_cast<float>(best.cut)), 0.5F);
  EXPECT_GT(calibration(4), 0.5F);
  EXPECT_EQ(calibration(no_lesion), 0);
}

TEST(Calibration, MeansArePerPatientAndMissedLesionsCount) {
  // Patient b's lesion is ruled out: Dice 0 whatever the cut.
  const ScoredVoxels a{"a", 0, {1, 0}, {10, 90}, {1, 0}};
  const ScoredVoxels b{"b", 0, {no_lesion, 0}, {10, 90}, {1, 0}};
  EXPECT_NEAR(best_cut({a, b}).dice, 0.5, 1e-6);
  EXPECT_NEAR(best_cut({a, a, a, b}).dice, 0.5, 1e-6);
  EXPECT_THROW(best_cut({b}), Error);
}

}  // namespace
}  // namespace dawson::segmentation
