#include "dawson/workflow/results_page.h"

#include <gtest/gtest.h>

#include <cmath>
#include <regex>

#include "imaging/shapes.h"

namespace dawson::workflow {
namespace {

volume::Mask ball(double radius) {
  return test::carved(test::centred({24, 24, 24}, {1, 1, 1}), [&](const volume::Vector3& p) {
    return test::in_ellipsoid(p, {0, 0, 0}, {radius, radius, radius});
  });
}

evaluation::CaseResult result(const std::string& site, const std::string& sub, double radius) {
  return {site + "/" + sub, site + "/" + sub, site, "n/a",
          evaluation::evaluate_case(ball(6), ball(radius))};
}

evaluation::CohortResult cohort() {
  evaluation::CohortResult c;
  for (int i = 0; i < 6; ++i) {
    c.cases.push_back(result("large", "sub-0" + std::to_string(i), 5 + 0.5 * i));
  }
  c.cases.push_back(result("small", "sub-a", 6));
  c.cases.push_back(result("small", "sub-b", 4));
  return c;
}

const core::Json decisions = {
    {"all", {{"threshold", 0.45}, {"min_peak", 0.9}, {"min_volume_mm3", 7.0}, {"temperature", 1.3}}}};

TEST(ResultsPage, SaysHowManyHowItWasMadeAndGivesIntervals) {
  const std::string page = results_page(cohort(), {}, decisions, "dawson crossval -i data");
  for (const char* words :
       {"8 patients, 8 scans", "`dawson crossval -i data`", "95 %", "| large | 6 | 6 |",
        "| small | 2 | 2 |", "| all | 0.450 | 0.900 | 7.0 | 1.30 |", "| large/sub-03 |"}) {
    EXPECT_NE(page.find(words), std::string::npos) << words << "\n" << page;
  }
  // The overall line has an interval; a site of two patients is listed patient by patient.
  EXPECT_TRUE(std::regex_search(page, std::regex(R"(\| dice \| [0-9.]+ \([0-9.]+ – [0-9.]+\))")));
  EXPECT_TRUE(std::regex_search(page, std::regex(R"(\| small \| 2 \| 2 \| 1\.000, 0\.[0-9]+ \|)")));
  EXPECT_EQ(page.find("nan"), std::string::npos);
}

TEST(ResultsPage, ListsBrainMasksWhereThereAreSome) {
  const std::vector<BrainAgreement> brains = {{"large/sub-00", "large/sub-00", 0.96, -4},
                                              {"large/sub-01", "large/sub-01", 0.94, 2}};
  const std::string page = results_page(cohort(), brains, decisions, "x");
  EXPECT_NE(page.find("| large/sub-00 | 0.960 | -4.0 |"), std::string::npos) << page;
  EXPECT_NE(page.find("Mean Dice 0.950"), std::string::npos);
  EXPECT_NE(page.find("without its sign 3.0 %"), std::string::npos);
  EXPECT_EQ(results_page(cohort(), {}, decisions, "x").find("Brain masks"), std::string::npos);
}

TEST(ResultsPage, VolumeErrorIsAMeanOverPatientsAndUnknownWithoutAny) {
  EXPECT_DOUBLE_EQ(
      mean_volume_error_percent({{"a1", "a", 1, -4}, {"a2", "a", 1, 0}, {"b", "b", 1, 6}}), 4);
  EXPECT_TRUE(std::isnan(mean_volume_error_percent({})));
}

TEST(ResultsPage, ACardGetsTheOverallFiguresWithTheirNumberOfPatients) {
  const std::string figures = figures_for_card(cohort());
  EXPECT_NE(figures.find("8 patients: Dice 0."), std::string::npos) << figures;
  EXPECT_NE(figures.find("| small | 2 | 2 |"), std::string::npos);
}

}  // namespace
}  // namespace dawson::workflow
