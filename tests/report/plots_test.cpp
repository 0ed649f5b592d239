#include "dawson/report/plots.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "dawson/evaluation/statistics.h"
#include "made_cohort.h"
#include "well_formed.h"

namespace dawson::report {
namespace {

using core::Json;
using evaluation::CohortResult;

template <typename T>
std::vector<T> all_of(const Plot& plot) {
  std::vector<T> found;
  for (const chart::Element& element : plot.chart->elements) {
    if (const T* one = std::get_if<T>(&element)) found.push_back(*one);
  }
  return found;
}

std::vector<Point> points_of(const Plot& plot, chart::Mark mark) {
  std::vector<Point> points;
  for (const chart::Marks& marks : all_of<chart::Marks>(plot)) {
    if (marks.mark == mark) points.insert(points.end(), marks.points.begin(), marks.points.end());
  }
  return points;
}

std::vector<double> x_of(const std::vector<Point>& points) {
  std::vector<double> x;
  for (const Point& p : points) x.push_back(p.x);
  std::sort(x.begin(), x.end());
  return x;
}

Json curves() {
  return Json::parse(R"({"overall": {"measures": {
      "roc_auc": {"mean": 0.9912, "interval": [0.98, 0.995]}, "pr_auc": {"mean": 0.8}}},
    "curves": {
      "roc": {"x": [0, 0.0001, 0.01, 1], "mean": [0, 0.3, 0.9, 1], "low": [0, 0.2, 0.8, 1],
              "high": [0, 0.4, 0.95, 1], "pooled": [0, 0.25, 0.85, 1], "cases": 9, "patients": 7},
      "precision_recall": {"x": [0.01, 0.5, 1], "mean": [1, 0.9, 0.1], "low": null, "high": null,
                           "pooled": [1, 0.8, 0.1], "cases": 3, "patients": 3},
      "reliability": [
        {"from": 0, "to": 0.5, "voxels": 1000, "mean_probability": 0.02, "observed_rate": 0.03,
         "interval": [0.01, 0.05]},
        {"from": 0.5, "to": 1, "voxels": 10, "mean_probability": 0.8, "observed_rate": 0.7,
         "interval": null}]}})");
}

TEST(SitePlot, ShowsEveryPatientAndTheIntervalOfGroupsLargeEnough) {
  const Plot plot = site_plot(made::cohort(), "dice_by_site", "dice");
  ASSERT_TRUE(plot.chart);
  EXPECT_EQ(plot.chart->y.ticks.size(), 3U);                           // a, b, all
  EXPECT_EQ(points_of(plot, chart::look_of(0).mark).size(), 6U + 8U);  // of a, and all of them
  EXPECT_EQ(points_of(plot, chart::look_of(1).mark).size(), 2U);
  // Diamonds with bars for a and for all; b has two patients.
  ASSERT_EQ(points_of(plot, chart::Mark::diamond).size(), 2U);
  EXPECT_NEAR(points_of(plot, chart::Mark::diamond)[0].x, 0.65, 1e-9);  // mean of 0.5 … 0.8
  const auto bars = all_of<chart::ErrorBar>(plot);
  ASSERT_EQ(bars.size(), 2U);
  EXPECT_LT(bars[0].low, 0.65);
  EXPECT_GT(bars[0].high, 0.65);
}

TEST(SitePlot, SaysTheSameIntervalAsTheSummary) {
  const CohortResult cohort = made::cohort();
  const Json summary = evaluation::summary_of(cohort, Json::object());
  const Json interval = summary["sites"]["a"]["measures"]["dice"]["interval"];
  const auto bars = all_of<chart::ErrorBar>(site_plot(cohort, "dice_by_site", "dice"));
  EXPECT_NEAR(bars[0].low, interval[0].get<double>(), 1e-5);
  EXPECT_NEAR(bars[0].high, interval[1].get<double>(), 1e-5);
}

TEST(SitePlot, LeavesOutUndefinedValuesAndSaysSo) {
  const Plot plot = site_plot(made::cohort(), "lesion_f1_by_site", "lesion_f1");
  EXPECT_EQ(points_of(plot, chart::look_of(1).mark).size(), 1U);
  EXPECT_NE(plot.chart->subtitle.find("7 patients"), std::string::npos) << plot.chart->subtitle;
  EXPECT_NE(plot.chart->subtitle.find("(1 scans without a value left out)"), std::string::npos);
}

TEST(SitePlot, IsLeftOutWhereNothingIsDefined) {
  CohortResult cohort;
  cohort.cases.push_back(made::evaluated("a", "sub-1", 0, 0, 1));
  const Plot plot = site_plot(cohort, "lesion_f1_by_site", "lesion_f1");
  EXPECT_FALSE(plot.chart);
  EXPECT_FALSE(plot.left_out.empty());
  EXPECT_TRUE(site_plot(cohort, "dice_by_site", "dice").chart);
}

TEST(SiteGroups, SmallSitesBeyondTheMostShareOneGroup) {
  CohortResult cohort;
  for (int site = 0; site < 10; ++site) {
    for (int n = 0; n <= site; ++n) {
      cohort.cases.push_back(
          made::evaluated("s" + std::to_string(site), std::to_string(n), 1, 1, 1));
    }
  }
  const SiteGroups groups(cohort, 4);
  EXPECT_EQ(groups.names, (std::vector<std::string>{"s7", "s8", "s9", "others"}));
  EXPECT_EQ(std::count(groups.of_case.begin(), groups.of_case.end(), 3U), 28);  // 1 + … + 7
  EXPECT_EQ(SiteGroups(cohort, 10).names.size(), 10U);
}

TEST(Spread, KeepsEqualMarksApartWithinTheirRow) {
  const std::vector<double> offsets = spread({0.5, 0.5, 0.5, 0.9}, 0.02, 0.1);
  EXPECT_EQ(offsets[0], 0);
  EXPECT_EQ(offsets[3], 0);
  EXPECT_NEAR(std::abs(offsets[1] - offsets[2]), 0.2, 1e-12);
  for (const double offset : spread(std::vector<double>(1000, 0.5), 0.02, 0.1)) {
    EXPECT_LE(std::abs(offset), 0.41);
  }
}

TEST(LoadPlot, PlacesEachScanAndGivesEmptyReferencesTheirOwnPlace) {
  const Plot plot = dice_against_load(made::cohort());
  ASSERT_TRUE(plot.chart);
  EXPECT_TRUE(plot.chart->x.has_zero);
  EXPECT_EQ(plot.chart->x.scale, chart::Scale::logarithmic);
  EXPECT_EQ(x_of(points_of(plot, chart::look_of(0).mark)),
            (std::vector<double>{3, 7, 11, 15, 19, 23}));
  EXPECT_EQ(x_of(points_of(plot, chart::look_of(1).mark)), (std::vector<double>{0, 40}));
  EXPECT_EQ(plot.chart->key.size(), 2U);
  EXPECT_NE(plot.chart->subtitle.find("references without lesion (1)"), std::string::npos);
}

TEST(VolumePlot, DrawsBiasAndLimitsOfBlandAndAltman) {
  CohortResult cohort = made::cohort();
  cohort.cases.resize(6);
  const Plot plot = volume_agreement_plot(cohort);
  ASSERT_TRUE(plot.chart);
  // Differences −2, −1, 0, 1, 2, 6: mean 1, squared deviations 9 + 4 + 1 + 0 + 1 + 25 = 40, so a
  // standard deviation of √(40/5) = 2.8284; limits 1 ± 1.96 · 2.8284.
  const auto guides = all_of<chart::Guide>(plot);
  ASSERT_EQ(guides.size(), 4U);
  EXPECT_EQ(guides[0].value, 0);
  EXPECT_NEAR(guides[1].value, 6.5437, 1e-3);
  EXPECT_NEAR(guides[2].value, 1, 1e-12);
  EXPECT_NEAR(guides[3].value, -4.5437, 1e-3);
  const auto bands = all_of<chart::Band>(plot);
  ASSERT_EQ(bands.size(), 3U);
  for (std::size_t n = 0; n < 3; ++n) {
    EXPECT_LT(bands[n].low[0], guides[n + 1].value);
    EXPECT_GT(bands[n].high[0], guides[n + 1].value);
    EXPECT_GE(bands[n].low[0], plot.chart->y.from);
    EXPECT_LE(bands[n].high[0], plot.chart->y.to);
  }
  // The interval of the bias is the bootstrap over patients of a mean: near ± 1.96 · 2.58 / √6,
  // with the standard deviation over n, as resampling has it.
  EXPECT_NEAR(bands[1].high[0] - bands[1].low[0], 2 * 1.96 * 2.582 / std::sqrt(6.0), 0.5);
}

TEST(VolumePlot, OfFewPatientsShowsThePointsAlone) {
  CohortResult cohort = made::cohort();
  cohort.cases.resize(4);
  const Plot plot = volume_agreement_plot(cohort);
  EXPECT_EQ(all_of<chart::Guide>(plot).size(), 1U);
  EXPECT_TRUE(all_of<chart::Band>(plot).empty());
  EXPECT_EQ(points_of(plot, chart::Mark::disc).size(), 4U);
}

TEST(SizePlot, CountsLesionsAndPatientsAndAveragesOverPatients) {
  CohortResult cohort = made::cohort();
  cohort.cases[0].measures.lesions.by_size[1].found = 4;
  const Plot plot = sensitivity_by_size(cohort);
  ASSERT_TRUE(plot.chart);
  ASSERT_EQ(plot.chart->x.ticks.size(), 5U);
  EXPECT_EQ(plot.chart->x.ticks[1].label, "10–50\n28 / 7");  // seven patients with four lesions
  EXPECT_EQ(plot.chart->x.ticks[4].label, "≥ 500\n0 / 0");
  const std::vector<Point> means = points_of(plot, chart::Mark::diamond);
  ASSERT_EQ(means.size(), 1U);
  EXPECT_NEAR(means[0].y, (1 + 6 * 0.5) / 7, 1e-12);
  EXPECT_EQ(points_of(plot, chart::Mark::disc).size(), 7U);
}

TEST(CurvePlots, DrawBandMeanAndPooledCurve) {
  const Plot plot = roc_plot(curves());
  ASSERT_TRUE(plot.chart);
  const auto bands = all_of<chart::Band>(plot);
  ASSERT_EQ(bands.size(), 1U);
  EXPECT_EQ(bands[0].high, (std::vector<double>{0, 0.4, 0.95, 1}));
  const auto lines = all_of<chart::Line>(plot);
  ASSERT_EQ(lines.size(), 3U);  // chance, pooled, mean
  EXPECT_EQ(lines[2].points[2].y, 0.9);
  for (const Point& p : lines[0].points) EXPECT_EQ(p.x, p.y);
  EXPECT_EQ(plot.chart->x.from, 0.0001);
  EXPECT_NE(plot.chart->subtitle.find("7 patients, 9 scans"), std::string::npos);
  EXPECT_NE(plot.chart->subtitle.find("0.991 (0.980 to 0.995)"), std::string::npos);
}

TEST(CurvePlots, OfFewPatientsHaveNoBandAndSaySo) {
  const Plot plot = pr_plot(curves());
  ASSERT_TRUE(plot.chart);
  EXPECT_TRUE(all_of<chart::Band>(plot).empty());
  EXPECT_NE(plot.chart->subtitle.find("fewer than five"), std::string::npos);
  EXPECT_NE(plot.chart->subtitle.find("0.800"), std::string::npos);
}

TEST(CurvePlots, ReliabilityHasItsBinsMassesAndIntervals) {
  const Plot plot = reliability_plot(curves());
  ASSERT_TRUE(plot.chart);
  const auto bars = all_of<chart::Bar>(plot);
  ASSERT_EQ(bars.size(), 2U);
  EXPECT_GT(bars[0].y, bars[1].y);
  const std::vector<Point> marks = points_of(plot, chart::Mark::disc);
  ASSERT_EQ(marks.size(), 2U);
  EXPECT_EQ(marks[1].x, 0.8);
  EXPECT_EQ(marks[1].y, 0.7);
  const auto intervals = all_of<chart::ErrorBar>(plot);
  EXPECT_EQ(intervals[0].high, 0.05);
  EXPECT_TRUE(std::isnan(intervals[1].low));
}

TEST(CurvePlots, AreLeftOutWithAReasonWhereThereAreNoProbabilities) {
  for (const Json& summary : {Json::object(), Json{{"curves", nullptr}}}) {
    for (const Plot& plot : {roc_plot(summary), pr_plot(summary), reliability_plot(summary)}) {
      EXPECT_FALSE(plot.chart);
      EXPECT_NE(plot.left_out.find("probabilities"), std::string::npos);
    }
  }
}

TEST(ScanPlot, DrawsTheCurveOnlyWhereScansOfBothKindsExist) {
  const Json summary = Json::parse(R"({"scan_level": {"with_lesions": 5, "without_lesions": 2,
    "roc_auc": {"mean": 0.9, "interval": null}, "roc": [[0, 0], [0, 0.8], [1, 1]]}})");
  const Plot plot = scan_roc_plot(summary);
  ASSERT_TRUE(plot.chart);
  EXPECT_EQ(all_of<chart::Line>(plot)[1].points.size(), 3U);
  EXPECT_NE(plot.chart->subtitle.find("5 scans with lesions, 2 without"), std::string::npos);
  const Json without = Json::parse(R"({"scan_level": {"with_lesions": 5, "roc": []}})");
  EXPECT_FALSE(scan_roc_plot(without).chart);
}

TEST(DifferencePlot, ShowsSharesOverallAndDiceBySite) {
  const Json summary = Json::parse(R"({"comparison": {"measures": [
    {"scope": "all", "measure": "dice", "patients": 9, "difference": 0.02,
     "interval": [-0.01, 0.05], "wilcoxon_p": 0.0001},
    {"scope": "all", "measure": "hd95_mm", "patients": 9, "difference": 3, "interval": null},
    {"scope": "b", "measure": "dice", "patients": 2, "difference": -0.04, "interval": null,
     "wilcoxon_p": null},
    {"scope": "b", "measure": "ppv", "patients": 2, "difference": 0.4, "interval": null}]}})");
  const Plot plot = difference_plot(summary);
  ASSERT_TRUE(plot.chart);
  ASSERT_EQ(plot.chart->y.ticks.size(), 2U);
  EXPECT_EQ(plot.chart->y.ticks[1].label, "dice, b");
  EXPECT_EQ(points_of(plot, chart::look_of(0).mark)[0].x, 0.02);
  EXPECT_EQ(all_of<chart::ErrorBar>(plot)[0].low, -0.01);
  EXPECT_LT(plot.chart->x.from, -0.04);
  EXPECT_NE(plot.chart->edge_labels[0].text.find("< 0.001"), std::string::npos);
  EXPECT_NE(plot.chart->edge_labels[1].text.find("n/a"), std::string::npos);
}

TEST(Plots, OfOnePatientAndOfAThousandAreDrawnAsPictureAndSvg) {
  CohortResult one;
  one.cases.push_back(made::evaluated("a", "sub-1", 2, 3, 0.6));
  CohortResult many;
  for (int n = 0; n < 1000; ++n) {
    many.cases.push_back(made::evaluated("s" + std::to_string(n % 9), std::to_string(n),
                                         n % 50 == 0 ? 0 : 0.1 * n, 0.11 * n, 0.001 * n));
  }
  for (const CohortResult* cohort : {&one, &many}) {
    std::size_t drawn = 0;
    for (const Plot& plot : plots_of(*cohort, Json::object())) {
      if (!plot.chart) continue;
      ++drawn;
      EXPECT_EQ(made::fault_of_markup(chart::svg_of(*plot.chart, "en")), "") << plot.name;
      EXPECT_EQ(chart::picture_of(*plot.chart).width, 840) << plot.name;
      EXPECT_FALSE(plot.chart->description.empty()) << plot.name;
    }
    EXPECT_EQ(drawn, 5U);  // all that need no probabilities
  }
  EXPECT_LT(opacity_for(1000), 0.5);
  EXPECT_GT(opacity_for(10), 0.8);
}

}  // namespace
}  // namespace dawson::report
