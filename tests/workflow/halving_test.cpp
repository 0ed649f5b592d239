#include "dawson/workflow/halving.h"

#include <gtest/gtest.h>

#include <cmath>

#include "dawson/workflow/importance.h"

namespace dawson::workflow {
namespace {

TEST(Halving, KeepsTheShareOfEachRungRoundedUp) {
  EXPECT_EQ(rung_sizes(9, 3, 1.0 / 3), (std::vector<std::size_t>{9, 3, 1}));
  EXPECT_EQ(rung_sizes(10, 3, 1.0 / 3), (std::vector<std::size_t>{10, 4, 2}));
  EXPECT_EQ(rung_sizes(1, 3, 0.5), (std::vector<std::size_t>{1, 1, 1}));
}

TEST(Halving, PromotesTheBestAndNoneThatFailed) {
  const std::vector<PatientScores> scores = {
      {{"a", 0.5}, {"b", 0.7}}, {}, {{"a", 0.9}, {"b", 0.9}}, {{"a", 0.7}, {"b", 0.5}}};
  EXPECT_EQ(promoted({0, 1, 2, 3}, scores, 2), (std::vector<std::size_t>{2, 0}));
  EXPECT_EQ(promoted({0, 1, 2, 3}, scores, 4), (std::vector<std::size_t>{2, 0, 3}));
  EXPECT_TRUE(promoted({1}, scores, 1).empty());
  EXPECT_TRUE(std::isnan(mean_score({})));
}

TEST(Halving, NestedScoreJudgesEachFoldByWhatWonOnTheOthers) {
  // On fold 1 (b) trial 1 wins, so that fold 0 (a) is judged by it: 0.2. On fold 0 trial 0 wins: b
  // is judged by it: 0.3. The best trial's own mean is 0.6.
  const std::vector<PatientScores> scores = {{{"a", 0.9}, {"b", 0.3}}, {{"a", 0.2}, {"b", 0.8}}};
  EXPECT_NEAR(nested_score(scores, {{"a", 0}, {"b", 1}}), 0.25, 1e-12);
  EXPECT_TRUE(std::isnan(nested_score(scores, {{"a", 0}, {"b", 0}})));
  // A trial that is best everywhere is its own nested score.
  EXPECT_NEAR(nested_score({{{"a", 0.9}, {"b", 0.9}}, scores[1]}, {{"a", 0}, {"b", 1}}), 0.9,
              1e-12);
}

TEST(Importance, IsTheShareOfVarianceThatMeansExplain) {
  Search search;
  search.choices = {{"only", {"1"}, 0, 0, false, false},
                    {"matters", {"x", "y"}, 0, 0, false, false},
                    {"not", {"p", "q"}, 0, 0, false, false}};
  std::vector<Point> points;
  std::vector<double> scores;
  for (const char* m : {"x", "y"}) {
    for (const char* n : {"p", "q"}) {
      points.push_back({{"only", "1"}, {"matters", m}, {"not", n}});
      scores.push_back(m[0] == 'x' ? 0.8 : 0.6);
    }
  }
  const auto found = importance(search, points, scores);
  ASSERT_EQ(found.size(), 2U);  // what has one value cannot matter
  EXPECT_EQ(found[0].setting, "matters");
  EXPECT_NEAR(found[0].share, 1, 1e-9);
  EXPECT_NEAR(found[1].share, 0, 1e-9);
  EXPECT_EQ(found[0].values[0].scores, (std::vector<double>{0.8, 0.8}));
}

TEST(Importance, TakesARangeByThirds) {
  Search search;
  search.choices = {{"rate", {}, 0, 1, false, false}};
  std::vector<Point> points;
  for (const char* rate : {"0.9", "0.1", "0.5", "0.6", "0.2", "0.8"}) {
    points.push_back({{"rate", rate}});
  }
  const auto found = importance(search, points, {3, 1, 2, 2, 1, 3});
  ASSERT_EQ(found.size(), 1U);
  ASSERT_EQ(found[0].values.size(), 3U);
  EXPECT_EQ(found[0].values[0].value, "0.1 – 0.2");
  EXPECT_EQ(found[0].values[2].scores, (std::vector<double>{3, 3}));
  EXPECT_NEAR(found[0].share, 1, 1e-9);
}

}  // namespace
}  // namespace dawson::workflow
