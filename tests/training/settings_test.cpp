#include "dawson/training/settings.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <utility>
#include <vector>

#include "dawson/core/error.h"

namespace dawson::training {
namespace {

TrainingSettings with_schedule(const std::string& schedule) {
  TrainingSettings s;
  s.schedule = schedule;
  s.learning_rate = 0.01;
  s.warmup_iterations = 10;
  s.iterations = 110;
  return s;
}

TEST(LearningRate, WarmsUpLinearly) {
  const TrainingSettings s = with_schedule("cosine");
  EXPECT_DOUBLE_EQ(learning_rate_at(s, 0), 0.001);
  EXPECT_DOUBLE_EQ(learning_rate_at(s, 4), 0.005);
  EXPECT_DOUBLE_EQ(learning_rate_at(s, 9), 0.01);
  EXPECT_DOUBLE_EQ(learning_rate_at(s, 10), 0.01);
}

TEST(LearningRate, FollowsItsSchedule) {
  EXPECT_DOUBLE_EQ(learning_rate_at(with_schedule("constant"), 109), 0.01);
  EXPECT_NEAR(learning_rate_at(with_schedule("cosine"), 60), 0.005, 1e-12);
  EXPECT_NEAR(learning_rate_at(with_schedule("cosine"), 35), 0.01 * (2 + std::sqrt(2)) / 4, 1e-12);
  EXPECT_NEAR(learning_rate_at(with_schedule("polynomial"), 60), 0.01 * std::pow(0.5, 0.9), 1e-12);
  EXPECT_DOUBLE_EQ(learning_rate_at(with_schedule("step"), 59), 0.01);
  EXPECT_DOUBLE_EQ(learning_rate_at(with_schedule("step"), 60), 0.001);
  EXPECT_DOUBLE_EQ(learning_rate_at(with_schedule("step"), 85), 0.0001);
}

TEST(LearningRate, EndsAtOnePercentOfItsHighest) {
  for (const char* schedule : {"cosine", "polynomial", "step"}) {
    const TrainingSettings s = with_schedule(schedule);
    EXPECT_NEAR(learning_rate_at(s, 110), 0.0001, 1e-15) << schedule;
    for (int i = 11; i < 110; ++i) {
      EXPECT_LE(learning_rate_at(s, i), learning_rate_at(s, i - 1)) << schedule;
      EXPECT_GE(learning_rate_at(s, i), 0.0001) << schedule;
    }
  }
}

TEST(TrainingSettings, OfDawsonsOwnModelsMakeSense) {
  EXPECT_NO_THROW(default_settings("lesion").check());
  EXPECT_NO_THROW(default_settings("brain").check());
}

TEST(TrainingSettings, NameTheFirstThatMakesNoSense) {
  using Change = std::function<void(TrainingSettings&)>;
  const std::vector<std::pair<const char*, Change>> wrong = {
      {"--iterations", [](auto& s) { s.iterations = 0; }},
      {"--epoch-iterations", [](auto& s) { s.epoch_iterations = 0; }},
      {"--batch", [](auto& s) { s.batch = 0; }},
      {"--patch", [](auto& s) { s.patch = 100; }},
      {"--learning-rate", [](auto& s) { s.learning_rate = 0; }},
      {"--learning-rate", [](auto& s) { s.learning_rate = 1 / 0.0; }},
      {"--weight-decay", [](auto& s) { s.weight_decay = -1; }},
      {"--dice-weight", [](auto& s) { s.dice_weight = s.bce_weight = 0; }},
      {"--positive-weight", [](auto& s) { s.positive_weight = 0; }},
      {"--average-decay", [](auto& s) { s.average_decay = 1; }},
      {"--lesion-fraction", [](auto& s) { s.lesion_fraction = 1.1; }},
      {"--optimiser", [](auto& s) { s.optimiser = "sgd"; }},
      {"--schedule", [](auto& s) { s.schedule = "linear"; }},
      {"--compute", [](auto& s) { s.compute = "float16"; }},
      {"--warmup-iterations", [](auto& s) { s.warmup_iterations = -1; }},
      {"--clip-norm", [](auto& s) { s.clip_norm = -1; }},
      {"--scale", [](auto& s) { s.augmentation.scale = 1; }},
      {"--thick", [](auto& s) { s.augmentation.thick_probability = 2; }},
      {"--elastic", [](auto& s) { s.augmentation.elastic_mm = 9; }},
      {"--gamma", [](auto& s) { s.augmentation.gamma = -0.1; }},
      {"--tissue", [](auto& s) { s.augmentation.tissue = 3; }},
      {"--ghosting", [](auto& s) { s.augmentation.ghosting_mm = -1; }},
      {"--rician", [](auto& s) { s.augmentation.rician_probability = 2; }},
      {"--neighbour-dropout", [](auto& s) { s.augmentation.neighbour_dropout = 2; }},
      {"--sequence-dropout", [](auto& s) { s.augmentation.sequence_dropout = -1; }},
      {"--lesion-fade", [](auto& s) { s.augmentation.lesion_fade = 1.1; }},
      {"--lesion-fade-probability", [](auto& s) { s.augmentation.lesion_fade_probability = 1.1; }},
      {"--lesion-removal-probability",
       [](auto& s) { s.augmentation.lesion_removal_probability = 1.1; }},
      {"--lesion-balance", [](auto& s) { s.lesion_balance = 1.1; }},
      {"--lesion-power", [](auto& s) { s.lesion_power = 2; }},
      {"--hard-fraction", [](auto& s) { s.hard_fraction = -0.1; }},
      {"--hard-interval", [](auto& s) { s.hard_interval = 0; }},
      {"--hard-slices", [](auto& s) { s.hard_slices = 0; }},
      {"--validation-patients", [](auto& s) { s.validation_patients = -1; }},
      {"--patience", [](auto& s) { s.patience_epochs = 3; }},
  };
  for (const auto& [option, change] : wrong) {
    TrainingSettings s;
    change(s);
    try {
      s.check();
      ADD_FAILURE() << option << " was accepted";
    } catch (const Error& e) {
      EXPECT_EQ(e.code(), ExitCode::usage);
      EXPECT_EQ(e.where(), option);
    }
  }
}

}  // namespace
}  // namespace dawson::training
