// The options that train and crossval share.
#pragma once

#include <string>
#include <vector>

#include "dawson/cli/command.h"
#include "dawson/training/settings.h"

namespace dawson::cli {

/// Declarations of the settings of a lesion network's training, with its defaults.
std::vector<Option> training_options();

/// The preset's settings for `target` and `sequences` beside the FLAIR (for `fine_tuned` models
/// those of fine-tuning) with what the user gave put over them. Throws Error{usage} for options
/// that exclude each other.
training::TrainingSettings training_settings(const Context& context, const std::string& target,
                                             int sequences, bool fine_tuned = false);

/// Throws Error{usage} for a given option that says how a network is built.
void refuse_network_options(const Context& context);

}  // namespace dawson::cli
