// The same programs on a cluster: a Slurm job array.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "dawson/core/progress.h"
#include "dawson/workflow/processes.h"

namespace dawson::workflow {

/// What each task of the array is given, as sbatch writes it; empty: the cluster's own default.
struct SlurmSettings {
  std::string time = {};       ///< "4:00:00"
  std::string memory = {};     ///< "8G"
  std::string partition = {};  ///< its name
  int cpus = 1;
  std::size_t most_elements = 1000;  ///< of an array; Slurm's own default is 1001
  double limit_s = 0;  ///< of a task, rounded up to whole minutes, in the place of `time`; 0: none
};

/// Throws Error{resources} where there is no Slurm.
void require_slurm();

/// Here, some at a time, or on Slurm.
struct Where {
  int jobs = 1;                             ///< here: programs at a time
  double limit_s = 0;                       ///< of a program: as of run_side_by_side; there too
  std::optional<SlurmSettings> slurm = {};  ///< there, if it is given

  /// In processes other than this one.
  [[nodiscard]] bool elsewhere() const noexcept { return jobs > 1 || slurm; }
};

/// As run_side_by_side, a task of one job array each, or several tasks one after the other where
/// there are more than settings.most_elements; `folder` keeps what was submitted and each task's
/// exit code. A task that Slurm cancelled or stopped (time, memory) ends with Slurm's reason. The
/// array is cancelled when the work is; one that a killed call left in the same folder, first of
/// all. Returns when all have ended. Throws Error{resources} where Slurm is missing or refuses the
/// array, Error{output}, Error{interrupted}, and what `ended` throws.
void run_on_slurm(const std::vector<Launch>& launches, const SlurmSettings& settings,
                  const std::filesystem::path& folder, Progress& progress,
                  const std::function<void(std::size_t, Ended)>& ended);

/// run_on_slurm or run_side_by_side. `folder` is Slurm's alone.
void run_all(const std::vector<Launch>& launches, const Where& where,
             const std::filesystem::path& folder, Progress& progress,
             const std::function<void(std::size_t, Ended)>& ended);

}  // namespace dawson::workflow
