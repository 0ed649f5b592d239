// Brain models and caches of a cross-validation's folds: what a network is trained on, or a
// traditional method fitted. Private to this room.
#pragma once

#include <filesystem>
#include <vector>

#include "dawson/training/run_data.h"
#include "dawson/workflow/crossval_parts.h"

namespace dawson::workflow {

/// What trains beside the patients.
struct Extra {
  std::vector<dataset::Scan> heads;    ///< of nobody in the split: phantoms
  std::vector<dataset::Scan> derived;  ///< made of patients whom the fold may train on
};

/// The extra scans of a fold, sorted by whose they are. Throws Error{input} where two have the same
/// source and name.
Extra extra_scans(const CrossvalSettings& settings, int fold);

/// Trains unless the run already holds its model.
void train_once(const training::TrainingData& data, const training::TrainingSettings& settings,
                const std::filesystem::path& run, Progress& progress);

/// The fold's brain model, and the cache of its patients by it, in `prepared`.
void prepare_patients(const CrossvalSettings& settings, int fold,
                      const std::vector<dataset::Scan>& scans, const Layout& prepared,
                      Progress& progress);

/// What the lesion network of a fold trains on: caches of the patients, of phantoms, and of what
/// was derived from the patients. Made in `prepared`, or found there.
training::TrainingData prepare_slices(const CrossvalSettings& settings, int fold,
                                      const std::vector<dataset::Scan>& scans,
                                      const Layout& prepared, Progress& progress);

}  // namespace dawson::workflow
