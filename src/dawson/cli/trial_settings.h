// crossval's settings as the trials of a search have them.
#pragma once

#include <string>
#include <vector>

#include "dawson/cli/command.h"
#include "dawson/workflow/search.h"

namespace dawson::cli {

/// Options of crossval that a trial may be given: all but what the search decides itself (data and
/// split, output, folds, iterations) and how trials are run.
std::vector<Option> trial_options();

/// Of those, the ones that may be searched: not those that name more data or a machine.
std::vector<Option> searchable_options();

/// What the settings file, section [crossval], and the environment give to every trial, and the
/// search's own --extra. Throws as outer_layers.
core::Layer shared_layer(const Context& tune);

/// Throws, naming the first point of the search that crossval would refuse with these shared
/// settings, as trained_settings does, and how many such points there are.
void require_trainable_points(const Context& tune, const core::Layer& shared,
                              const workflow::Search& search);

}  // namespace dawson::cli
