// Everything that decides what a training run does; stored with the run.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "dawson/bundle/slices.h"
#include "dawson/core/json.h"
#include "dawson/nn/networks.h"
#include "dawson/training/loss.h"

namespace dawson::training {

/// Strength of each random change made to a training slice; 0 switches one off.
struct AugmentationSettings {
  double rotation_degrees = 15;    ///< uniform in ± this
  double scale = 0.15;             ///< uniform in 1 ± this, and anisotropic by a third of it
  double flip_probability = 0.5;   ///< left–right
  double thick_probability = 0.5;  ///< a thin scan seen as slabs of 2 … thick_max_mm
  double thick_max_mm = 7;
  double gain = 0.2;                ///< standard deviation of log contrast
  double shift = 0.3;               ///< standard deviation of brightness, in brain deviations
  double tone = 0.3;                ///< bend of the intensity curve (tissue and lesion contrast)
  double bias = 0.12;               ///< amplitude of a smooth multiplicative field
  double noise = 0.5;               ///< largest noise deviation, in brain deviations
  double blur_mm = 1.2;             ///< largest in-plane Gaussian blur
  double coarse_probability = 0.2;  ///< in-plane resolution lowered by up to 2
  // docs/augmentation.md shows these; they draw from streams of their own, so that one switched on
  // changes nothing else.
  double elastic_mm = 0;          ///< largest displacement of a smooth deformation; at most 8
  double gamma = 0;               ///< standard deviation of the log exponent, air 0, brain 1
  double tissue = 0;              ///< deviation of each tissue's brightness, in brain deviations
  double ghosting_mm = 0;         ///< largest periodic motion; in a fifth of the slices
  double rician_probability = 0;  ///< of noise being Rician, where there is noise
  double neighbour_dropout = 0;   ///< probability that a slice's neighbours repeat the slice
  double sequence_dropout = 0;    ///< probability, for each but the first, of being missing
  double lesion_fade = 0.7;       ///< largest share of its contrast that a lesion loses
  double lesion_fade_probability = 0;     ///< of a patch's lesions being faded
  double lesion_removal_probability = 0;  ///< of their being taken out, of the target too
};

struct TrainingSettings {
  nn::NetworkSettings network;
  bundle::SliceInput input;        ///< made of the next three by shape_input
  int neighbours = 1;              ///< slices of the FLAIR read on either side of the slice itself
  double neighbour_mm = 3;         ///< from one to the next
  bool without_frequency = false;  ///< the channel of lesion frequency is not read
  AugmentationSettings augmentation;
  std::string preset = "dawson";  ///< the defaults that were begun with (presets.h)
  std::uint64_t seed = 1;
  int iterations = 2000;
  int epoch_iterations = 100;  ///< what is called an epoch: between two rows of history.tsv
  /// 0: as many iterations as given. Else an epoch is as many iterations as it takes to draw each
  /// slice with a target once, ceil(such slices of the training scans / batch), and there are so
  /// many epochs; iterations and epoch_iterations follow when the scans are known.
  int epochs = 0;
  int batch = 16;
  int patch = 144;                  ///< height and width, network-space pixels
  std::string optimiser = "adamw";  ///< "adam" (L2 in the gradient) or "adamw" (decoupled)
  double learning_rate = 2e-3;
  double weight_decay = 1e-4;
  std::string schedule = "cosine";  ///< as schedule_names() has them
  int warmup_iterations = 50;
  int plateau_epochs = 5;         ///< "plateau": epochs without a better `stop_on` …
  double plateau_factor = 0.3;    ///< … after which the learning rate is multiplied by this
  double clip_norm = 5;           ///< of the whole gradient; 0: no clipping
  std::string loss = "dice_bce";  ///< as loss_names() has them
  double tversky_alpha = 0.3;     ///< weight of false positives (loss.h)
  double tversky_beta = 0.7;      ///< weight of false negatives
  double focal_gamma = 4.0 / 3.0;
  double dice_weight = 1;  ///< of the overlap part of the loss, whichever it is
  double bce_weight = 1;
  double positive_weight = 2;    ///< weight of lesion pixels in the BCE
  double average_decay = 0.99;   ///< exponential moving average of the weights; 0: none
  double lesion_fraction = 0.5;  ///< share of slices drawn from those with a lesion
  double lesion_balance = 0;     ///< share of those drawn by lesion, so that small ones count
  double lesion_power = 0;       ///< a lesion is then drawn as its volume to this power
  double hard_fraction = 0;      ///< share of slices drawn at places that look like lesions
  int hard_interval = 500;       ///< iterations between two searches for such places
  int hard_slices = 200;         ///< slices that a search looks at
  int validation_patients = 0;   ///< held out for early stopping, drawn by seed
  int validation_slices = 3;     ///< of each validation patient in the run's pictures; 0: none
  std::string stop_on = "dice";  ///< what is best and what patience waits for: measure_names()
  int patience_epochs = 0;       ///< epochs without a better `stop_on`; 0: never stop
  int rollbacks = 5;             ///< returns to the last checkpoint before a run gives up
  std::string init;              ///< folder of the bundle to fine-tune; empty: fresh weights
  std::string encoder_weights;   ///< file with ImageNet weights; empty: from scratch
  std::string compute = "auto";  ///< "float32", "bfloat16", or the faster one of the device
  std::string device = "cpu";    ///< as nn::find_device has it
  bool deterministic = false;    ///< nn::set_deterministic; a CPU run always is
  // What follows decides nothing of the result, and is not stored.
  double memory_gib = 0;       ///< that a step may take; 0: what is free on the device
  bool change_device = false;  ///< a resume may go on on another device than it was begun on

  [[nodiscard]] LossSettings loss_settings() const;
  /// Throws Error{usage} naming the first setting that makes no sense.
  void check() const;
  [[nodiscard]] core::Json to_json() const;
};

/// The settings that dawson's own models of a target ("lesion" or "brain") are trained with.
TrainingSettings default_settings(const std::string& target);

/// Makes `input` as neighbours, neighbour_mm and without_frequency say. It keeps its channels, of
/// which the last is the lesion frequency. Throws Error{usage} where there is none to leave out,
/// for more than 8 neighbours and for a spacing that is not in (0, 50] mm.
void shape_input(TrainingSettings& settings);

}  // namespace dawson::training
