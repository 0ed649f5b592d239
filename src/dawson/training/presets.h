// Named sets of defaults. What a user gives explicitly goes over them.
#pragma once

#include <string>
#include <vector>

#include "dawson/training/settings.h"

namespace dawson::training {

/// "dawson": default_settings. "original": what the program that dawson follows was trained with:
/// batches of 16, 150 epochs of as many iterations as it takes to see each slice with a lesion,
/// Adam with L2, Dice + BCE, dropout, a learning rate that falls on plateaus, early stopping. It
/// chooses no network: --architecture and --encoder do.
std::vector<std::string> preset_names();

/// `target`: "lesion" or "brain". Throws Error{usage} for an unknown preset.
TrainingSettings preset_settings(const std::string& preset, const std::string& target);

/// The same for scans with `count` sequences beside the FLAIR: of each the slice itself, without
/// its neighbours; in training each is missing in a quarter of the patches (sequence_dropout),
/// since it will be missing in use. Nothing changes where `count` is 0.
TrainingSettings with_sequences(TrainingSettings settings, int count);

/// The same with what fine-tuning a finished model wants instead: a tenth of the learning rate,
/// 300 iterations, a short warm-up.
TrainingSettings for_fine_tuning(TrainingSettings settings);

}  // namespace dawson::training
