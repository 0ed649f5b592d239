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
  double best = 0;  ///< of what settings.stop_on names; NaN without validation patients
  int rollbacks = 0;
};

/// Refuses what cannot be trained whatever the scans are: for callers that would prepare them for
/// hours first. Throws Error{usage} as TrainingSettings::check and for a patch that the network's
/// strides do not divide, Error{model} where the encoder's weights are not there.
void require_trainable(const TrainingSettings& settings);

/// Trains into `run`:
///   settings.json, history.tsv (a row an epoch), checkpoint-N/ (the latest whole state),
///   validation/ (slices at the best epoch, sight.h), and at the end model/: a bundle. Its
///   threshold, temperature and smallest lesion are those of settings.init, else 0.5, 1 and 3 mm³
///   until workflow chooses some.
///
/// Every iteration draws its randomness from (seed, iteration), so that with `resume` a run killed
/// at any moment goes on from its last checkpoint to the same weights as an unbroken one (CPU, same
/// number of threads).
///
/// One process at a time trains into a folder (cache::FolderLock): another warns and waits.
///
/// Where loss, gradient or weights are no longer finite the run goes back to its last checkpoint
/// (or its beginning), halves its learning rate from there on, warns, and gives up with
/// Error{resources} after settings.rollbacks such returns.
///
/// With settings.init the network, its slice input and its first weights are the bundle's;
/// settings.network, input and encoder_weights are passed over.
///
/// Throws as require_trainable, Error{input} (no scans, leaks, a bundle that does not fit),
/// Error{model}, Error{usage} (a resume whose settings or scans differ, naming them), Error{output}
/// (a full disk: the last checkpoint stays whole), Error{resources}.
TrainingResult train(const TrainingData& data, const TrainingSettings& settings,
                     const std::filesystem::path& run, bool resume, Progress& progress);

}  // namespace dawson::training
