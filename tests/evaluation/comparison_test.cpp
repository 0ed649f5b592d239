#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "dawson/core/table.h"
#include "dawson/evaluation/cohort.h"
#include "evaluation/made.h"
#include "support/folder_test.h"

namespace dawson::evaluation {
namespace {

/// A lesion of 20 voxels in a row, of which the prediction has the first `found`.
CaseResult made_case(const std::string& name, const std::string& site, std::size_t found) {
  const volume::Grid grid = made_grid({40, 3, 3});
  CaseResult c;
  c.name = name;
  c.patient = site + "/" + name.substr(0, 1);
  c.site = site;
  volume::Mask prediction(grid);
  for (std::size_t v = 0; v < found; ++v) prediction.data[v] = 1;
  c.measures = evaluate_case(run_of(grid, 0, 19), prediction);
  return c;
}

const ComparedMeasure& row_of(const ModelComparison& c, const std::string& scope,
                              const std::string& measure) {
  return *std::find_if(c.rows.begin(), c.rows.end(), [&](const ComparedMeasure& r) {
    return r.scope == scope && r.measure == measure;
  });
}

TEST(ModelComparison, PairsPatientsAndSaysTheDifference) {
  CohortResult first;
  CohortResult second;
  for (std::size_t n = 0; n < 6; ++n) {
    const std::string name(1, static_cast<char>('a' + n));
    first.cases.push_back(made_case(name, n < 5 ? "x" : "y", 10 + n));
    second.cases.push_back(made_case(name, n < 5 ? "x" : "y", 8));
  }
  const ModelComparison c = compare_models(first, second);
  const ComparedMeasure& all = row_of(c, "all", "sensitivity");
  EXPECT_EQ(all.paired.patients, 6U);
  EXPECT_NEAR(all.first_mean, 12.5 / 20, 1e-12);
  EXPECT_NEAR(all.second_mean, 8.0 / 20, 1e-12);
  EXPECT_NEAR(all.paired.mean_difference, 4.5 / 20, 1e-12);
  ASSERT_TRUE(all.paired.interval);
  EXPECT_GT(all.paired.interval->low, 0);
  EXPECT_NEAR(all.paired.wilcoxon_p, 2.0 / 64, 1e-12);  // all six of one sign
  EXPECT_EQ(row_of(c, "x", "sensitivity").paired.patients, 5U);
  EXPECT_FALSE(row_of(c, "y", "sensitivity").paired.interval);
}

TEST(ModelComparison, LeavesOutCasesOfOneModelAlone) {
  CohortResult first;
  CohortResult second;
  first.cases = {made_case("a", "x", 20), made_case("b", "x", 10)};
  second.cases = {made_case("b", "x", 5), made_case("c", "x", 20)};
  const ModelComparison c = compare_models(first, second);
  EXPECT_EQ(c.only_first, std::vector<std::string>{"a"});
  EXPECT_EQ(c.only_second, std::vector<std::string>{"c"});
  const ComparedMeasure& row = row_of(c, "all", "sensitivity");
  EXPECT_EQ(row.paired.patients, 1U);
  EXPECT_NEAR(row.first_mean, 0.5, 1e-12);  // a is not in it
  EXPECT_NEAR(row.second_mean, 0.25, 1e-12);
}

TEST(ModelComparison, TakesTheSameVisitsOfBoth) {
  // The second model predicts nothing at one visit, where its HD95 is undefined: the first model's
  // HD95 of that visit must not count either.
  CohortResult first;
  CohortResult second;
  first.cases = {made_case("a1", "x", 10), made_case("a2", "x", 15)};
  second.cases = {made_case("a1", "x", 0), made_case("a2", "x", 12)};
  const ComparedMeasure& row = row_of(compare_models(first, second), "all", "hd95_mm");
  EXPECT_EQ(row.paired.patients, 1U);
  EXPECT_NEAR(row.first_mean, first.cases[1].measures.surface.hd95_mm, 1e-9);
  EXPECT_NEAR(row.second_mean, second.cases[1].measures.surface.hd95_mm, 1e-9);
}

class Comparison : public made::FolderTest {};

TEST_F(Comparison, HasItsOwnTableAndLeavesTheCasesAlone) {
  CohortResult first;
  CohortResult second;
  first.cases = {made_case("a", "x", 20), made_case("b", "x", 10)};
  second.cases = {made_case("a", "x", 5)};
  first.comparison = compare_models(first, second);
  const core::Json summary = write_cohort(first, {}, folder());
  EXPECT_EQ(core::Table::read(folder() / "cases.tsv").rows().size(), 2U);
  const core::Table table = core::Table::read(folder() / "comparison.tsv");
  EXPECT_EQ(table.rows()[0][table.column("measure")], "dice");
  EXPECT_EQ(table.rows()[0][table.column("mean")], "1.00000");
  EXPECT_EQ(table.rows()[0][table.column("against_mean")], "0.40000");  // 2·5 / (20 + 5)
  EXPECT_EQ(table.rows()[0][table.column("low")], "n/a");
  EXPECT_EQ(summary["comparison"]["measures"].size(), table.rows().size());
  EXPECT_EQ(summary["comparison"]["only_prediction"][0], "b");
  EXPECT_EQ(summary["overall"]["cases"], 2);
}

}  // namespace
}  // namespace dawson::evaluation
