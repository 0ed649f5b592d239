// The options that send work to a cluster.
#pragma once

#include <optional>
#include <vector>

#include "dawson/cli/command.h"
#include "dawson/workflow/slurm.h"

namespace dawson::cli {

/// --slurm and what a task is given there; `task` says what one is: "a trial".
std::vector<Option> slurm_options(const std::string& task);

/// None without --slurm. Throws Error{usage} for one of the others without it, Error{resources}
/// where there is no Slurm.
std::optional<workflow::SlurmSettings> slurm_settings(const Context& context);

}  // namespace dawson::cli
