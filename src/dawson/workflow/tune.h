// A search over settings: every trial cross-validated by a process of its own.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "dawson/core/json.h"
#include "dawson/core/progress.h"
#include "dawson/core/settings.h"
#include "dawson/dataset/folds.h"
#include "dawson/workflow/search.h"
#include "dawson/workflow/slurm.h"

namespace dawson::workflow {

struct TuneSettings {
  Search search;
  std::vector<std::filesystem::path> data, extra;  ///< as of CrossvalSettings
  dataset::Folds folds;
  core::Json shared;  ///< every setting that all trials share, by its name, defaults too
  core::Layer given;  ///< of those, what was given, for best.toml
  /// What begins every trial: the program, "crossval" and the options that all trials share, data
  /// and folds among them, without output folder, iterations and what is searched.
  std::vector<std::string> command;
  /// Brain models and caches are made once and serve all trials. False where the search itself
  /// changes them: then each trial makes its own.
  bool share_caches = true;
  bool retry_failed = false;  ///< run trials again that the ledger knows to have failed
  Where where;  ///< trials run here or on Slurm; one that takes longer than its limit has failed
  std::string command_line;  ///< for the results page
};

/// Runs the trials that out/ledger.jsonl does not know yet, rung by rung, into out/trials/NNNN/
/// rung-R (a `dawson crossval` folder each, with log.txt), then writes table.tsv, best.toml,
/// importance.png and tune.md. A trial that failed is run again on request alone; one that found no
/// room for its output (exit code 4) ends the search without a line in the ledger.
/// Throws Error{usage, input, output} as Ledger does, Error{output} then, Error{check} when every
/// trial failed (the table is written), Error{interrupted}.
void tune(const TuneSettings& settings, const std::filesystem::path& out, Progress& progress);

}  // namespace dawson::workflow
