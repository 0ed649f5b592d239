#include "dawson/training/settings.h"

#include <algorithm>
#include <cmath>

#include "dawson/core/error.h"
#include "dawson/training/optimiser.h"
#include "dawson/training/schedule.h"

namespace dawson::training {
namespace {

constexpr double thinnest_slab_mm = 2;  // what Pool::draw begins at
constexpr int largest_batch = 4096;     // random streams are numbered by it (batch.cpp)

void require(bool holds, const std::string& option, const std::string& what) {
  if (!holds) throw Error(ExitCode::usage, what, "--" + option);
}

void require_share(double value, const std::string& option) {
  require(value >= 0 && value <= 1, option, "must lie in [0, 1]");
}

void check_augmentation(const AugmentationSettings& a) {
  require(a.scale >= 0 && a.scale < 0.7, "scale", "must lie in [0, 0.7)");
  require_share(a.thick_probability, "thick");
  require(a.thick_max_mm >= thinnest_slab_mm, "thick", "needs slabs of at least 2 mm");
  // Above 8 mm the field, with its knots 32 mm apart, could fold over itself.
  require(a.elastic_mm >= 0 && a.elastic_mm <= 8, "elastic", "must lie in [0, 8] mm");
  require(a.gamma >= 0 && a.gamma <= 1, "gamma", "must lie in [0, 1]");
  require(a.tissue >= 0 && a.tissue <= 2, "tissue", "must lie in [0, 2]");
  require(a.ghosting_mm >= 0 && a.ghosting_mm <= 20, "ghosting", "must lie in [0, 20] mm");
  require_share(a.rician_probability, "rician");
  require_share(a.neighbour_dropout, "neighbour-dropout");
  require_share(a.sequence_dropout, "sequence-dropout");
  require_share(a.lesion_fade, "lesion-fade");
  require_share(a.lesion_fade_probability, "lesion-fade-probability");
  require_share(a.lesion_removal_probability, "lesion-removal-probability");
}

void require_one_of(const std::vector<std::string>& known, const std::string& value,
                    const std::string& option) {
  if (std::find(known.begin(), known.end(), value) != known.end()) return;
  std::string names;
  for (const std::string& name : known) {
    names += (names.empty() ? "" : name == known.back() ? " or " : ", ") + name;
  }
  throw Error(ExitCode::usage, "must be " + names, "--" + option);
}

void check_loss(const TrainingSettings& s) {
  require_one_of(loss_names(), s.loss, "loss");
  require(s.dice_weight >= 0 && s.bce_weight >= 0 && s.dice_weight + s.bce_weight > 0,
          "dice-weight", "and --bce-weight must not both be 0, nor one of them negative");
  require(s.positive_weight > 0, "positive-weight", "must be positive");
  require(s.tversky_alpha > 0, "tversky-alpha", "must be positive");
  require(s.tversky_beta > 0, "tversky-beta", "must be positive");
  require(s.focal_gamma >= 1 && s.focal_gamma <= 3, "focal-gamma", "must lie in [1, 3]");
}

void check_validation(const TrainingSettings& s) {
  require(s.validation_patients >= 0, "validation-patients", "must not be negative");
  require(s.validation_slices >= 0 && s.validation_slices <= 20, "validation-slices",
          "must lie in [0, 20]");
  require_one_of(measure_names(), s.stop_on, "stop-on");
  require(s.patience_epochs >= 0, "patience", "must not be negative");
  require(s.patience_epochs == 0 || s.validation_patients > 0, "patience",
          "needs --validation-patients to be judged on");
  require(s.schedule != "plateau" || s.validation_patients > 0 || s.stop_on == "loss", "schedule",
          "plateau needs --validation-patients to be judged on, or --stop-on loss");
  require(s.plateau_epochs > 0, "plateau-epochs", "must be at least 1");
  require(s.plateau_factor > 0 && s.plateau_factor < 1, "plateau-factor", "must lie in (0, 1)");
}

}  // namespace

void TrainingSettings::check() const {
  require(iterations > 0, "iterations", "must be at least 1");
  require(epoch_iterations > 0, "epoch-iterations", "must be at least 1");
  require(epochs >= 0, "epochs", "must not be negative");
  require(batch > 0 && batch <= largest_batch, "batch", "must lie in [1, 4096]");
  require(patch >= 32 && patch % 16 == 0, "patch", "must be a multiple of 16, at least 32");
  require(learning_rate > 0 && std::isfinite(learning_rate), "learning-rate", "must be positive");
  require(weight_decay >= 0, "weight-decay", "must not be negative");
  require(average_decay >= 0 && average_decay < 1, "average-decay", "must lie in [0, 1)");
  require(lesion_fraction >= 0 && lesion_fraction <= 1, "lesion-fraction", "must lie in [0, 1]");
  require_one_of(optimiser_names(), optimiser, "optimiser");
  require(compute == "auto" || compute == "float32" || compute == "bfloat16", "compute",
          "must be auto, float32 or bfloat16");
  require(memory_gib >= 0 && std::isfinite(memory_gib), "memory", "must not be negative");
  require(warmup_iterations >= 0, "warmup-iterations", "must not be negative");
  require(clip_norm >= 0, "clip-norm", "must not be negative");
  require(rollbacks >= 0, "rollbacks", "must not be negative");
  require_share(lesion_balance, "lesion-balance");
  require(lesion_power >= -1 && lesion_power <= 1, "lesion-power", "must lie in [-1, 1]");
  require_share(hard_fraction, "hard-fraction");
  require(hard_interval > 0, "hard-interval", "must be at least 1");
  require(hard_slices > 0, "hard-slices", "must be at least 1");
  check_augmentation(augmentation);
  require_one_of(schedule_names(), schedule, "schedule");
  check_loss(*this);
  check_validation(*this);
}

LossSettings TrainingSettings::loss_settings() const {
  return {loss, dice_weight, bce_weight, positive_weight, tversky_alpha, tversky_beta, focal_gamma};
}

core::Json TrainingSettings::to_json() const {
  const AugmentationSettings& a = augmentation;
  core::Json json = {{"network",
                      {{"architecture", network.architecture},
                       {"encoder", network.encoder},
                       {"input_channels", network.input_channels},
                       {"width", network.width},
                       {"levels", network.levels},
                       {"dropout", network.dropout},
                       {"fully_connected", network.fully_connected}}},
                     {"input", input.to_json()},
                     {"augmentation",
                      {{"rotation_degrees", a.rotation_degrees},
                       {"scale", a.scale},
                       {"flip_probability", a.flip_probability},
                       {"thick_probability", a.thick_probability},
                       {"thick_max_mm", a.thick_max_mm},
                       {"gain", a.gain},
                       {"shift", a.shift},
                       {"tone", a.tone},
                       {"bias", a.bias},
                       {"noise", a.noise},
                       {"blur_mm", a.blur_mm},
                       {"coarse_probability", a.coarse_probability},
                       {"elastic_mm", a.elastic_mm},
                       {"gamma", a.gamma},
                       {"tissue", a.tissue},
                       {"ghosting_mm", a.ghosting_mm},
                       {"rician_probability", a.rician_probability},
                       {"neighbour_dropout", a.neighbour_dropout},
                       {"sequence_dropout", a.sequence_dropout},
                       {"lesion_fade", a.lesion_fade},
                       {"lesion_fade_probability", a.lesion_fade_probability},
                       {"lesion_removal_probability", a.lesion_removal_probability}}},
                     {"preset", preset},
                     {"seed", seed},
                     {"iterations", iterations},
                     {"epoch_iterations", epoch_iterations},
                     {"epochs", epochs},
                     {"batch", batch},
                     {"patch", patch},
                     {"optimiser", optimiser},
                     {"learning_rate", learning_rate},
                     {"weight_decay", weight_decay},
                     {"schedule", schedule},
                     {"warmup_iterations", warmup_iterations},
                     {"plateau_epochs", plateau_epochs},
                     {"plateau_factor", plateau_factor},
                     {"clip_norm", clip_norm},
                     {"loss", loss},
                     {"tversky_alpha", tversky_alpha},
                     {"tversky_beta", tversky_beta},
                     {"focal_gamma", focal_gamma},
                     {"dice_weight", dice_weight},
                     {"bce_weight", bce_weight},
                     {"positive_weight", positive_weight},
                     {"average_decay", average_decay},
                     {"lesion_fraction", lesion_fraction},
                     {"lesion_balance", lesion_balance},
                     {"lesion_power", lesion_power},
                     {"hard_fraction", hard_fraction},
                     {"hard_interval", hard_interval},
                     {"hard_slices", hard_slices},
                     {"validation_patients", validation_patients},
                     {"validation_slices", validation_slices},
                     {"stop_on", stop_on},
                     {"patience_epochs", patience_epochs},
                     {"rollbacks", rollbacks},
                     {"fine_tuned", !init.empty()},
                     {"pretrained", !encoder_weights.empty()},
                     {"compute", compute}};
  // Only where they were chosen: a run on the CPU is described as it always was.
  if (device != "cpu") json["device"] = device;
  if (deterministic) json["deterministic"] = true;
  return json;
}

TrainingSettings default_settings(const std::string& target) {
  TrainingSettings s;
  s.input.offsets_mm = {{}, {0}};  // FLAIR, lesion frequency
  if (target == "brain") {
    s.input.offsets_mm = {{}};
    s.neighbour_mm = 10;
    s.network.width = 8;
    s.network.dropout = 0;
    s.patch = 96;
    s.iterations = 400;
    s.lesion_fraction = 0.7;
    s.positive_weight = 1;
    s.augmentation.rotation_degrees = 25;
    s.augmentation.scale = 0.25;
    s.augmentation.tone = 0.4;
  }
  shape_input(s);
  return s;
}

void shape_input(TrainingSettings& settings) {
  require(settings.neighbours >= 0 && settings.neighbours <= 8, "neighbours", "must lie in [0, 8]");
  require(settings.neighbour_mm > 0 && settings.neighbour_mm <= 50, "neighbour-spacing",
          "must lie in (0, 50]");
  auto& offsets = settings.input.offsets_mm;
  offsets.front().clear();
  for (int n = -settings.neighbours; n <= settings.neighbours; ++n) {
    offsets.front().push_back(n * settings.neighbour_mm);
  }
  if (!settings.without_frequency) return;
  if (offsets.size() < 2) {
    throw Error(ExitCode::usage, "a model of the brain reads no lesion frequency",
                "--without-frequency", "leave it out");
  }
  offsets.back().clear();
}

}  // namespace dawson::training
