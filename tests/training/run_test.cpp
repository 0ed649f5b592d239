#include "training/run.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "dawson/bundle/bundle.h"
#include "dawson/cache/npy.h"
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
  for (const char* column :
       {"learning_rate", "loss", "overlap_loss", "bce_loss", "gradient_norm"}) {
    EXPECT_GT(std::stod(history.rows()[1][history.column(column)]), 0) << column;
  }
  EXPECT_FALSE(fs::exists(run("toy") / "validation"));  // nobody validates
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
  const auto replace = [&](const std::string& patient, std::uint64_t seed) {
    cache::Writer writer(cache_, cache::Cache::open(cache_).recipe(), "lesion", false);
    write_toy_scan(writer, patient.substr(patient.find('/') + 1), seed);
  };
  const auto last_weights = [&](const std::string& name) {
    return testing::read(run(name) / "checkpoint-12" / "weights.safetensors");
  };
  replace(held, 98);
  train_toy(cache_, settings, run("b"));
  EXPECT_TRUE(last_weights("a") == last_weights("b"));
  replace(trained, 99);
  train_toy(cache_, settings, run("c"));
  EXPECT_FALSE(last_weights("a") == last_weights("c"));
}

TEST_F(TrainingRun, WhatWasMadeOfAPatientWhoValidatesServesNeither) {
  const fs::path derived = run("derived");  // the same patients, other images
  {
    cache::Writer writer(derived, cache::Cache::open(cache_).recipe(), "lesion", false);
    for (const char* participant : {"sub-1", "sub-2", "sub-3"}) {
      write_toy_scan(writer, participant, 70 + participant[4]);
    }
  }
  TrainingSettings settings = toy_settings();
  settings.validation_patients = 1;
  const RunData data =
      load_run_data({{cache_, {}, 1.0}, {derived, {}, 0.5}}, settings, core::Random(1));
  ASSERT_EQ(data.validation.size(), 1U);
  EXPECT_EQ(data.validation[0].weight, 1.0);
  EXPECT_EQ(data.training.size(), 4U);
  for (const PooledScan& s : data.training) {
    EXPECT_NE(s.entry.participant, data.validation[0].entry.participant);
  }
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
  settings.rollbacks = 2;
  const Error error = error_of(settings, run("toy"));
  EXPECT_EQ(error.code(), ExitCode::resources);
  const std::string sentence = error.what();
  EXPECT_NE(sentence.find("loss is no longer finite"), std::string::npos) << sentence;
  EXPECT_NE(sentence.find("after 2 returns"), std::string::npos) << sentence;
  EXPECT_FALSE(fs::exists(run("toy") / "model"));
}

/// Settings whose rate is just too high for float32: an eighth of it would do.
TrainingSettings just_too_fast(const std::function<bool(const TrainingSettings&)>& survives) {
  TrainingSettings s = toy_settings();
  s.weight_decay = 0;
  s.rollbacks = 0;
  s.schedule = "constant";
  s.epoch_iterations = s.iterations;  // so that it is the beginning that a run goes back to
  s.learning_rate = 1e-3;
  while (survives(s)) s.learning_rate *= 8;
  s.rollbacks = 3;
  return s;
}

TEST_F(TrainingRun, BeginsAgainMoreSlowlyWhenTheLossIsNoLongerFinite) {
  int tried = 0;
  const TrainingSettings settings = just_too_fast([&](const TrainingSettings& s) {
    try {
      train_toy(cache_, s, run("try-" + std::to_string(tried++)));
      return true;
    } catch (const Error& e) {
      return e.code() != ExitCode::resources;
    }
  });
  nn::set_threads(1);
  Progress progress;
  const TrainingResult result = train({{cache_, {}, 1.0}}, settings, run("toy"), false, progress);
  ASSERT_GE(result.rollbacks, 1);
  EXPECT_EQ(result.iterations, 12);
  ASSERT_EQ(progress.warnings().size(), static_cast<std::size_t>(result.rollbacks));
  EXPECT_NE(progress.warnings()[0].find("no longer finite"), std::string::npos);
  EXPECT_NE(progress.warnings()[0].find("half the learning rate"), std::string::npos);

  const core::Table history = core::Table::read(run("toy") / "history.tsv");
  ASSERT_EQ(history.rows().size(), 1U);
  EXPECT_EQ(history.rows().back()[history.column("rollbacks")], std::to_string(result.rollbacks));
  EXPECT_NEAR(std::stod(history.rows().back()[history.column("learning_rate")]),
              settings.learning_rate * std::pow(0.5, result.rollbacks),
              1e-6 * settings.learning_rate);
  EXPECT_NO_THROW(bundle::Bundle::open(run("toy") / "model"));
  // The same again: going back is decided by the seed as all else is.
  train_toy(cache_, settings, run("again"));
  EXPECT_TRUE(weights_of(run("toy")) == weights_of(run("again")));
}

TEST_F(TrainingRun, CountsEpochsBySlicesWithATarget) {
  TrainingSettings settings = toy_settings();
  settings.batch = 5;
  settings.epochs = 2;
  // Three heads of four slices with a lesion each: ceil(12 / 5) = 3 steps an epoch.
  EXPECT_EQ(train_toy(cache_, settings, run("toy")).iterations, 6);
  const core::Json stored = core::read_json(run("toy") / "settings.json").at("settings");
  EXPECT_EQ(stored.at("epoch_iterations"), 3);
  EXPECT_EQ(stored.at("iterations"), 6);
  EXPECT_EQ(stored.at("epochs"), 2);
}

TEST_F(TrainingRun, LearnsWithEveryLoss) {
  for (const std::string& name : loss_names()) {
    TrainingSettings settings = toy_settings();
    settings.loss = name;
    settings.iterations = 60;
    settings.epoch_iterations = 20;
    settings.batch = 4;
    settings.learning_rate = 1e-2;
    train_toy(cache_, settings, run(name));
    const core::Table history = core::Table::read(run(name) / "history.tsv");
    const std::size_t loss = history.column("overlap_loss");
    EXPECT_LT(std::stod(history.rows().back()[loss]), 0.8 * std::stod(history.rows().front()[loss]))
        << name;
  }
}

TEST_F(TrainingRun, MeasuresAndShowsItsValidationPatients) {
  TrainingSettings settings = toy_settings();
  settings.validation_patients = 1;
  settings.validation_slices = 2;
  settings.stop_on = "lesion_f1";
  const TrainingResult result = train_toy(cache_, settings, run("toy"));
  const core::Table history = core::Table::read(run("toy") / "history.tsv");
  double best = -1;
  int at = 0;
  for (const auto& row : history.rows()) {
    for (const char* column : {"validation_dice", "validation_lesion_sensitivity"}) {
      const double value = std::stod(row[history.column(column)]);
      EXPECT_TRUE(value >= 0 && value <= 1) << column;
    }
    EXPECT_GT(std::stod(row[history.column("validation_loss")]), 0);
    const double f1 = std::stod(row[history.column("validation_lesion_f1")]);
    if (f1 <= best) continue;
    best = f1;
    at = std::stoi(row[history.column("iteration")]);
  }
  EXPECT_EQ(result.best_iteration, at);
  EXPECT_NEAR(result.best, best, 1e-4);

  const core::Json about = core::read_json(run("toy") / "validation" / "slices.json");
  EXPECT_EQ(about.at("iteration"), at);
  ASSERT_EQ(about.at("slices").size(), 2U);
  EXPECT_EQ(cache::read_npy(run("toy") / "validation" / "slices.npy", {2, 3, 36, 40}).size(),
            2U * 3 * 36 * 40);
}

TEST_F(TrainingRun, LowersItsRateOnAPlateau) {
  TrainingSettings settings = toy_settings();
  settings.schedule = "plateau";
  settings.stop_on = "loss";
  settings.plateau_epochs = 1;
  settings.plateau_factor = 0.5;
  settings.learning_rate = 1e-5;  // the loss goes up and down with the draws alone
  settings.iterations = 30;
  train_toy(cache_, settings, run("toy"));
  const core::Table history = core::Table::read(run("toy") / "history.tsv");
  double best = std::numeric_limits<double>::infinity();
  double share = 1;
  // A row's rate is that of its own epoch; what it shows lowers the next one's.
  for (const auto& row : history.rows()) {
    EXPECT_EQ(row[history.column("learning_rate")], core::number(1e-5 * share, 7));
    const double loss = std::stod(row[history.column("loss")]);
    if (loss < best) {
      best = loss;
    } else {
      share = std::max(0.5 * share, 0.01);
    }
  }
  EXPECT_LT(share, 1);
}

TEST_F(TrainingRun, RefusesOneImageUnderTwoPatientsThatTrainAndValidate) {
  TrainingSettings settings = toy_settings();
  settings.validation_patients = 1;
  cache::Writer writer(folder_ / "copies", cache::Cache::open(cache_).recipe(), "lesion", false);
  for (const char* name : {"sub-1", "sub-2"}) write_toy_scan(writer, name, 5);
  try {
    train_toy(folder_ / "copies", settings, run("toy"));
    ADD_FAILURE() << "a leak was accepted";
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ExitCode::input);
    const std::string sentence = e.what();
    EXPECT_NE(sentence.find("toy/sub-1"), std::string::npos) << sentence;
    EXPECT_NE(sentence.find("toy/sub-2"), std::string::npos) << sentence;
  }
  EXPECT_FALSE(fs::exists(run("toy")));
}

TEST_F(TrainingRun, RefusesAPatchThatItsNetworkCannotTake) {
  TrainingSettings settings = toy_settings();
  settings.network.levels = 5;  // stride 32
  settings.patch = 48;
  EXPECT_EQ(error_of(settings, run("toy")).where(), "--patch");
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
