#include "training/run.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "dawson/bundle/bundle.h"
#include "dawson/core/error.h"
#include "dawson/core/table.h"

namespace dawson::training {
namespace {

using testing::TemporaryFolder;

class TrainingRun : public ::testing::Test {
 protected:
  TrainingRun() { write_toy_cache(cache_, 3); }
  [[nodiscard]] fs::path run(const std::string& name) const { return folder_ / name; }

  /// What stops a run of these settings.
  [[nodiscard]] Error error_of(const TrainingSettings& settings, const fs::path& out,
                               bool resume = false) const {
    try {
      train_toy(cache_, settings, out, resume);
    } catch (const Error& e) {
      return e;
    }
    ADD_FAILURE() << "the run was done";
    return {ExitCode::done, ""};
  }

  TemporaryFolder folder_;
  fs::path cache_ = folder_ / "cache";
};

TEST_F(TrainingRun, LeavesSettingsHistoryOneCheckpointAndAModel) {
  const TrainingSettings settings = toy_settings();
  const TrainingResult result = train_toy(cache_, settings, run("toy") / "");
  EXPECT_EQ(result.iterations, 12);
  EXPECT_EQ(checkpoints(run("toy")), std::set<std::string>{"checkpoint-12"});

  const core::Json record = core::read_json(run("toy") / "settings.json");
  EXPECT_EQ(record.at("settings").at("batch"), 2);
  EXPECT_EQ(record.at("data").at("train_patients").size(), 3U);
  const core::Table history = core::Table::read(run("toy") / "history.tsv");
  ASSERT_EQ(history.rows().size(), 4U);
  EXPECT_EQ(history.rows()[1][history.column("iteration")], "6");
  EXPECT_EQ(history.rows()[3][history.column("validation_dice")], "n/a");

  const bundle::Bundle model = bundle::Bundle::open(run("toy") / "model");
  EXPECT_EQ(model.name, "toy");  // also where the folder is given with a slash at its end
  EXPECT_EQ(model.target, "lesion");
  EXPECT_EQ(model.recipe, cache::Cache::open(cache_).recipe());
  EXPECT_EQ(model.input.offsets_mm, settings.input.offsets_mm);
}

TEST_F(TrainingRun, IsDecidedByItsSeed) {
  TrainingSettings settings = toy_settings();
  train_toy(cache_, settings, run("a"));
  train_toy(cache_, settings, run("b"));
  settings.seed = 2;
  train_toy(cache_, settings, run("c"));
  ASSERT_FALSE(weights_of(run("a")).empty());
  EXPECT_TRUE(weights_of(run("a")) == weights_of(run("b")));
  EXPECT_FALSE(weights_of(run("a")) == weights_of(run("c")));
}

TEST_F(TrainingRun, LearnsToFindBrightDiscs) {
  TrainingSettings settings = toy_settings();
  settings.iterations = 120;
  settings.epoch_iterations = 20;
  settings.batch = 4;
  settings.learning_rate = 1e-2;
  train_toy(cache_, settings, run("toy"));
  const core::Table history = core::Table::read(run("toy") / "history.tsv");
  const std::size_t loss = history.column("loss");
  EXPECT_LT(std::stod(history.rows().back()[loss]), 0.6 * std::stod(history.rows().front()[loss]));
}

TEST_F(TrainingRun, StopsEarlyWhenValidationGetsNoBetter) {
  TrainingSettings settings = toy_settings();
  settings.iterations = 30;
  settings.validation_patients = 1;
  settings.patience_epochs = 2;
  settings.learning_rate = 1e-12;  // finds nothing at first and never learns
  const TrainingResult result = train_toy(cache_, settings, run("toy"));
  EXPECT_EQ(result.iterations, 9);
  EXPECT_EQ(result.best_iteration, 3);
}

TEST_F(TrainingRun, NeverTrainsOnValidationPatients) {
  TrainingSettings settings = toy_settings();
  settings.validation_patients = 1;
  train_toy(cache_, settings, run("a"));
  const core::Json data = core::read_json(run("a") / "settings.json").at("data");
  ASSERT_EQ(data.at("validation_patients").size(), 1U);
  ASSERT_EQ(data.at("train_patients").size(), 2U);
  const std::string held = data.at("validation_patients")[0];
  const std::string trained = data.at("train_patients")[0];
  EXPECT_EQ(std::count(data.at("train_patients").begin(), data.at("train_patients").end(), held),
            0);

  // Another head in the held patient's place changes no weight; in a trained patient's it does.
  const auto replace = [&](const std::string& patient) {
    cache::Writer writer(cache_, cache::Cache::open(cache_).recipe(), "lesion", false);
    write_toy_scan(writer, patient.substr(patient.find('/') + 1), 99);
  };
  const auto last_weights = [&](const std::string& name) {
    return testing::read(run(name) / "checkpoint-12" / "weights.safetensors");
  };
  replace(held);
  train_toy(cache_, settings, run("b"));
  EXPECT_TRUE(last_weights("a") == last_weights("b"));
  replace(trained);
  train_toy(cache_, settings, run("c"));
  EXPECT_FALSE(last_weights("a") == last_weights("c"));
}

TEST_F(TrainingRun, NeedsMorePatientsThanItHoldsBack) {
  TrainingSettings settings = toy_settings();
  settings.validation_patients = 3;
  EXPECT_EQ(error_of(settings, run("toy")).code(), ExitCode::input);
  EXPECT_FALSE(fs::exists(run("toy")));
}

TEST_F(TrainingRun, RefusesCachesThatCannotTrain) {
  TrainingSettings settings = toy_settings();
  settings.input.offsets_mm = {{0}};  // of the cache's two channels
  EXPECT_EQ(error_of(settings, run("toy")).code(), ExitCode::input);
  Progress progress;
  EXPECT_THROW(train({{cache_, {"toy/sub-9"}, 1.0}}, toy_settings(), run("toy"), false, progress),
               Error);
  cache::Writer writer(folder_ / "healthy", {}, "lesion", false);
  const cache::Entry entry = toy_entry("sub-1");
  cache::Arrays arrays = toy_arrays(entry, core::Random(1));
  arrays.target.assign(arrays.target.size(), 0);
  writer.add(entry, arrays);
  EXPECT_THROW(train_toy(folder_ / "healthy", toy_settings(), run("toy")), Error);
  EXPECT_FALSE(fs::exists(run("toy")));
}

TEST_F(TrainingRun, StopsWithASentenceWhenTheLossIsNoLongerFinite) {
  TrainingSettings settings = toy_settings();
  settings.learning_rate = 1e30;
  settings.weight_decay = 0;
  const Error error = error_of(settings, run("toy"));
  EXPECT_NE(std::string(error.what()).find("loss is no longer finite"), std::string::npos)
      << error.what();
  EXPECT_FALSE(fs::exists(run("toy") / "model"));
}

TEST_F(TrainingRun, DoesNotBeginWhereARunStands) {
  train_toy(cache_, toy_settings(), run("toy"));
  EXPECT_EQ(error_of(toy_settings(), run("toy")).code(), ExitCode::output);
}

TEST_F(TrainingRun, RefusesAPlaceThatCannotBeAFolder) {
  testing::write(folder_ / "file", "not a folder");
  EXPECT_EQ(error_of(toy_settings(), folder_ / "file" / "run").code(), ExitCode::output);
}

}  // namespace
}  // namespace dawson::training
