#include "dawson/evaluation/cohort.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <functional>
#include <set>

#include "dawson/core/error.h"
#include "dawson/core/table.h"
#include "dawson/evaluation/lesion_table.h"
#include "dawson/volume/nifti.h"
#include "evaluation/made.h"
#include "support/folder_test.h"

namespace dawson::evaluation {
namespace {

const volume::Grid grid = made_grid({12, 12, 8}, {1, 1, 3});

class Cohort : public made::FolderTest {
 protected:
  void write(const std::string& file, const volume::Mask& mask) const {
    volume::write_nifti(place(file), mask);
  }
  void write(const std::string& file, const volume::Image& image) const {
    volume::write_nifti(place(file), image);
  }
  [[nodiscard]] CohortResult measure(const CaseVisitor& visit = {}) const {
    Progress progress;
    return evaluate_cohort(pair_cases(folder() / "ref", folder() / "out"), LesionRule::dawson,
                           progress, visit);
  }
};

volume::Mask lesion_at(int i) {
  volume::Mask mask(grid);
  add_block(mask, {i, 4, 3}, {i + 2, 6, 4});  // 18 voxels
  return mask;
}

std::string refusal(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::input);
    return error.what();
  }
  return "nothing was thrown";
}

TEST(Case, RefusesVolumesOfAnotherGrid) {
  const volume::Mask reference = lesion_at(2);
  volume::Mask moved = reference;
  moved.grid.origin[1] += 0.5;
  EXPECT_NE(refusal([&] { evaluate_case(reference, moved); }).find("0.50 mm apart"),
            std::string::npos);
  const volume::Mask smaller(made_grid({12, 12, 7}, {1, 1, 3}));
  EXPECT_NE(refusal([&] {
              evaluate_case(reference, reference, &smaller);
            }).find("the brain mask has 12×12×7 voxels where the reference has 12×12×8"),
            std::string::npos);
  volume::Mask rounded = reference;
  rounded.grid.origin[1] += 0.01;  // as another program's header would have it
  EXPECT_NO_THROW(evaluate_case(reference, rounded));
}

TEST(Case, RefusesProbabilitiesThatAreNone) {
  const volume::Mask mask = lesion_at(2);
  const volume::Image raw(grid, 255.0F);
  EXPECT_NE(refusal([&] { evaluate_case(mask, mask, &mask, &raw); }).find("255"),
            std::string::npos);
}

TEST(Case, HasProbabilityMeasuresOnlyWithABrain) {
  const volume::Mask mask = lesion_at(2);
  const volume::Mask brain(grid, 1);
  const volume::Image p(grid, 0.25F);
  EXPECT_TRUE(evaluate_case(mask, mask, &brain, &p).probabilities);
  EXPECT_FALSE(evaluate_case(mask, mask, nullptr, &p).probabilities);
  EXPECT_FALSE(evaluate_case(mask, mask, &brain).probabilities);
}

TEST(Columns, HoldWhatTheContractNames) {
  std::set<std::string> names;
  for (const MeasureColumn& m : measure_columns()) {
    EXPECT_TRUE(names.insert(m.name).second) << m.name << " is there twice";
    EXPECT_FALSE(m.description.empty()) << m.name;
  }
  for (const char* name :
       {"dice", "sensitivity", "specificity", "accuracy", "ppv", "ndsc", "volume_difference_ml",
        "hd95_mm", "assd_mm", "lesion_sensitivity", "lesion_ppv", "lesion_f1", "false_lesions"}) {
    EXPECT_EQ(names.count(name), 1U) << name;
  }
}

TEST_F(Cohort, WritesTablesThatExplainThemselves) {
  write("ref/a/sub-01/anat/sub-01_label-lesion_mask.nii.gz", lesion_at(2));
  write("ref/b/sub-01/anat/sub-01_label-lesion_mask.nii.gz", lesion_at(2));
  write("out/a/sub-01/anat/sub-01_label-lesion_mask.nii.gz", lesion_at(3));
  write("out/a/sub-01/anat/sub-01_label-brain_mask.nii.gz", volume::Mask(grid, 1));
  write("out/a/sub-01/anat/sub-01_label-lesion_probseg.nii.gz", volume::Image(grid, 0.1F));
  write("out/b/sub-01/anat/sub-01_label-lesion_mask.nii.gz", volume::Mask(grid));
  LesionTable table(folder() / "lesions.tsv");
  const CohortResult result =
      measure([&](const CaseResult& c, const CaseVolumes&) { table.add(c); });
  table.finish();
  ASSERT_EQ(result.cases.size(), 2U);
  write_cohort(result, {{"command_line", "dawson evaluate <here>"}}, folder());

  const core::Table cases = core::Table::read(folder() / "cases.tsv");
  ASSERT_EQ(cases.rows().size(), 2U);
  const auto cell = [&](std::size_t row, const std::string& column) {
    return cases.rows().at(row).at(cases.column(column));
  };
  EXPECT_EQ(cell(0, "case"), "a/sub-01");
  EXPECT_EQ(cell(0, "site"), "a");
  EXPECT_EQ(cell(0, "brain_source"), "prediction");
  EXPECT_EQ(cell(0, "dice"), "0.6667");  // 12 of 18 voxels in common
  EXPECT_EQ(cell(0, "roc_auc"), "0.50000");
  EXPECT_EQ(cell(1, "brain_source"), "n/a");
  EXPECT_EQ(cell(1, "dice"), "0.0000");
  EXPECT_EQ(cell(1, "specificity"), "n/a");
  EXPECT_EQ(cell(1, "hd95_mm"), "n/a");
  EXPECT_EQ(cell(1, "lesion_ppv"), "n/a");
  EXPECT_EQ(cell(1, "roc_auc"), "n/a");
  const core::Json sidecar = core::read_json(folder() / "cases.json");
  for (const core::Column& column : cases.columns()) {
    EXPECT_TRUE(sidecar.contains(column.name)) << column.name;
  }
  const core::Table lesions = core::Table::read(folder() / "lesions.tsv");
  EXPECT_EQ(lesions.rows().size(), 3U);  // one and one of a, one of b
  EXPECT_EQ(lesions.rows()[1][lesions.column("mean_probability")], "0.1000");
  EXPECT_EQ(lesions.rows()[2][lesions.column("mean_probability")], "n/a");
  EXPECT_EQ(cell(0, "scan_score"), "0.1000");
  EXPECT_EQ(cell(1, "scan_score"), "0.0000");  // nothing was predicted
  EXPECT_EQ(cell(0, "reference_has_lesion"), "yes");
  const core::Json summary = core::read_json(folder() / "summary.json");
  EXPECT_EQ(summary["command_line"], "dawson evaluate <here>");
  EXPECT_EQ(summary["curves"]["roc"]["cases"], 1);
  EXPECT_TRUE(summary["scan_level"]["specificity"]["mean"].is_null());
}

TEST_F(Cohort, KeepsNothingThatGrowsWithVoxelsOrLesions) {
  const volume::Grid large = made_grid({60, 60, 30}, {1.5, 1.5, 1.5});
  volume::Mask specks(large);  // 20 · 20 · 10 lesions of one voxel, 3.375 mm³
  for (int k = 0; k < 30; k += 3) {
    for (int j = 0; j < 60; j += 3) {
      for (int i = 0; i < 60; i += 3) specks.at(i, j, k) = 1;
    }
  }
  write("ref/sub-01_label-lesion_mask.nii.gz", specks);
  write("ref/sub-02_label-lesion_mask.nii.gz", lesion_at(2));
  for (const char* sub : {"sub-01", "sub-02"}) {
    const std::string stem = std::string("out/") + sub;
    const volume::Mask mask = sub == std::string("sub-01") ? specks : lesion_at(2);
    write(stem + "_label-lesion_mask.nii.gz", mask);
    write(stem + "_label-brain_mask.nii.gz", volume::Mask(mask.grid, 1));
    volume::Image p(mask.grid);
    for (std::size_t v = 0; v < p.data.size(); ++v) p.data[v] = float(v % 1000) / 1000.0F;
    write(stem + "_label-lesion_probseg.nii.gz", p);
  }
  std::size_t seen = 0;
  const CohortResult result = measure([&](const CaseResult& c, const CaseVolumes& volumes) {
    seen += c.measures.lesions.lesions.size();
    EXPECT_NE(volumes.probabilities, nullptr);
    EXPECT_NE(volumes.brain, nullptr);
  });
  EXPECT_EQ(seen, 2U * 4000 + 2);
  ASSERT_EQ(result.cases.size(), 2U);
  // What two cases hold on the heap: the scan with 46 times as many voxels no more than the small.
  const auto held = [](const CaseResult& c) {
    const CaseMeasures& m = c.measures;
    std::size_t bytes = m.lesions.lesions.capacity() * sizeof(LesionMatch);
    bytes += m.probabilities->reliability_brain.capacity() * sizeof(ReliabilityBin);
    bytes += m.probabilities->reliability_above_1pc.capacity() * sizeof(ReliabilityBin);
    const ThresholdCounts& counts = m.probabilities->thresholds;
    bytes += (counts.lesion.capacity() + counts.rest.capacity()) * sizeof(std::uint32_t);
    return bytes + counts.sum_of_probabilities.capacity() * sizeof(double);
  };
  EXPECT_EQ(held(result.cases[0]), held(result.cases[1]));
  EXPECT_LT(held(result.cases[0]), 5000U);
}

TEST_F(Cohort, GoesOnWhenACaseFailsAndNamesIt) {
  write("ref/sub-01_label-lesion_mask.nii.gz", lesion_at(2));
  write("ref/sub-02_label-lesion_mask.nii.gz", lesion_at(2));
  write("ref/sub-03_label-lesion_mask.nii.gz", lesion_at(2));
  write("out/sub-01_label-lesion_mask.nii.gz", lesion_at(2));
  write("out/sub-02_label-lesion_mask.nii.gz", volume::Mask(made_grid({5, 5, 5})));
  const CohortResult result = measure();
  EXPECT_EQ(result.cases.size(), 1U);
  ASSERT_EQ(result.failed.size(), 2U);
  write_cohort(result, {}, folder());
  const core::Table cases = core::Table::read(folder() / "cases.tsv");
  ASSERT_EQ(cases.rows().size(), 3U);
  EXPECT_NE(text_of("cases.tsv").find("no prediction was found"), std::string::npos);
  EXPECT_NE(text_of("cases.tsv").find("5×5×5"), std::string::npos);
  EXPECT_EQ(core::read_json(folder() / "summary.json")["failed"].size(), 2U);
}

TEST_F(Cohort, IsRefusedWhenNoCaseCouldBeMeasured) {
  write("ref/sub-01_label-lesion_mask.nii.gz", lesion_at(2));
  write("out/sub-01_label-lesion_mask.nii.gz", volume::Mask(made_grid({5, 5, 5})));
  EXPECT_NE(refusal([&] { static_cast<void>(measure()); }).find("5×5×5"), std::string::npos);
}

TEST_F(Cohort, StopsWhenAskedTo) {
  write("ref/sub-01_label-lesion_mask.nii.gz", lesion_at(2));
  write("out/sub-01_label-lesion_mask.nii.gz", lesion_at(2));
  const std::atomic<bool> cancel{true};
  Progress progress(nullptr, &cancel);
  try {
    evaluate_cohort(pair_cases(folder() / "ref", folder() / "out"), LesionRule::dawson, progress);
    FAIL() << "it went on";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::interrupted);
  }
}

CaseResult made_case(const std::string& patient, const std::string& visit, int shift) {
  CaseResult c;
  c.site = patient.substr(0, patient.find('/'));
  c.patient = patient;
  c.name = patient + visit;
  c.measures = evaluate_case(lesion_at(2), lesion_at(2 + shift));
  return c;
}

TEST(CohortSummary, WeighsPatientsAndPoolsVoxelsApart) {
  // Dice by shift along a side of 3: 0 → 1, 1 → 2/3, 3 → 0. Patient a/1 has two visits.
  CohortResult cohort;
  cohort.cases = {made_case("a/1", "/ses-1", 0), made_case("a/1", "/ses-2", 3),
                  made_case("a/2", "", 0),       made_case("a/3", "", 1),
                  made_case("a/4", "", 1),       made_case("a/5", "", 0),
                  made_case("b/1", "", 3)};
  const core::Json summary = summary_of(cohort, {{"version", "1"}});
  EXPECT_EQ(summary["version"], "1");
  const core::Json& dice = summary["overall"]["measures"]["dice"];
  EXPECT_NEAR(dice["mean"].get<double>(), (0.5 + 1 + 2.0 / 3 + 2.0 / 3 + 1 + 0) / 6, 1e-4);
  EXPECT_EQ(dice["patients"], 6);
  EXPECT_EQ(dice["cases"], 7);
  ASSERT_TRUE(dice["interval"].is_array());
  EXPECT_LT(dice["interval"][0].get<double>(), dice["mean"].get<double>());
  // Voxels in common 18 + 0 + 18 + 12 + 12 + 18 + 0 of 18 in each of 14 masks.
  EXPECT_NEAR(summary["overall"]["pooled_dice"].get<double>(), 2 * 78.0 / (14 * 18), 1e-4);
  // Five patients at a, one at b, which is listed without an interval.
  EXPECT_TRUE(summary["sites"]["a"]["measures"]["dice"]["interval"].is_array());
  const core::Json& small = summary["sites"]["b"]["measures"]["dice"];
  EXPECT_TRUE(small["interval"].is_null());
  EXPECT_EQ(small["by_patient"]["b/1"], 0.0);
  EXPECT_EQ(summary["sites"]["b"]["measures"]["hd95_mm"]["undefined_cases"], 0);
}

}  // namespace
}  // namespace dawson::evaluation
