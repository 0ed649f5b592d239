// A cross-validation whose folds are programs of their own, here or on a cluster.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "dawson/core/progress.h"
#include "dawson/workflow/crossval.h"
#include "dawson/workflow/slurm.h"

namespace dawson::workflow {

struct CrossvalTasks {
  std::vector<std::string> command;  ///< the whole cross-validation, in one process
  Where where;
  bool with_final = false;  ///< the models of all patients too
};

/// Runs the folds that are not done yet, a task each (`command` with --fold), then, as a task too,
/// `command` itself, which finds them done and gathers. Their logs are out/tasks/NAME.log. When
/// folds fail the others still end; the same call does what is left. Throws Error{partial} when a
/// task failed, and as run_all.
void run_as_tasks(const CrossvalSettings& settings, const CrossvalTasks& tasks,
                  const std::filesystem::path& out, Progress& progress);

}  // namespace dawson::workflow
