#include "dawson/evaluation/fairness.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "evaluation/made.h"

namespace dawson::evaluation {
namespace {

/// Lesions in a row of twenty, the first `found` of them found, so that sensitivity is found / 20.
CaseResult made_case(const std::string& patient, const std::string& sex, int found) {
  const volume::Grid grid = made_grid({3, 40, 1}, {1, 1, 3});
  volume::Mask reference(grid);
  volume::Mask prediction(grid);
  for (int n = 0; n < 20; ++n) {
    reference.at(1, 2 * n, 0) = 1;
    if (n < found) prediction.at(1, 2 * n, 0) = 1;
  }
  CaseResult c;
  c.name = c.patient = patient;
  c.site = "made";
  c.measures = evaluate_case(reference, prediction);
  c.attributes["sex"] = sex;
  return c;
}

CohortResult made_cohort(int women, int men, int worse, int unknown = 0) {
  CohortResult cohort;
  cohort.group_columns = {"sex"};
  for (int n = 0; n < women; ++n) {
    cohort.cases.push_back(made_case("f" + std::to_string(n), "F", 10 + n % 5));
  }
  for (int n = 0; n < men; ++n) {
    cohort.cases.push_back(made_case("m" + std::to_string(n), "M", 10 + n % 5 - worse));
  }
  for (int n = 0; n < unknown; ++n) {
    cohort.cases.push_back(made_case("u" + std::to_string(n), "n/a", 1));
  }
  return cohort;
}

const FairnessRow& row_of(const std::vector<FairnessRow>& rows, const std::string& group,
                          const std::string& measure) {
  return *std::find_if(rows.begin(), rows.end(), [&](const FairnessRow& r) {
    return r.group == group && r.measure == measure;
  });
}

TEST(Fairness, SeesADifferenceThatIsThere) {
  const auto rows = fairness_of(made_cohort(25, 25, 6));
  const FairnessRow& men = row_of(rows, "M", "lesion_sensitivity");
  EXPECT_EQ(men.own.patients.size(), 25U);
  EXPECT_EQ(men.others, 25U);
  EXPECT_NEAR(men.own.mean, 6.0 / 20, 1e-12);
  EXPECT_NEAR(men.others_mean, 12.0 / 20, 1e-12);
  EXPECT_NEAR(men.difference.mean_difference, -0.3, 1e-12);
  ASSERT_TRUE(men.difference.interval);
  EXPECT_LT(men.difference.interval->high, 0);
  EXPECT_EQ(men.verdict, Verdict::differs);
  // Nobody has a false lesion.
  EXPECT_EQ(row_of(rows, "M", "false_lesions").verdict, Verdict::not_told_apart);
}

TEST(Fairness, DoesNotClaimWhatASmallGroupCannotShow) {
  const auto rows = fairness_of(made_cohort(25, 4, 8));
  const FairnessRow& men = row_of(rows, "M", "lesion_sensitivity");
  EXPECT_EQ(men.verdict, Verdict::too_small_to_judge);
  EXPECT_FALSE(men.difference.interval);
  EXPECT_FALSE(men.own.interval);
  // Nor is the large group judged against the small one.
  EXPECT_EQ(row_of(rows, "F", "lesion_sensitivity").verdict, Verdict::too_small_to_judge);
}

TEST(Fairness, SaysWhichDifferenceCouldBeSeen) {
  const auto rows = fairness_of(made_cohort(25, 25, 0));
  const FairnessRow& men = row_of(rows, "M", "lesion_sensitivity");
  EXPECT_EQ(men.verdict, Verdict::not_told_apart);
  // Values 0.5 … 0.7 evenly: deviation 0.0707 of each, so the difference has a standard error of
  // 0.0707·√(2/25) = 0.02, and 2.8 of these are seen with a chance of 80 %.
  EXPECT_NEAR(men.difference.detectable_difference, 2.8 * 0.02, 0.003);
}

TEST(Fairness, LeavesUnknownPatientsOutOfTheOthers) {
  const auto rows = fairness_of(made_cohort(10, 10, 0, 8));
  EXPECT_EQ(row_of(rows, "M", "lesion_sensitivity").others, 10U);
  const FairnessRow& unknown = row_of(rows, "n/a", "lesion_sensitivity");
  EXPECT_EQ(unknown.verdict, Verdict::not_known);
  EXPECT_EQ(unknown.own.patients.size(), 8U);
  EXPECT_FALSE(unknown.difference.interval);
}

TEST(Fairness, SeldomClaimsADifferenceThatIsNotThere) {
  // Forty cohorts whose groups are drawn alike. By itself each of the four measures that vary would
  // be wrong in about one of twenty; after Holm over the table at most one cohort in twenty should
  // hold a claim. More than six of forty happens by chance less than once in two hundred runs
  // (binomial, p = 0.05).
  core::Random random(77);
  int cohorts_with_a_claim = 0;
  for (int n = 0; n < 40; ++n) {
    CohortResult cohort;
    cohort.group_columns = {"sex"};
    for (int p = 0; p < 24; ++p) {
      cohort.cases.push_back(
          made_case(std::to_string(p), p % 2 == 0 ? "F" : "M", static_cast<int>(random.below(21))));
    }
    BootstrapSettings quick;
    quick.draws = 1000;
    const auto rows = fairness_of(cohort, quick);
    cohorts_with_a_claim += std::any_of(rows.begin(), rows.end(), [](const FairnessRow& r) {
      return r.verdict == Verdict::differs;
    });
  }
  EXPECT_LE(cohorts_with_a_claim, 6);
}

TEST(Fairness, StandsInATableAndInTheSummary) {
  const CohortResult cohort = made_cohort(6, 6, 6, 1);
  const auto rows = fairness_of(cohort);
  const core::Table table = fairness_table(rows);
  ASSERT_EQ(table.rows().size(), 3 * fairness_measures().size());
  EXPECT_EQ(table.rows()[0][table.column("group")], "F");
  EXPECT_EQ(table.rows()[0][table.column("measure")], "dice");
  EXPECT_EQ(table.rows().back()[table.column("verdict")], "group not known");
  EXPECT_EQ(table.rows().back()[table.column("difference")], "n/a");
  const core::Json summary = summary_of(cohort, {});
  EXPECT_EQ(summary["fairness"].size(), table.rows().size());
  EXPECT_EQ(summary["groups"]["sex"]["M"]["patients"], 6);
  EXPECT_TRUE(summary["groups"]["sex"]["M"]["measures"]["dice"]["interval"].is_array());
  EXPECT_TRUE(summary["groups"]["sex"]["n/a"]["measures"]["dice"]["interval"].is_null());
  EXPECT_FALSE(summary_of(made_cohort(0, 0, 0), {}).contains("comparison"));
}

}  // namespace
}  // namespace dawson::evaluation
