#include "dawson/training/settings.h"

#include <algorithm>
#include <cmath>

#include "dawson/core/error.h"

namespace dawson::training {
namespace {

constexpr double pi = 3.14159265358979323846;
constexpr double thinnest_slab_mm = 2;  // what Pool::draw begins at
constexpr double final_share = 0.01;    // of the learning rate, at the last iteration

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

}  // namespace

void TrainingSettings::check() const {
  require(iterations > 0, "iterations", "must be at least 1");
  require(epoch_iterations > 0, "epoch-iterations", "must be at least 1");
  require(batch > 0, "batch", "must be at least 1");
  require(patch >= 32 && patch % 16 == 0, "patch", "must be a multiple of 16, at least 32");
  require(learning_rate > 0 && std::isfinite(learning_rate), "learning-rate", "must be positive");
  require(weight_decay >= 0, "weight-decay", "must not be negative");
  require(dice_weight >= 0 && bce_weight >= 0 && dice_weight + bce_weight > 0, "dice-weight",
          "and --bce-weight must not both be 0");
  require(average_decay >= 0 && average_decay < 1, "average-decay", "must lie in [0, 1)");
  require(lesion_fraction >= 0 && lesion_fraction <= 1, "lesion-fraction", "must lie in [0, 1]");
  require(optimiser == "adam" || optimiser == "adamw", "optimiser", "must be adam or adamw");
  require(compute == "auto" || compute == "float32" || compute == "bfloat16", "compute",
          "must be auto, float32 or bfloat16");
  require(warmup_iterations >= 0, "warmup-iterations", "must not be negative");
  require(clip_norm >= 0, "clip-norm", "must not be negative");
  require(positive_weight > 0, "positive-weight", "must be positive");
  require(validation_patients >= 0, "validation-patients", "must not be negative");
  require(patience_epochs >= 0, "patience", "must not be negative");
  require(patience_epochs == 0 || validation_patients > 0, "patience",
          "needs --validation-patients to be judged on");
  require_share(lesion_balance, "lesion-balance");
  require(lesion_power >= -1 && lesion_power <= 1, "lesion-power", "must lie in [-1, 1]");
  require_share(hard_fraction, "hard-fraction");
  require(hard_interval > 0, "hard-interval", "must be at least 1");
  require(hard_slices > 0, "hard-slices", "must be at least 1");
  check_augmentation(augmentation);
  const auto& known = {"constant", "step", "cosine", "polynomial"};
  require(std::find(known.begin(), known.end(), schedule) != known.end(), "schedule",
          "must be constant, step, cosine or polynomial");
}

core::Json TrainingSettings::to_json() const {
  const AugmentationSettings& a = augmentation;
  return {{"network",
           {{"architecture", network.architecture},
            {"encoder", network.encoder},
            {"input_channels", network.input_channels},
            {"width", network.width},
            {"levels", network.levels},
            {"dropout", network.dropout}}},
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
          {"seed", seed},
          {"iterations", iterations},
          {"epoch_iterations", epoch_iterations},
          {"batch", batch},
          {"patch", patch},
          {"optimiser", optimiser},
          {"learning_rate", learning_rate},
          {"weight_decay", weight_decay},
          {"schedule", schedule},
          {"warmup_iterations", warmup_iterations},
          {"clip_norm", clip_norm},
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
          {"patience_epochs", patience_epochs},
          {"pretrained", !encoder_weights.empty()},
          {"compute", compute}};
}

TrainingSettings default_settings(const std::string& target) {
  TrainingSettings s;
  s.input.offsets_mm = {{-3, 0, 3}, {0}};  // FLAIR with its neighbours; lesion frequency
  if (target == "brain") {
    s.input.offsets_mm = {{-10, 0, 10}};
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
  return s;
}

double learning_rate_at(const TrainingSettings& settings, int iteration) {
  if (iteration < settings.warmup_iterations) {
    return settings.learning_rate * (iteration + 1) / settings.warmup_iterations;
  }
  const double span = std::max(1, settings.iterations - settings.warmup_iterations);
  const double done = std::min(1.0, (iteration - settings.warmup_iterations) / span);
  double share = 1;
  if (settings.schedule == "cosine") share = 0.5 * (1 + std::cos(pi * done));
  if (settings.schedule == "polynomial") share = std::pow(1 - done, 0.9);
  if (settings.schedule == "step") share = done < 0.5 ? 1 : done < 0.75 ? 0.1 : 0.01;
  return settings.learning_rate * std::max(share, final_share);
}

}  // namespace dawson::training
