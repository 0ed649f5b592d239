#include "dawson/report/uncertainty.h"

#include <gtest/gtest.h>

#include <cmath>

#include "dawson/core/random.h"

namespace dawson::report {
namespace {

TEST(VolumeErrors, OfFewScansSpanAllOfThemWithTheChanceOfTheirRanks) {
  const auto errors = volume_errors({4.1, 1.5, -1.0, 6.8, 2.5, 4.1, 10.5, -18.6, 2.0});
  ASSERT_TRUE(errors);
  EXPECT_DOUBLE_EQ(errors->low_percent, -18.6);
  EXPECT_DOUBLE_EQ(errors->high_percent, 10.5);
  EXPECT_DOUBLE_EQ(errors->chance, 0.8);  // (9 − 1) / (9 + 1)
  EXPECT_EQ(errors->scans, 9U);
}

TEST(VolumeErrors, OfManyScansLeaveOutTheOutermost) {
  std::vector<double> values;
  for (int i = 0; i < 79; ++i) values.push_back(i);
  const auto errors = volume_errors(values);
  EXPECT_DOUBLE_EQ(errors->low_percent, 1);
  EXPECT_DOUBLE_EQ(errors->high_percent, 77);
  EXPECT_DOUBLE_EQ(errors->chance, 0.95);  // (79 + 1 − 4) / 80
}

// The stated chance, counted: a tenth value drawn like the nine before it.
TEST(VolumeErrors, HoldTheNextScanAsOftenAsTheySay) {
  core::Random random(7);
  int inside = 0;
  constexpr int trials = 20000;
  for (int t = 0; t < trials; ++t) {
    std::vector<double> nine;
    for (int i = 0; i < 9; ++i) nine.push_back(50 * random.uniform() * random.uniform() - 10);
    const double next = 50 * random.uniform() * random.uniform() - 10;
    const auto errors = volume_errors(nine);
    inside += next >= errors->low_percent && next <= errors->high_percent ? 1 : 0;
  }
  EXPECT_NEAR(static_cast<double>(inside) / trials, 0.8, 0.01);
}

TEST(VolumeErrors, AreUnknownFromFewerThanThreeScansOrOddValues) {
  EXPECT_FALSE(volume_errors({}));
  EXPECT_FALSE(volume_errors({1, 2}));
  EXPECT_FALSE(volume_errors({1, 2, NAN}));
  EXPECT_FALSE(volume_errors({1, 2, -100}));
}

// 20 ml of lesion in 1,000 ml measured. Were the brain measured a quarter too large, it is 800 ml
// and the share 2.5 %; were it measured a fifth too small, 1,250 ml and 1.6 %.
TEST(PercentRange, IsWhatTheTrueBrainWouldGive) {
  const auto range = percent_range(2, 1000, {-20, 25, 0.8, 9}, {});
  ASSERT_TRUE(range);
  EXPECT_DOUBLE_EQ(range->low, 1.6);
  EXPECT_DOUBLE_EQ(range->high, 2.5);
  EXPECT_DOUBLE_EQ(range->brain_low_ml, 800);
  EXPECT_DOUBLE_EQ(range->brain_high_ml, 1250);
  EXPECT_EQ(range->severity_low, Severity::moderate);
  EXPECT_EQ(range->severity_high, Severity::moderate);
}

TEST(PercentRange, NamesTheBandsThatItReaches) {
  const auto range = percent_range(1.1, 1000, {-20, 5, 0.8, 9}, {});
  EXPECT_EQ(range->severity_low, Severity::mild);
  EXPECT_EQ(range->severity_high, Severity::moderate);
}

TEST(PercentRange, IsUnknownWithoutABrain) {
  EXPECT_FALSE(percent_range(NAN, 0, {-20, 5, 0.8, 9}, {}));
  EXPECT_FALSE(percent_range(1, 0, {-20, 5, 0.8, 9}, {}));
}

}  // namespace
}  // namespace dawson::report
