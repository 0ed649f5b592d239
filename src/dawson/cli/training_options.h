// The options that train and crossval share.
#pragma once

#include <string>
#include <vector>

#include "dawson/cli/command.h"
#include "dawson/training/settings.h"

namespace dawson::cli {

/// Declarations of the settings of a lesion network's training, with its defaults.
std::vector<Option> training_options();

/// `target`'s own settings with what the user gave put over them.
training::TrainingSettings training_settings(const Context& context, const std::string& target);

}  // namespace dawson::cli
