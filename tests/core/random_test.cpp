#include "dawson/core/random.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <set>

namespace dawson::core {
namespace {

TEST(Random, EngineIsTheStandardsMersenneTwister) {
  Random random(5489);  // std::mt19937_64's default seed
  for (int i = 1; i < 10000; ++i) random.bits();
  EXPECT_EQ(random.bits(), 9981545732273789042ULL);  // ISO C++, [rand.predef]
}

TEST(Random, UniformHasTheMomentsOfTheUnitInterval) {
  Random random(1);
  constexpr int n = 200'000;
  double sum = 0;
  double squares = 0;
  for (int i = 0; i < n; ++i) {
    const double x = random.uniform();
    ASSERT_GE(x, 0.0);
    ASSERT_LT(x, 1.0);
    sum += x;
    squares += x * x;
  }
  const double mean = sum / n;
  EXPECT_NEAR(mean, 0.5, 5 * std::sqrt(1.0 / 12 / n));  // five standard errors
  EXPECT_NEAR(squares / n - mean * mean, 1.0 / 12, 1e-3);
}

TEST(Random, NormalHasItsFourMoments) {
  Random random(2);
  constexpr int n = 200'000;
  std::array<double, 4> sums{};
  for (int i = 0; i < n; ++i) {
    const double z = (random.normal(3, 2) - 3) / 2;
    ASSERT_TRUE(std::isfinite(z));
    double power = 1;
    for (double& sum : sums) sum += power *= z;
  }
  EXPECT_NEAR(sums[0] / n, 0, 5 / std::sqrt(n));
  EXPECT_NEAR(sums[1] / n, 1, 5 * std::sqrt(2.0 / n));
  EXPECT_NEAR(sums[2] / n, 0, 5 * std::sqrt(15.0 / n));
  EXPECT_NEAR(sums[3] / n, 3, 5 * std::sqrt(96.0 / n));
}

TEST(Random, BelowIsEvenlySpread) {
  Random random(3);
  std::array<int, 7> counts{};
  constexpr int n = 70'000;
  for (int i = 0; i < n; ++i) ++counts.at(random.below(7));
  double chi_squared = 0;
  for (const int count : counts) chi_squared += (count - 1e4) * (count - 1e4) / 1e4;
  EXPECT_LT(chi_squared, 22.5);  // the 99.9th percentile with six degrees of freedom
}

TEST(Random, ChanceIsTrueAsOftenAsItSays) {
  Random random(4);
  int hits = 0;
  for (int i = 0; i < 100'000; ++i) hits += random.chance(0.2) ? 1 : 0;
  EXPECT_NEAR(hits, 20'000, 5 * std::sqrt(100'000 * 0.2 * 0.8));
}

TEST(Random, StreamsDifferByPurposeAndIndexAndLeaveTheirSourceAlone) {
  Random random(5);
  Random same(5);
  std::set<std::uint64_t> firsts;
  for (const char* purpose : {"weights", "augmentation", "weight"}) {
    for (std::uint64_t index = 0; index < 100; ++index) {
      firsts.insert(random.stream(purpose, index).bits());
    }
  }
  EXPECT_EQ(firsts.size(), 300U);
  EXPECT_EQ(random.stream("weights", 7).bits(), Random(5).stream("weights", 7).bits());
  EXPECT_NE(random.stream("weights").bits(), Random(6).stream("weights").bits());
  EXPECT_EQ(random.bits(), same.bits());
}

}  // namespace
}  // namespace dawson::core
