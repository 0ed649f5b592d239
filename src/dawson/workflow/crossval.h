// All folds: for each, a brain model, a cache, a lesion model and the predictions of what was held
// out; then one decision rule for each fold, made on the others' predictions, and one results page.
#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "dawson/core/progress.h"
#include "dawson/dataset/folds.h"
#include "dawson/preprocessing/recipe.h"
#include "dawson/training/settings.h"
#include "dawson/workflow/decision.h"

namespace dawson::workflow {

/// The scans with a manual lesion mask, of BIDS trees or folders of them.
std::vector<dataset::Scan> labelled_scans(const std::vector<std::filesystem::path>& trees);

inline constexpr const char* network_method = "network";

struct CrossvalSettings {
  std::string method = network_method;      ///< or one of segmentation::traditional_methods()
  std::vector<std::filesystem::path> data;  ///< BIDS trees, or folders of them
  /// BIDS trees that train beside the patients: phantoms always; scans made of a patient of the
  /// split (same source and participant, as dawson derive writes them) where that patient trains.
  std::vector<std::filesystem::path> extra;
  double extra_weight = 0.2;  ///< of an extra patient against a patient's 1
  dataset::Folds folds;       ///< the patient-level split
  std::filesystem::path atlas;
  /// A cross-validation of the same data and folds whose brain models and caches serve, so that
  /// both see the same brains.
  std::optional<std::filesystem::path> from;
  /// Cross-validations of the same folds and brain models whose lesion networks are averaged, fold
  /// by fold; none: one network is trained.
  std::vector<std::filesystem::path> members;
  bool prepare_only = false;  ///< brain models and caches, what `from` needs; nothing is judged
  training::TrainingSettings brain;
  training::TrainingSettings lesion;
  preprocessing::RecipeSettings recipe;
  core::Json record;         ///< begins the evaluation's summary: command, version, settings
  std::string command_line;  ///< for the results page and the cards
};

/// Trains and predicts one fold into out/fold-K: brain/ and lesion/ (runs), cache/, predictions/.
/// Whatever an earlier, unfinished call did is kept, as is the split (out/folds.tsv): another
/// one is refused (Error{usage}), since its models have seen patients that this one holds out.
/// Nothing of fold K's patients is opened before the predictions. Fold -1 stands for the final
/// models: all patients, no predictions. A traditional method is fitted to METHOD/ in lesion/'s
/// place.
void run_fold(const CrossvalSettings& settings, int fold, const std::filesystem::path& out,
              Progress& progress);

/// run_fold has nothing left to do for this fold.
bool fold_is_done(const CrossvalSettings& settings, int fold, const std::filesystem::path& out);

/// The folds' predictions to out/decision.json (of every fold and of all), out/evaluation/ and
/// out/results.md; where the final models are trained, also out/models/: the bundles to ship.
/// Throws Error{input} when a fold's predictions are missing.
void gather(const CrossvalSettings& settings, const std::filesystem::path& out, Progress& progress);

}  // namespace dawson::workflow
