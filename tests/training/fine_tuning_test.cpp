#include <gtest/gtest.h>

#include <algorithm>

#include "dawson/bundle/bundle.h"
#include "dawson/core/error.h"
#include "dawson/core/table.h"
#include "dawson/training/initial_model.h"
#include "dawson/training/presets.h"
#include "training/run.h"

namespace dawson::training {
namespace {

using testing::TemporaryFolder;

/// A model of three patients, and a cache of three others.
class FineTuning : public ::testing::Test {
 protected:
  FineTuning() {
    write_toy_cache(folder_ / "first", 3);
    TrainingSettings first = toy_settings();
    first.iterations = 60;
    first.epoch_iterations = 30;
    first.batch = 4;
    first.learning_rate = 1e-2;
    train_toy(folder_ / "first", first, folder_ / "base");
    bundle::Bundle base = bundle::Bundle::open(base_);
    base.threshold = 0.375;
    base.min_volume_mm3 = 7;
    base.save(base_, true, true);
    cache::Writer writer(cache_, base.recipe, "lesion", false);
    for (int p = 11; p <= 13; ++p) {
      write_toy_scan(writer, "sub-" + std::to_string(p), static_cast<std::uint64_t>(p));
    }
    settings_.init = base_.string();
    settings_.learning_rate = 1e-4;
    settings_.network.width = 16;  // passed over: the network is the model's
    settings_.input.offsets_mm = {{0}};
  }

  [[nodiscard]] Error error_of(const fs::path& cache) const {
    try {
      train_toy(cache, settings_, folder_ / "refused");
    } catch (const Error& e) {
      EXPECT_FALSE(fs::exists(folder_ / "refused"));
      return e;
    }
    ADD_FAILURE() << "the run was done";
    return {ExitCode::done, ""};
  }

  TemporaryFolder folder_;
  fs::path base_ = folder_ / "base" / "model";
  fs::path cache_ = folder_ / "cache";
  TrainingSettings settings_ = toy_settings();
};

TEST_F(FineTuning, BeginsWhereTheModelStands) {
  settings_.learning_rate = 1e-12;  // as good as standing still: what it begins with
  train_toy(cache_, settings_, folder_ / "tuned");
  const auto loss_of = [&](const char* run, bool last) {
    const core::Table history = core::Table::read(folder_ / run / "history.tsv");
    const auto& row = last ? history.rows().back() : history.rows().front();
    return std::stod(row[history.column("loss")]);
  };
  EXPECT_LT(loss_of("tuned", false), 0.5 * loss_of("base", false));
  EXPECT_NEAR(loss_of("tuned", false), loss_of("base", true), 0.5 * loss_of("base", true));
}

TEST_F(FineTuning, HandsOnRuleInputAndLineage) {
  const bundle::Bundle base = bundle::Bundle::open(base_);
  train_toy(cache_, settings_, folder_ / "tuned");
  const bundle::Bundle tuned = bundle::Bundle::open(folder_ / "tuned" / "model");
  EXPECT_DOUBLE_EQ(tuned.threshold, 0.375);
  EXPECT_DOUBLE_EQ(tuned.min_volume_mm3, 7);
  EXPECT_EQ(tuned.input.offsets_mm, base.input.offsets_mm);
  EXPECT_EQ(tuned.graph->describe(), base.graph->describe());
  EXPECT_NE(tuned.weights_sha256, base.weights_sha256);

  const core::Json record = core::read_json(folder_ / "tuned" / "settings.json");
  EXPECT_EQ(record.at("init").at("weights_sha256"), base.weights_sha256);
  EXPECT_EQ(record.at("settings").at("fine_tuned"), true);
  EXPECT_EQ(record.at("settings").at("network").at("width"), 4);
  EXPECT_EQ(tuned.provenance.at("init").at("train_patients").size(), 3U);
  EXPECT_NE(tuned.card.find("Fine-tuned from base"), std::string::npos) << tuned.card;
  EXPECT_NE(tuned.card.find(base.weights_sha256), std::string::npos);

  // And once more: both stand in the card, and all patients are known.
  settings_.init = (folder_ / "tuned" / "model").string();
  train_toy(cache_, settings_, folder_ / "twice");
  const bundle::Bundle twice = bundle::Bundle::open(folder_ / "twice" / "model");
  EXPECT_NE(twice.card.find("Fine-tuned from tuned"), std::string::npos);
  EXPECT_NE(twice.card.find("Fine-tuned from base"), std::string::npos);
  EXPECT_EQ(patients_seen(twice.provenance.at("init")),
            (std::vector<std::string>{"toy/sub-1", "toy/sub-11", "toy/sub-12", "toy/sub-13",
                                      "toy/sub-2", "toy/sub-3"}));
}

TEST_F(FineTuning, OfASinglePatientWorks) {
  cache::Writer(folder_ / "one", bundle::Bundle::open(base_).recipe, "lesion", false)
      .add(toy_entry("sub-20"), toy_arrays(toy_entry("sub-20"), core::Random(20)));
  EXPECT_EQ(train_toy(folder_ / "one", settings_, folder_ / "tuned").iterations, 12);
}

TEST_F(FineTuning, GoesOnAfterAKillAsIfUnbrokenButNotFromAnotherModel) {
  train_toy(cache_, settings_, folder_ / "whole");
  const int status = wait_for(start_process([&] {
    AtIteration kill(5, [] { raise(SIGKILL); });
    train_toy(cache_, settings_, folder_ / "broken", true, &kill);
    return 0;
  }));
  ASSERT_TRUE(WIFSIGNALED(status));
  const std::string own = settings_.init;
  settings_.init = (folder_ / "whole" / "model").string();
  try {
    train_toy(cache_, settings_, folder_ / "broken", true);
    ADD_FAILURE() << "went on from another model";
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ExitCode::usage);
    EXPECT_NE(std::string(e.what()).find("another model to fine-tune"), std::string::npos)
        << e.what();
  }
  settings_.init = own;
  train_toy(cache_, settings_, folder_ / "broken", true);
  ASSERT_FALSE(weights_of(folder_ / "whole").empty());
  EXPECT_TRUE(weights_of(folder_ / "whole") == weights_of(folder_ / "broken"));
}

TEST_F(FineTuning, RefusesWhatDoesNotFitInOneSentence) {
  const core::Json recipe = bundle::Bundle::open(base_).recipe;
  const auto cache_of = [&](const char* name, const core::Json& other, const char* target) {
    cache::Writer writer(folder_ / name, other, target, false);
    write_toy_scan(writer, "sub-30", 30);
    write_toy_scan(writer, "sub-31", 31);
    return folder_ / name;
  };
  const Error target = error_of(cache_of("brains", recipe, "brain"));
  EXPECT_EQ(target.code(), ExitCode::input);
  EXPECT_NE(std::string(target.what()).find("finds lesions"), std::string::npos) << target.what();
  core::Json other = recipe;
  other["made"] = "otherwise";
  const Error made = error_of(cache_of("other", other, "lesion"));
  EXPECT_EQ(made.code(), ExitCode::input);
  EXPECT_NE(std::string(made.what()).find("'made' differs"), std::string::npos) << made.what();

  settings_.validation_patients = 1;
  const Error leak = error_of(folder_ / "first");  // the very patients that the model knows
  EXPECT_EQ(leak.code(), ExitCode::input);
  EXPECT_NE(std::string(leak.what()).find("was trained on patient toy/sub-"), std::string::npos)
      << leak.what();
  settings_.validation_patients = 0;
  settings_.init = (folder_ / "nothing").string();
  EXPECT_EQ(error_of(cache_).code(), ExitCode::model);
}

TEST_F(FineTuning, WarnsOfAnotherBrainModel) {
  core::Json recipe = bundle::Bundle::open(base_).recipe;
  recipe["brain_model_sha256"] = "another";
  Progress progress;
  EXPECT_EQ(open_initial(base_, recipe, "lesion", progress).target, "lesion");
  ASSERT_EQ(progress.warnings().size(), 1U);
  EXPECT_NE(progress.warnings()[0].find("brain model"), std::string::npos);
}

}  // namespace
}  // namespace dawson::training
