#include "dawson/training/settings.h"

#include <gtest/gtest.h>

#include <functional>
#include <utility>
#include <vector>

#include "dawson/core/error.h"
#include "dawson/training/presets.h"

namespace dawson::training {
namespace {

TEST(TrainingSettings, OfDawsonsOwnModelsMakeSense) {
  EXPECT_NO_THROW(default_settings("lesion").check());
  EXPECT_NO_THROW(default_settings("brain").check());
}

TEST(Presets, MakeSenseForBothTargetsAndForFineTuning) {
  for (const std::string& preset : preset_names()) {
    for (const char* target : {"lesion", "brain"}) {
      const TrainingSettings s = preset_settings(preset, target);
      EXPECT_NO_THROW(s.check()) << preset << ", " << target;
      EXPECT_EQ(s.preset, preset);
      const TrainingSettings tuned = for_fine_tuning(s);
      EXPECT_NO_THROW(tuned.check()) << preset << ", " << target;
      EXPECT_DOUBLE_EQ(tuned.learning_rate, s.learning_rate / 10);
      EXPECT_LT(tuned.iterations, s.iterations);
    }
  }
  EXPECT_THROW(preset_settings("other", "lesion"), Error);
  EXPECT_EQ(preset_settings("dawson", "brain").to_json(), default_settings("brain").to_json());
}

TEST(Presets, OtherSequencesAreReadWithoutTheirNeighboursAndOftenMissing) {
  const TrainingSettings s = default_settings("lesion");
  EXPECT_EQ(with_sequences(s, 0).to_json(), s.to_json());
  const TrainingSettings two = with_sequences(s, 2);
  EXPECT_EQ(two.input.offsets_mm, (std::vector<std::vector<double>>{{-3, 0, 3}, {0}, {0}, {0}}));
  EXPECT_GT(two.augmentation.sequence_dropout, 0);
  EXPECT_NO_THROW(two.check());
}

TEST(Presets, OfTheOriginalAreWhatItNames) {
  // Batch 16, 100–150 epochs, Adam with L2, Dice + BCE, dropout, a schedule, early stopping.
  const TrainingSettings s = preset_settings("original", "lesion");
  EXPECT_EQ(s.batch, 16);
  EXPECT_GE(s.epochs, 100);
  EXPECT_LE(s.epochs, 150);
  EXPECT_EQ(s.optimiser, "adam");
  EXPECT_GT(s.weight_decay, 0);
  EXPECT_EQ(s.loss, "dice_bce");
  EXPECT_GT(s.dice_weight, 0);
  EXPECT_GT(s.bce_weight, 0);
  EXPECT_GT(s.network.dropout, 0);
  EXPECT_NE(s.schedule, "constant");
  EXPECT_GT(s.patience_epochs, 0);
  EXPECT_GT(s.validation_patients, 0);
}

TEST(TrainingSettings, ShapeTheNetworksInput) {
  using Offsets = std::vector<std::vector<double>>;
  TrainingSettings s = with_sequences(default_settings("lesion"), 1);
  s.neighbours = 2;
  s.neighbour_mm = 1.5;
  s.without_frequency = true;
  shape_input(s);
  EXPECT_EQ(s.input.offsets_mm, (Offsets{{-3, -1.5, 0, 1.5, 3}, {0}, {}}));
  EXPECT_EQ(s.input.network_channels(), 6);
  s.neighbours = 0;
  shape_input(s);
  EXPECT_EQ(s.input.offsets_mm, (Offsets{{0}, {0}, {}}));
  s.neighbours = 9;
  EXPECT_THROW(shape_input(s), Error);
  s.neighbours = 1;
  s.neighbour_mm = 0;
  EXPECT_THROW(shape_input(s), Error);
  TrainingSettings brain = default_settings("brain");
  EXPECT_EQ(brain.input.offsets_mm, (Offsets{{-10, 0, 10}}));
  brain.without_frequency = true;
  EXPECT_THROW(shape_input(brain), Error);
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
      {"--epochs", [](auto& s) { s.epochs = -1; }},
      {"--batch", [](auto& s) { s.batch = 5000; }},
      {"--loss", [](auto& s) { s.loss = "dice"; }},
      {"--tversky-alpha", [](auto& s) { s.tversky_alpha = 0; }},
      {"--tversky-beta", [](auto& s) { s.tversky_beta = -1; }},
      {"--focal-gamma", [](auto& s) { s.focal_gamma = 0.5; }},
      {"--stop-on", [](auto& s) { s.stop_on = "f1"; }},
      {"--schedule", [](auto& s) { s.schedule = "plateau"; }},  // nothing to judge it on
      {"--plateau-epochs", [](auto& s) { s.plateau_epochs = 0; }},
      {"--plateau-factor", [](auto& s) { s.plateau_factor = 1; }},
      {"--validation-slices", [](auto& s) { s.validation_slices = -1; }},
      {"--rollbacks", [](auto& s) { s.rollbacks = -1; }},
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
