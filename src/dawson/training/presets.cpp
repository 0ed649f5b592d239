#include "dawson/training/presets.h"

#include "dawson/core/error.h"

namespace dawson::training {
namespace {

/// Batch, epochs, optimiser, loss, dropout, schedule and stopping are those that the original
/// names; it gives no numbers for learning rate, decay, dropout and patience: those here are usual.
TrainingSettings original(TrainingSettings s) {
  s.preset = "original";
  s.batch = 16;
  s.epochs = 150;
  s.optimiser = "adam";
  s.learning_rate = 5e-4;
  s.weight_decay = 1e-5;
  s.schedule = "plateau";
  s.plateau_epochs = 8;
  s.plateau_factor = 0.3;
  s.warmup_iterations = 100;
  s.loss = "dice_bce";
  s.dice_weight = 1;
  s.bce_weight = 1;
  s.positive_weight = 1;
  s.network.dropout = 0.3;
  s.average_decay = 0;
  s.validation_patients = 2;
  s.stop_on = "dice";
  s.patience_epochs = 25;
  return s;
}

}  // namespace

std::vector<std::string> preset_names() {
  return {"dawson", "original"};
}

TrainingSettings preset_settings(const std::string& preset, const std::string& target) {
  if (preset == "dawson") return default_settings(target);
  if (preset == "original") return original(default_settings(target));
  throw Error(ExitCode::usage, "is no preset that is known", "--preset " + preset,
              "choose dawson or original");
}

TrainingSettings with_sequences(TrainingSettings settings, int count) {
  if (count == 0) return settings;
  auto& offsets = settings.input.offsets_mm;
  offsets.insert(offsets.begin() + 1, static_cast<std::size_t>(count), std::vector<double>{0});
  settings.augmentation.sequence_dropout = 0.25;
  return settings;
}

TrainingSettings for_fine_tuning(TrainingSettings settings) {
  settings.learning_rate /= 10;
  settings.epochs = 0;
  settings.iterations = 300;
  settings.epoch_iterations = 50;
  settings.warmup_iterations = 20;
  return settings;
}

}  // namespace dawson::training
