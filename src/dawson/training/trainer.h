// A training run: from scans in memory to a bundle in a folder, and on after a kill.
#pragma once

#include <filesystem>
#include <string>

#include "dawson/bundle/bundle.h"
#include "dawson/core/progress.h"
#include "dawson/training/run_data.h"
#include "dawson/training/settings.h"

namespace dawson::training {

/// What a finished run says of itself.
struct TrainingResult {
  int iterations = 0;  ///< done, fewer than asked when stopped early
  int best_iteration = 0;
  double best_validation_dice = 0;  ///< NaN without validation patients
};

/// Trains into `run`:
///   settings.json, history.tsv (a row an epoch), checkpoint-N/ (the latest whole state), and at
///   the end model/ (a bundle; threshold 0.5 until workflow chooses one).
///
/// Every iteration draws its randomness from (seed, iteration), so that with `resume` a run killed
/// at any moment goes on from its last checkpoint to the same weights as an unbroken one (CPU, same
/// number of threads). Throws Error{input} (no scans, folds), Error{usage} (a resume whose
/// settings differ), Error{output}, Error{resources}.
TrainingResult train(const TrainingData& data, const TrainingSettings& settings,
                     const std::filesystem::path& run, bool resume, Progress& progress);

}  // namespace dawson::training
