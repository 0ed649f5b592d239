// A training run: from scans in memory to a bundle in a folder, and on after a kill.
#pragma once

#include <filesystem>
#include <string>

#include "dawson/bundle/bundle.h"
#include "dawson/cache/cache.h"
#include "dawson/core/progress.h"
#include "dawson/training/settings.h"

namespace dawson::training {

/// Which scans a run may see.
struct CacheSelection {
  std::filesystem::path cache;
  std::vector<std::string> patients;  ///< "source/participant"; empty: all in the cache
  double weight = 1;                  ///< of each patient, when patients are drawn
};

/// The first cache's recipe is sealed into the bundle, and validation patients are drawn from it;
/// the others add scans (phantoms, say).
using TrainingData = std::vector<CacheSelection>;

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
