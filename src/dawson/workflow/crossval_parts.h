// What the cross-validations of networks and of traditional methods share. Private to this room.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "dawson/cache/cache.h"
#include "dawson/dataset/bids.h"
#include "dawson/segmentation/method.h"
#include "dawson/workflow/card.h"
#include "dawson/workflow/cohort.h"
#include "dawson/workflow/crossval.h"

namespace dawson::workflow {

/// Where everything of a cross-validation lies.
struct Layout {
  std::filesystem::path out;
  /// out/fold-K, or out/final for -1.
  [[nodiscard]] std::filesystem::path fold(int k) const;
  [[nodiscard]] std::filesystem::path prediction(const dataset::Scan& scan,
                                                 const char* suffix) const;
};

inline constexpr const char* probability_suffix = "_label-lesion_probseg.nii.gz";
inline constexpr const char* mask_suffix = "_label-lesion_mask.nii.gz";
inline constexpr const char* brain_suffix = "_label-brain_mask.nii.gz";

/// The scans that a fold may train on; all for -1.
std::vector<dataset::Scan> training_scans(const std::vector<dataset::Scan>& scans,
                                          const dataset::Folds& folds, int fold);

/// Throws Error{usage} with that advice when a folds.tsv is of another split.
void require_split(const dataset::Folds& folds, const std::filesystem::path& file,
                   const std::string& what_to_do);

/// The cache holds just the scans that the fold may train on: not one less, and none held out.
/// Throws Error{usage}.
void require_same_split(const cache::Cache& cache, const std::vector<dataset::Scan>& seen,
                        const std::filesystem::path& folder);

/// Throws Error{input} when a scan could not be prepared.
void require_done(const CohortOutcome& outcome);

/// The brain network of a run folder.
std::shared_ptr<const anatomy::BrainFinder> brain_finder(const std::filesystem::path& run);

/// Writes probabilities and brain mask of a held-out scan unless they are there.
void predict(const dataset::Scan& scan, const segmentation::Method& method, const Layout& layout,
             Progress& progress);

/// The fold's part of run_fold for a network: trains it, or averages the members', and predicts
/// what was held out.
void run_network_fold(const CrossvalSettings& settings, int fold,
                      const std::vector<dataset::Scan>& scans, const Layout& layout,
                      Progress& progress);

/// The models of all patients, with the rule chosen on all folds' predictions and their cards.
void ship_network(const CrossvalSettings& settings, const Layout& layout, const Decision& decision,
                  const evaluation::CohortResult& cohort,
                  const std::vector<BrainAgreement>& brains);

/// The fold's part of run_fold for a traditional method, after its brain model and cache lie in
/// `ready`: fits it on the cache into out/fold-K/METHOD and predicts what was held out.
void run_method_fold(const CrossvalSettings& settings, int fold, const std::filesystem::path& ready,
                     const std::vector<dataset::Scan>& scans, const Layout& layout,
                     Progress& progress);

/// The fitted method of all patients with its rule, to out/models/traditional/METHOD.
void ship_method(const CrossvalSettings& settings, const Layout& layout, const Decision& decision);

}  // namespace dawson::workflow
