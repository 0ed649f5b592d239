#include "dawson/evaluation/statistics.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "dawson/core/random.h"

namespace dawson::evaluation {
namespace {

constexpr double undefined = std::numeric_limits<double>::quiet_NaN();

TEST(Summary, WeighsPatientsNotVisits) {
  // Patient a with three visits of mean 0.3, patient b with one of 0.9: (0.3 + 0.9) / 2.
  const Summary s = summarise({{"a", 0.2}, {"a", 0.3}, {"a", 0.4}, {"b", 0.9}});
  EXPECT_NEAR(s.mean, 0.6, 1e-12);
  EXPECT_EQ(s.cases, 4U);
  ASSERT_EQ(s.patients.size(), 2U);
  EXPECT_NEAR(s.patients[0].value, 0.3, 1e-12);
}

TEST(Summary, LeavesUndefinedValuesOutAndCountsThem) {
  const Summary s = summarise({{"a", 0.5}, {"b", undefined}, {"a", undefined}});
  EXPECT_DOUBLE_EQ(s.mean, 0.5);
  EXPECT_EQ(s.cases, 1U);
  EXPECT_EQ(s.undefined_cases, 2U);
  EXPECT_TRUE(std::isnan(summarise({{"a", undefined}}).mean));
}

TEST(Summary, GivesNoIntervalBelowFivePatients) {
  std::vector<PatientValue> cases{{"a", 1}, {"b", 2}, {"c", 3}, {"d", 4}, {"d", 5}};
  EXPECT_FALSE(summarise(cases).interval);
  cases.push_back({"e", 5});
  const Summary s = summarise(cases);
  ASSERT_TRUE(s.interval);
  EXPECT_LT(s.interval->low, s.mean);
  EXPECT_GT(s.interval->high, s.mean);
}

TEST(Bootstrap, IsTheSameForTheSameSeed) {
  std::vector<double> values;
  for (int n = 1; n <= 12; ++n) values.push_back(std::sqrt(n) - std::floor(std::sqrt(n)));
  const Interval a = bootstrap_mean(values);
  const Interval b = bootstrap_mean(values);
  EXPECT_EQ(a.low, b.low);
  EXPECT_EQ(a.high, b.high);
  BootstrapSettings other;
  other.seed = 7;
  const Interval c = bootstrap_mean(values, other);
  EXPECT_NE(a.low, c.low);
  EXPECT_NEAR(a.low, c.low, 0.02);
}

TEST(Bootstrap, OfConstantValuesHasNoWidth) {
  const Interval i = bootstrap_mean({0.5, 0.5, 0.5, 0.5, 0.5});
  EXPECT_DOUBLE_EQ(i.low, 0.5);
  EXPECT_DOUBLE_EQ(i.high, 0.5);
}

TEST(Bootstrap, CoversTheTrueMeanAboutAsOftenAsItSays) {
  // 40 normal values: the percentile interval covers 95 % slightly less often than it says
  // (about 93.5 %, from the missing factor sqrt(n/(n-1)) and the normal for the t quantile).
  core::Random random(11);
  BootstrapSettings settings;
  settings.draws = 600;
  int covered = 0;
  const int repeats = 600;
  for (int r = 0; r < repeats; ++r) {
    std::vector<double> values(40);
    for (double& v : values) v = random.normal(0.7, 0.1);
    const Interval i = bootstrap_mean(values, settings);
    covered += i.low <= 0.7 && 0.7 <= i.high ? 1 : 0;
  }
  // Standard error of the share: 1 %.
  EXPECT_NEAR(static_cast<double>(covered) / repeats, 0.935, 0.035);
}

TEST(SignedRank, MatchesTheExactDistributionWorkedByHand) {
  // Ranks 1–5, all positive: 2 of 32 choices of signs are as extreme.
  const SignedRank all = wilcoxon_signed_rank({1, 2, 3, 4, 5});
  EXPECT_DOUBLE_EQ(all.rank_sum_plus, 15);
  EXPECT_DOUBLE_EQ(all.p, 2.0 / 32);
  // The smallest negative: W⁺ = 14; sums ≥ 14 are 14 and 15: 2·2/32.
  EXPECT_DOUBLE_EQ(wilcoxon_signed_rank({-1, 2, 3, 4, 5}).p, 4.0 / 32);
}

TEST(SignedRank, LeavesZerosOutAndSharesTies) {
  // Two pairs of size 1 share rank 1.5, 3 has rank 3: W⁺ = 4.5. The eight choices of signs give
  // 0, 1.5, 1.5, 3, 3, 4.5, 4.5, 6: three are ≥ 4.5.
  const SignedRank r = wilcoxon_signed_rank({0, 1, -1, 3});
  EXPECT_EQ(r.pairs, 3U);
  EXPECT_DOUBLE_EQ(r.rank_sum_plus, 4.5);
  EXPECT_DOUBLE_EQ(r.p, 6.0 / 8);
  EXPECT_TRUE(std::isnan(wilcoxon_signed_rank({0, 0}).p));
}

TEST(SignedRank, ApproximationMeetsTheExactTest) {
  core::Random random(3);
  std::vector<double> fifty(50);
  for (double& d : fifty) d = random.normal(0.25, 1);
  const double exact = wilcoxon_signed_rank(fifty).p;
  // One more, tiny pair takes the approximation and hardly changes the evidence.
  fifty.push_back(1e-9);
  EXPECT_NEAR(wilcoxon_signed_rank(fifty).p, exact, 0.01);
}

TEST(PairedComparison, PairsPatientsByName) {
  const std::vector<PatientValue> first{{"a", 0.9}, {"b", 0.8}, {"c", 0.7},
                                        {"d", 0.9}, {"e", 0.6}, {"only", 0.1}};
  const std::vector<PatientValue> second{{"e", 0.5}, {"d", 0.7}, {"c", 0.4},
                                         {"b", 0.4}, {"a", 0.4}, {"b", undefined}};
  const PairedComparison c = compare_paired(first, second);
  EXPECT_EQ(c.patients, 5U);
  EXPECT_NEAR(c.mean_difference, (0.5 + 0.4 + 0.3 + 0.2 + 0.1) / 5, 1e-12);
  ASSERT_TRUE(c.interval);
  EXPECT_GT(c.interval->low, 0);
  EXPECT_DOUBLE_EQ(c.wilcoxon_p, 2.0 / 32);
}

TEST(VolumeAgreement, KnowsBiasFromScatter) {
  // Always 2 ml too much: perfect correlation, no scatter, yet not perfect agreement.
  const VolumeAgreement a = volume_agreement({{1, 3}, {2, 4}, {3, 5}, {4, 6}});
  EXPECT_NEAR(a.pearson, 1, 1e-12);
  EXPECT_NEAR(a.bias, 2, 1e-12);
  EXPECT_NEAR(a.deviation, 0, 1e-9);
  // Mean squares: cases 2·Σ(x̄ᵢ−x̄)²/3 = 10/3, sides 4·2²/2 = 8, rest 0: (10/3) / (10/3 + 2·8/4).
  EXPECT_NEAR(a.icc_2_1, (10.0 / 3) / (10.0 / 3 + 4), 1e-12);
  const VolumeAgreement same = volume_agreement({{1, 1}, {2, 2}, {5, 5}});
  EXPECT_NEAR(same.icc_2_1, 1, 1e-12);
  EXPECT_TRUE(std::isnan(volume_agreement({{1, 1}}).pearson));
}

// First two judges of Shrout and Fleiss (1979), table 2. Sums of squares about the means: 13.3333
// and 13.5, of products 10; so cases (13.3333 + 13.5 + 20)/10 = 4.68333, rest (13.3333 + 13.5 −
// 20)/10 = 0.683333, sides 3·(31/6)² = 80.0833, and ICC = 4 / (5.366667 + 2/6·79.4) = 4 / 31.8333.
TEST(VolumeAgreement, MatchesTheMeanSquaresWorkedByHand) {
  const VolumeAgreement a = volume_agreement({{9, 2}, {6, 1}, {8, 4}, {7, 1}, {10, 5}, {6, 2}});
  EXPECT_NEAR(a.icc_2_1, 4 / 31.833333, 1e-7);
  EXPECT_NEAR(a.pearson, 10 / std::sqrt(13.333333 * 13.5), 1e-7);
  EXPECT_NEAR(a.bias, -31.0 / 6, 1e-12);
  // Differences about their mean: 13.3333 + 13.5 − 20 = 6.8333 over five degrees of freedom.
  EXPECT_NEAR(a.deviation, std::sqrt(6.833333 / 5), 1e-6);
  EXPECT_NEAR(a.limits.high - a.limits.low, 2 * 1.96 * a.deviation, 1e-12);
}

TEST(GroupComparison, IsTheDifferenceOfMeansWithinBootstrapOfEach) {
  const GroupComparison c = compare_groups({1, 2, 3, 4, 5}, {2, 2, 2, 2, 2, 2});
  EXPECT_NEAR(c.mean_difference, 1, 1e-12);
  ASSERT_TRUE(c.interval);
  // The second group does not vary, so the interval is that of the first one's mean, less 2. The
  // standard error of a bootstrap mean of 1 … 5 is √2 / √5 = 0.632.
  EXPECT_NEAR(c.interval->high - c.interval->low, 2 * 1.96 * 0.632, 0.15);
  EXPECT_NEAR(c.detectable_difference, 2.8 * 0.632, 0.11);
}

TEST(GroupComparison, IsNotJudgedBelowFivePatientsOnASide) {
  for (const auto& few : {std::vector<double>{1, 2, 3, 4}, std::vector<double>{}}) {
    const GroupComparison c = compare_groups(few, {1, 2, 3, 4, 5, 6});
    EXPECT_FALSE(c.interval);
    EXPECT_TRUE(std::isnan(c.permutation_p));
    EXPECT_TRUE(std::isnan(c.detectable_difference));
  }
}

TEST(GroupComparison, TestsByDividingAnew) {
  // Of the 252 ways to divide ten values into two fives, two are as far apart as 1–5 and 6–10.
  EXPECT_NEAR(compare_groups({1, 2, 3, 4, 5}, {6, 7, 8, 9, 10}).permutation_p, 2.0 / 252, 0.003);
  EXPECT_DOUBLE_EQ(compare_groups({1, 1, 1, 1, 1}, {1, 1, 1, 1, 1}).permutation_p, 1);
}

TEST(Holm, AdjustsForAllThatIsLookedAt) {
  // 3 · 0.01, then 2 · 0.02, then 0.03 raised to the one before; NaN is no look.
  const std::vector<double> p = holm_adjusted({0.03, undefined, 0.01, 0.02});
  EXPECT_NEAR(p[2], 0.03, 1e-12);
  EXPECT_NEAR(p[3], 0.04, 1e-12);
  EXPECT_NEAR(p[0], 0.04, 1e-12);
  EXPECT_TRUE(std::isnan(p[1]));
  EXPECT_DOUBLE_EQ(holm_adjusted({0.9, 0.8})[0], 1);
}

}  // namespace
}  // namespace dawson::evaluation
