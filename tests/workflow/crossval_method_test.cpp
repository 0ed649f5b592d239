#include <gtest/gtest.h>

#include "dawson/cache/cache.h"
#include "dawson/core/error.h"
#include "dawson/segmentation/traditional.h"
#include "dawson/workflow/crossval.h"
#include "support/made_bundles.h"
#include "support/made_tree.h"
#include "support/temporary_folder.h"

namespace dawson::workflow {
namespace {

namespace fs = std::filesystem;

/// Three stripped heads, a fold each: a stripped head's brain needs no trained network.
class CrossvalMethod : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const char* sub : {"sub-01", "sub-02", "sub-03"}) {
      made::add_to_tree(folder_ / "data/site", sub, made::stripped_head(made::coarse_grid()));
    }
    testing::write(folder_ / "folds.tsv",
                   "source\tparticipant_id\tfold\nsite\tsub-01\t0\nsite\tsub-02\t1\n"
                   "site\tsub-03\t2\n");
  }
  [[nodiscard]] CrossvalSettings settings(const std::string& method) const {
    CrossvalSettings s;
    s.method = method;
    s.data = {folder_ / "data"};
    s.folds = dataset::read_folds(folder_ / "folds.tsv");
    s.atlas = made::atlas_folder();
    s.recipe = {.in_plane_mm = 4, .slice_mm = 4, .remove_bias = false};
    s.brain = training::default_settings("brain");
    s.brain.network.width = 4;
    s.brain.network.levels = 2;
    s.brain.iterations = s.brain.epoch_iterations = 3;
    s.brain.batch = 2;
    s.brain.patch = 32;
    s.brain.warmup_iterations = 1;
    s.brain.compute = "float32";
    s.lesion = s.brain;
    s.record = {{"command", "crossval"}};
    s.command_line = "dawson crossval --method " + method;
    return s;
  }
  ExitCode refusal(const CrossvalSettings& s, int fold, const fs::path& out) {
    try {
      run_fold(s, fold, out, progress_);
    } catch (const Error& e) {
      return e.code();
    }
    return ExitCode::done;
  }
  [[nodiscard]] fs::path file(const std::string& name) const { return folder_ / name; }
  Progress progress_;

 private:
  testing::TemporaryFolder folder_;
};

TEST_F(CrossvalMethod, GoesFromTheTreeToResultsAndTheFileToShip) {
  const CrossvalSettings s = settings("logistic");
  const fs::path out = file("cv");
  for (const int fold : {0, 1, 2, -1}) run_fold(s, fold, out, progress_);
  gather(s, out, progress_);
  const auto fold0 = segmentation::MethodFile::open(out / "fold-0/logistic");
  EXPECT_EQ(fold0.provenance.at("train_patients"), (core::Json{"site/sub-02", "site/sub-03"}));
  EXPECT_TRUE(fs::exists(out / "evaluation/cases.tsv"));
  EXPECT_NE(testing::read(out / "results.md").find("3 patients, 3 scans"), std::string::npos);
  const auto shipped = segmentation::MethodFile::open(out / "models/traditional/logistic");
  EXPECT_EQ(shipped.provenance.at("train_patients").size(), 3U);
  const core::Json decisions = core::Json::parse(testing::read(out / "decision.json"));
  EXPECT_DOUBLE_EQ(shipped.rule.threshold, decisions["all"]["threshold"].get<double>());
  EXPECT_DOUBLE_EQ(shipped.temperature, decisions["all"]["temperature"].get<double>());
}

TEST_F(CrossvalMethod, OpensNothingOfTheHeldOutPatientBeforeItPredicts) {
  testing::write(made::flair_of(file("data/site"), "sub-01"), "no image");
  testing::write(made::mask_of(file("data/site"), "sub-01", "lesion"), "no image");
  EXPECT_EQ(refusal(settings("threshold"), 0, file("cv")), ExitCode::input);
  EXPECT_TRUE(fs::exists(file("cv/fold-0/threshold/method.json")));
}

TEST_F(CrossvalMethod, TakesBrainsAndCachesOfACrossvalidationOfTheSameSplitAlone) {
  run_fold(settings("threshold"), 0, file("first"), progress_);
  CrossvalSettings s = settings("mixture");
  s.from = file("first");
  EXPECT_EQ(refusal(s, 0, file("second")), ExitCode::done);
  EXPECT_FALSE(fs::exists(file("second/fold-0/brain")));
  EXPECT_TRUE(fs::exists(file("second/fold-0/mixture/method.json")));
  std::swap(s.folds.rows[0].fold, s.folds.rows[1].fold);  // the cache has whom this holds out
  EXPECT_EQ(refusal(s, 0, file("third")), ExitCode::usage);
}

TEST_F(CrossvalMethod, RefusesTheFolderOfAnotherMethod) {
  EXPECT_EQ(refusal(settings("threshold"), 0, file("cv")), ExitCode::done);
  EXPECT_EQ(refusal(settings("mixture"), 0, file("cv")), ExitCode::usage);
}

}  // namespace
}  // namespace dawson::workflow
