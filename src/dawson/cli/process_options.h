// The options that hand work to processes of their own, here or on a cluster.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "dawson/cli/command.h"
#include "dawson/workflow/slurm.h"

namespace dawson::cli {

/// --jobs, --slurm and what a task is given there; `many` and `each` say what tasks are: "Trials",
/// "each trial".
std::vector<Option> process_options(const std::string& many, const std::string& each);

/// Throws Error{usage} for an option of --slurm without it, Error{resources} where there is no
/// Slurm.
workflow::Where where(const Context& context);

/// What makes the same figures again: "dawson tune --input data …", the options that were given but
/// for those named, --threads and --progress; of absolute paths the last component.
std::string command_line(const Context& context, std::set<std::string> without);

/// This program's `command` with the options that were given to this one, without those named,
/// those of process_options, and --progress; its threads are its share of this machine, or what
/// Slurm gives.
std::vector<std::string> task_command(const Context& context, const std::string& command,
                                      std::set<std::string> without);

/// task_command of this very command, for a part of its work: no settings file speaks to it, since
/// what this one was given there is among its options.
std::vector<std::string> same_command(const Context& context);

}  // namespace dawson::cli
