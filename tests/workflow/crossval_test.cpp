#include "dawson/workflow/crossval.h"

#include <gtest/gtest.h>

#include "dawson/cache/cache.h"
#include "dawson/core/error.h"
#include "dawson/model/model.h"
#include "dawson/nn/graph.h"
#include "support/made_bundles.h"
#include "support/made_tree.h"
#include "support/temporary_folder.h"

namespace dawson::workflow {
namespace {

namespace fs = std::filesystem;

/// Two stripped heads, a fold each, and networks so small that they learn nothing: what is tested
/// is the way, from the tree to the models that would ship.
class Crossval : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const char* sub : {"sub-01", "sub-02"}) {
      made::add_to_tree(folder_ / "data/site", sub, made::stripped_head(made::coarse_grid()));
    }
    testing::write(folder_ / "folds.tsv",
                   "source\tparticipant_id\tfold\nsite\tsub-01\t0\nsite\tsub-02\t1\n");
  }
  [[nodiscard]] CrossvalSettings settings() const {
    CrossvalSettings s;
    s.data = {folder_ / "data"};
    s.folds = dataset::read_folds(folder_ / "folds.tsv");
    s.atlas = made::atlas_folder();
    s.recipe = {.in_plane_mm = 4, .slice_mm = 4, .remove_bias = false};
    s.brain = tiny("brain");
    s.lesion = tiny("lesion");
    s.record = {{"command", "crossval"}};
    s.command_line = "dawson crossval -i data";
    return s;
  }
  static training::TrainingSettings tiny(const char* target) {
    training::TrainingSettings s = training::default_settings(target);
    s.network.width = 4;
    s.network.levels = 2;
    s.iterations = 3;
    s.epoch_iterations = 3;
    s.batch = 2;
    s.patch = 32;
    s.warmup_iterations = 1;
    s.compute = "float32";
    return s;
  }
  [[nodiscard]] fs::path file(const std::string& name) const { return folder_ / name; }
  Progress progress_;

 private:
  testing::TemporaryFolder folder_;
};

TEST_F(Crossval, GoesFromTheTreeToResultsAndModels) {
  const CrossvalSettings s = settings();
  const fs::path out = file("cv");
  EXPECT_THROW(gather(s, out, progress_), Error);  // nothing is predicted yet
  for (const int fold : {0, 1, -1}) run_fold(s, fold, out, progress_);
  gather(s, out, progress_);

  // Fold 0 holds out sub-01: its caches know sub-02 alone.
  for (const char* cache : {"fold-0/heads", "fold-0/cache"}) {
    const cache::Cache made = cache::Cache::open(out / cache);
    ASSERT_EQ(made.entries().size(), 1U) << cache;
    EXPECT_EQ(made.entries()[0].participant, "sub-02") << cache;
  }
  EXPECT_EQ(cache::Cache::open(out / "final/cache").entries().size(), 2U);
  for (const char* sub : {"sub-01", "sub-02"}) {
    for (const char* suffix : {"_label-lesion_probseg.nii.gz", "_label-lesion_mask.nii.gz",
                               "_label-brain_mask.nii.gz"}) {
      EXPECT_TRUE(fs::exists(out / "predictions/site" / sub / "anat" / (sub + std::string(suffix))))
          << sub << suffix;
    }
  }
  const core::Json decisions = core::Json::parse(testing::read(out / "decision.json"));
  for (const char* name : {"all", "fold-0", "fold-1"}) {
    EXPECT_TRUE(decisions.contains(name)) << name;
  }
  EXPECT_TRUE(fs::exists(out / "evaluation/cases.tsv"));
  EXPECT_NE(testing::read(out / "results.md").find("2 patients, 2 scans"), std::string::npos);

  const model::Model shipped =
      model::open(out / "models/lesion", out / "models/brain", made::atlas_folder());
  EXPECT_EQ(shipped.bundle.name, "lesion");
  EXPECT_DOUBLE_EQ(shipped.bundle.threshold, decisions["all"]["threshold"].get<double>());
  EXPECT_DOUBLE_EQ(shipped.bundle.temperature, decisions["all"]["temperature"].get<double>());
  for (const char* words : {"2 patients", "2 patient-level folds", "from scratch"}) {
    EXPECT_NE(shipped.bundle.card.find(words), std::string::npos) << shipped.bundle.card;
  }
  EXPECT_EQ(shipped.bundle.provenance.at("folds"), 2);
  EXPECT_TRUE(shipped.bundle.provenance.at("derived").empty());
}

TEST_F(Crossval, KeepsWhatAnEarlierCallFinished) {
  const CrossvalSettings s = settings();
  const fs::path out = file("cv");
  run_fold(s, 0, out, progress_);
  const fs::path model = out / "fold-0/lesion/model/model.json";
  const fs::path prediction =
      out / "predictions/site/sub-01/anat/sub-01_label-lesion_probseg.nii.gz";
  const auto trained = fs::last_write_time(model);
  const auto predicted = fs::last_write_time(prediction);
  run_fold(s, 0, out, progress_);
  EXPECT_EQ(fs::last_write_time(model), trained);
  EXPECT_EQ(fs::last_write_time(prediction), predicted);
}

TEST_F(Crossval, AveragesTheNetworksOfOthersFoldByFold) {
  CrossvalSettings s = settings();
  s.prepare_only = true;
  for (const int fold : {0, 1, -1}) run_fold(s, fold, file("cv"), progress_);
  s.prepare_only = false;
  s.from = file("cv");
  s.lesion.seed = 1;
  for (const int fold : {0, 1, -1}) run_fold(s, fold, file("a"), progress_);
  s.lesion.seed = 2;
  s.lesion.network.architecture = "residual_unet";
  for (const int fold : {0, 1, -1}) run_fold(s, fold, file("b"), progress_);

  s.members = {file("a"), file("b")};
  for (const int fold : {0, 1, -1}) run_fold(s, fold, file("mean"), progress_);
  gather(s, file("mean"), progress_);
  const auto parameters = [](const fs::path& model) {
    return bundle::Bundle::open(model).graph->cost(1, 32, 32).parameters;
  };
  for (const char* fold : {"fold-0", "fold-1", "final"}) {
    const fs::path model = fs::path(fold) / "lesion/model";
    EXPECT_EQ(parameters(file("mean") / model),
              parameters(file("a") / model) + parameters(file("b") / model));
  }
  const model::Model shipped =
      model::open(file("mean/models/lesion"), file("mean/models/brain"), made::atlas_folder());
  for (const char* words : {"The mean of 2 networks' logits", "- attention_fcn on light. Trained",
                            "- residual_unet on light. Trained for 3 iterations", "2 patients"}) {
    EXPECT_NE(shipped.bundle.card.find(words), std::string::npos) << shipped.bundle.card;
  }

  // A folder keeps to the members it was made of.
  s.members = {file("b")};
  EXPECT_THROW(run_fold(s, 0, file("mean"), progress_), Error);
  s.members = {file("a"), file("b")};
  run_fold(s, 0, file("mean"), progress_);

  // A member that saw the patients that this split holds out is refused.
  testing::write(file("b/folds.tsv"),
                 "source\tparticipant_id\tfold\nsite\tsub-01\t1\nsite\tsub-02\t0\n");
  EXPECT_THROW(run_fold(s, 0, file("again"), progress_), Error);
}

TEST_F(Crossval, OpensNothingOfTheHeldOutPatientBeforeItPredicts) {
  // Its scan and mask are no images: only the prediction can notice.
  testing::write(made::flair_of(file("data/site"), "sub-01"), "no image");
  testing::write(made::mask_of(file("data/site"), "sub-01", "lesion"), "no image");
  EXPECT_THROW(run_fold(settings(), 0, file("cv"), progress_), Error);
  EXPECT_TRUE(fs::exists(file("cv/fold-0/lesion/model/model.json")));
}

std::vector<std::string> patients_in(const fs::path& folder) {
  const cache::Cache cache = cache::Cache::open(folder);
  std::vector<std::string> patients;
  for (const cache::Entry& e : cache.entries()) patients.push_back(e.patient());
  return patients;
}

TEST_F(Crossval, HoldsOutWhatWasMadeOfAHeldOutPatient) {
  // Two ways of making anew give two trees of the source's name; phantoms are nobody's.
  for (const char* sub : {"sub-01", "sub-02"}) {
    made::add_to_tree(file("free/site"), sub, made::stripped_head(made::coarse_grid(), {}));
  }
  made::add_to_tree(file("painted/site"), "sub-01_rec-painted1",
                    made::stripped_head(made::coarse_grid()));
  for (const char* root : {"painted/site", "painted/site/derivatives/manual_masks"}) {
    fs::rename(file(root) / "sub-01_rec-painted1", file(root) / "sub-01");
  }
  made::add_to_tree(file("phantoms"), "sub-01", made::stripped_head(made::coarse_grid()));
  CrossvalSettings s = settings();
  s.extra = {file("free"), file("painted"), file("phantoms")};
  using Names = std::vector<std::string>;
  for (const int fold : {0, 1}) run_fold(s, fold, file("cv"), progress_);
  EXPECT_EQ(patients_in(file("cv/fold-0/derived")), Names{"site/sub-02"});
  EXPECT_EQ(patients_in(file("cv/fold-1/derived")), (Names{"site/sub-01", "site/sub-01"}));
  EXPECT_EQ(patients_in(file("cv/extra")), Names{"phantoms/sub-01"});
  EXPECT_EQ(patients_in(file("cv/extra-heads")), Names{"phantoms/sub-01"});
}

TEST_F(Crossval, RefusesExtraScansOfTheSameName) {
  for (const char* tree : {"one/phantoms", "other/phantoms"}) {
    made::add_to_tree(file(tree), "sub-01", made::stripped_head(made::coarse_grid()));
  }
  CrossvalSettings s = settings();
  s.extra = {file("one"), file("other")};
  EXPECT_THROW(run_fold(s, 0, file("cv"), progress_), Error);
}

TEST_F(Crossval, RefusesFoldsThatAreNotThereAndPatientsWithoutOne) {
  const auto refusal = [&](const CrossvalSettings& s, int fold) {
    try {
      run_fold(s, fold, file("cv"), progress_);
    } catch (const Error& e) {
      return e.code();
    }
    return ExitCode::done;
  };
  EXPECT_EQ(refusal(settings(), 2), ExitCode::usage);
  CrossvalSettings other = settings();
  other.folds.rows.pop_back();
  EXPECT_EQ(refusal(other, 0), ExitCode::input);  // a patient whom the split does not know
  EXPECT_EQ(refusal(settings(), 0), ExitCode::done);
  other = settings();
  std::swap(other.folds.rows[0].fold, other.folds.rows[1].fold);
  EXPECT_EQ(refusal(other, 0), ExitCode::usage);  // its models saw whom this split holds out
}

}  // namespace
}  // namespace dawson::workflow
