#include "dawson/workflow/evaluate.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "dawson/core/error.h"
#include "dawson/core/table.h"
#include "dawson/volume/nifti.h"
#include "support/made_tree.h"
#include "support/temporary_folder.h"

namespace dawson::workflow {
namespace {

namespace fs = std::filesystem;

/// A made cohort of ten patients at two sites: a block as the brain, a lesion in it, of which the
/// prediction finds more in women than in men.
class Evaluate : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string people = "participant_id\tage\tsex\tscanner\n";
    for (int n = 0; n < 10; ++n) {
      const std::string sub = "sub-" + std::to_string(n);
      const bool woman = n % 2 == 0;
      add_case("site", sub, woman ? 5 : 3, "out");
      people += sub + "\t" + std::to_string(25 + 5 * n) + "\t" + (woman ? "F" : "M") + "\tA\n";
    }
    testing::write(file("data/site/participants.tsv"), people);
  }

  /// Scan, reference of 6 × 3 × 2 voxels, brain, and a prediction of the first `found` columns.
  void add_case(const std::string& site, const std::string& sub, int found,
                const std::string& out) const {
    made::Head head;
    volume::Grid grid;
    grid.size = {24, 24, 8};
    grid.spacing = {1, 1, 3};
    head.lesions = block(grid, 6);
    head.brain = volume::Mask(grid, 1);
    head.scan = volume::Image(grid);
    for (std::size_t v = 0; v < head.scan.data.size(); ++v) {
      head.scan.data[v] = 100.0F + 50.0F * head.lesions.data[v] + static_cast<float>(v % 7);
    }
    made::add_to_tree(file("data/" + site), sub, head);
    predict(site, sub, found, out);
  }

  void predict(const std::string& site, const std::string& sub, int found,
               const std::string& out) const {
    const fs::path folder = file(out + "/" + site + "/" + sub + "/anat");
    fs::create_directories(folder);
    volume::Grid grid;
    grid.size = {24, 24, 8};
    grid.spacing = {1, 1, 3};
    const volume::Mask mask = block(grid, found);
    volume::Image p(grid, 0.01F);
    for (std::size_t v = 0; v < p.data.size(); ++v) p.data[v] += 0.8F * mask.data[v];
    volume::write_nifti(folder / (sub + "_label-lesion_mask.nii.gz"), mask);
    volume::write_nifti(folder / (sub + "_label-lesion_probseg.nii.gz"), p);
  }

  static volume::Mask block(const volume::Grid& grid, int columns) {
    volume::Mask mask(grid);
    for (int k = 3; k < 5; ++k) {
      for (int j = 10; j < 13; ++j) {
        for (int i = 8; i < 8 + columns; ++i) mask.at(i, j, k) = 1;
      }
    }
    return mask;
  }

  [[nodiscard]] EvaluationSettings settings() const {
    EvaluationSettings s;
    s.references = {file("data")};
    s.prediction = file("out");
    s.about = {{"command", "evaluate"}};
    return s;
  }
  [[nodiscard]] EvaluationOutcome run(const EvaluationSettings& s) {
    fs::create_directories(file("figures"));
    return evaluate(s, file("figures"), progress_);
  }
  [[nodiscard]] bool warned(const std::string& words) const {
    const auto& all = progress_.warnings();
    return std::any_of(all.begin(), all.end(),
                       [&](const std::string& w) { return w.find(words) != std::string::npos; });
  }
  [[nodiscard]] std::string refusal(const EvaluationSettings& s) {
    try {
      static_cast<void>(run(s));
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::input);
      return error.what();
    }
    return "nothing was thrown";
  }
  [[nodiscard]] fs::path file(const std::string& name) const { return folder_ / name; }
  Progress progress_;

 private:
  testing::TemporaryFolder folder_;
};

TEST_F(Evaluate, WritesTablesSummaryPageAndPlots) {
  const EvaluationOutcome outcome = run(settings());
  EXPECT_EQ(outcome.cohort.cases.size(), 10U);
  for (const char* name : {"cases.tsv", "cases.json", "lesions.tsv", "lesions.json", "summary.json",
                           "index.html", "plots/roc.png", "plots/roc.svg"}) {
    EXPECT_TRUE(fs::exists(file("figures") / name)) << name;
  }
  EXPECT_FALSE(fs::exists(file("figures/fairness.tsv")));    // was not asked for
  EXPECT_FALSE(fs::exists(file("figures/comparison.tsv")));  // nor this
  const core::Table lesions = core::Table::read(file("figures/lesions.tsv"));
  EXPECT_EQ(lesions.rows().size(), 20U);
  // All that is written can be claimed beforehand.
  const auto names = evaluation_names();
  for (const auto& entry : fs::directory_iterator(file("figures"))) {
    EXPECT_EQ(std::count(names.begin(), names.end(), entry.path().filename().string()), 1)
        << entry.path();
  }
}

TEST_F(Evaluate, ComparesGroupsOfPatients) {
  EvaluationSettings s = settings();
  s.by = {"age", "sex", "site"};
  const EvaluationOutcome outcome = run(s);
  const core::Json& groups = outcome.summary["groups"];
  EXPECT_EQ(groups["age"]["< 30"]["patients"], 1);
  EXPECT_EQ(groups["age"]["30–39"]["patients"], 2);
  EXPECT_EQ(groups["age"]["≥ 60"]["patients"], 3);
  EXPECT_EQ(groups["site"]["site"]["patients"], 10);  // no such column: the folder
  const core::Table table = core::Table::read(file("figures/fairness.tsv"));
  bool seen = false;
  for (const auto& row : table.rows()) {
    const auto cell = [&](const std::string& name) { return row[table.column(name)]; };
    if (cell("column") == "age") {
      EXPECT_EQ(cell("verdict"), "too small to judge");
    }
    if (cell("group") != "M" || cell("measure") != "dice") continue;
    seen = true;
    // Men: 2·3 / (6 + 3) = 0.667 each; women 2·5 / 11 = 0.909.
    EXPECT_EQ(cell("difference"), "-0.24242");
    EXPECT_EQ(cell("patients"), "5");
    EXPECT_NE(cell("verdict"), "too small to judge");
  }
  EXPECT_TRUE(seen);
  const core::Table cases = core::Table::read(file("figures/cases.tsv"));
  EXPECT_EQ(cases.rows()[0][cases.column("group_sex")], "F");
}

TEST_F(Evaluate, NamesPatientsWithMissingOrOddValues) {
  testing::write(file("data/site/participants.tsv"),
                 "participant_id\tage\nsub-0\tn/a\nsub-1\t-4\nsub-2\n"
                 "sub-3\t31\nsub-4\t32\nsub-5\t33\nsub-6\t34\nsub-7\t35\nsub-8\t36\n");
  EvaluationSettings s = settings();
  s.by = {"age"};
  const EvaluationOutcome outcome = run(s);
  EXPECT_EQ(outcome.summary["groups"]["age"]["n/a"]["patients"], 4);  // sub-9 has no row at all
  EXPECT_TRUE(warned("age is not known of 4 patients: site/sub-0, site/sub-1 (age is \"-4\")"));
  EXPECT_TRUE(warned("line 4, was left out"));
}

TEST_F(Evaluate, RefusesColumnsThatNoTableHas) {
  EvaluationSettings s = settings();
  s.by = {"edss"};
  EXPECT_EQ(refusal(s),
            "--by: no participants.tsv has a column 'edss'; there are age, scanner, sex");
  fs::remove(file("data/site/participants.tsv"));
  EXPECT_NE(refusal(s).find("--participants"), std::string::npos);
}

TEST_F(Evaluate, TakesAnotherTableOfPatients) {
  testing::write(file("people.tsv"), "participant_id\tsex\nsite/sub-0\tM\n");
  EvaluationSettings s = settings();
  s.participants = file("people.tsv");
  s.by = {"sex"};
  EXPECT_EQ(run(s).summary["groups"]["sex"]["n/a"]["patients"], 9);
}

TEST_F(Evaluate, ComparesTwoModelsOverTheSameBrains) {
  for (int n = 0; n < 9; ++n) predict("site", "sub-" + std::to_string(n), 2, "other");
  // The second model's own brain mask would hide everything.
  for (int n = 0; n < 10; ++n) {
    const std::string sub = "sub-" + std::to_string(n);
    fs::remove(made::mask_of(file("data/site"), sub, "brain"));
    const volume::Grid grid = volume::read_nifti(made::flair_of(file("data/site"), sub)).image.grid;
    const auto name = "/site/" + sub + "/anat/" + sub + "_label-brain_mask.nii.gz";
    volume::write_nifti(file("out" + name), volume::Mask(grid, 1));
    if (n < 9) volume::write_nifti(file("other" + name), volume::Mask(grid, 0));
  }
  EvaluationSettings s = settings();
  s.against = file("other");
  const EvaluationOutcome outcome = run(s);
  ASSERT_TRUE(outcome.cohort.comparison);
  EXPECT_EQ(outcome.cohort.comparison->only_first, std::vector<std::string>{"site/sub-9"});
  EXPECT_TRUE(warned("site/sub-9 is not compared, --against lacks it"));
  EXPECT_EQ(outcome.cohort.cases.size(), 10U);
  EXPECT_TRUE(outcome.cohort.failed.empty());
  const core::Table table = core::Table::read(file("figures/comparison.tsv"));
  for (const auto& row : table.rows()) {
    const auto cell = [&](const std::string& name) { return row[table.column(name)]; };
    if (cell("scope") != "all" || cell("measure") != "sensitivity") continue;
    EXPECT_EQ(cell("patients"), "9");
    EXPECT_EQ(cell("against_mean"), "0.33333");  // 2 of 6 columns, within the first one's brain
  }
}

TEST_F(Evaluate, RefusesPathsThatAreNotThereBeforeItMeasures) {
  EvaluationSettings s = settings();
  s.against = file("nowhere");
  EXPECT_NE(refusal(s).find("--against: "), std::string::npos);
  s = settings();
  s.scan = file("nowhere");
  EXPECT_NE(refusal(s).find("nowhere"), std::string::npos);
  s = settings();
  s.by = {"age"};
  s.participants = file("nowhere.tsv");
  EXPECT_NE(refusal(s).find("nowhere.tsv"), std::string::npos);
  EXPECT_TRUE(progress_.steps().empty());
  EXPECT_TRUE(fs::is_empty(file("figures")));
}

TEST_F(Evaluate, DrawsPredictionBesideTruthWhereTheScanIs) {
  fs::remove(made::flair_of(file("data/site"), "sub-3"));
  volume::Grid other;
  other.size = {5, 5, 5};
  volume::write_nifti(made::flair_of(file("data/site"), "sub-4"), volume::Image(other));
  EvaluationSettings s = settings();
  s.scan = file("data");
  const EvaluationOutcome outcome = run(s);
  EXPECT_TRUE(outcome.cohort.failed.empty());  // pictures are no part of the measures
  EXPECT_TRUE(fs::exists(file("figures/pictures/site_sub-0_comparison.png")));
  EXPECT_FALSE(fs::exists(file("figures/pictures/site_sub-3_comparison.png")));
  EXPECT_TRUE(warned("site/sub-3 has no picture: its scan was not found"));
  EXPECT_FALSE(fs::exists(file("figures/pictures/site_sub-4_comparison.png")));
  EXPECT_TRUE(warned("site/sub-4 has no picture"));
}

TEST_F(Evaluate, ReportsTheRestWhenACaseFails) {
  testing::write(file("out/site/sub-2/anat/sub-2_label-lesion_mask.nii.gz"), "no image");
  fs::remove(file("out/site/sub-5/anat/sub-5_label-lesion_mask.nii.gz"));
  EvaluationSettings s = settings();
  s.by = {"sex"};
  const EvaluationOutcome outcome = run(s);
  EXPECT_EQ(outcome.cohort.cases.size(), 8U);
  EXPECT_EQ(outcome.cohort.failed.size(), 2U);
  EXPECT_TRUE(warned("site/sub-2 was not measured"));
  EXPECT_TRUE(warned("site/sub-5 was not measured: no prediction was found"));
}

TEST_F(Evaluate, PairsSeveralReferencesWithOneFolderOfPredictions) {
  add_case("second", "sub-0", 4, "out");
  EvaluationSettings s = settings();
  s.references = {file("data/site"), file("data/second")};
  const EvaluationOutcome outcome = run(s);
  EXPECT_EQ(outcome.cohort.cases.size(), 11U);
  EXPECT_TRUE(outcome.cohort.failed.empty());
  EXPECT_TRUE(outcome.cohort.predictions_without_reference.empty());
}

TEST_F(Evaluate, KnowsScansWithoutLesions) {
  for (int n = 0; n < 5; ++n) {
    const std::string sub = "sub-" + std::to_string(n);
    const fs::path mask = made::mask_of(file("data/site"), sub, "lesion");
    volume::write_nifti(mask, volume::Mask(volume::read_nifti_mask(mask).grid));
    if (n < 3) predict("site", sub, 0, "out");
  }
  const core::Json level = run(settings()).summary["scan_level"];
  EXPECT_EQ(level["without_lesions"], 5);
  EXPECT_NEAR(level["specificity"]["mean"].get<double>(), 0.6, 1e-9);
  EXPECT_NEAR(level["sensitivity"]["mean"].get<double>(), 1.0, 1e-9);
  // Scores: three of 0 below five of 0.81, two ties of 0.81: (15 + 5) / 25.
  EXPECT_NEAR(level["roc_auc"]["mean"].get<double>(), 0.8, 1e-9);
  EXPECT_TRUE(level["roc_auc"]["interval"].is_array());
}

}  // namespace
}  // namespace dawson::workflow
