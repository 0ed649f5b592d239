// Many cases: measured one at a time, written as tables and a summary.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "dawson/core/json.h"
#include "dawson/core/progress.h"
#include "dawson/evaluation/measures.h"
#include "dawson/evaluation/pairing.h"
#include "dawson/evaluation/statistics.h"

namespace dawson::evaluation {

/// One measured case. Made from files by evaluate_cohort, or in memory with evaluate_case.
struct CaseResult {
  std::string name;     ///< source/sub[/ses]
  std::string patient;  ///< source/sub: the unit of means and intervals
  std::string site;     ///< the source; "n/a" where none is known
  std::string brain_source = "n/a";
  CaseMeasures measures;
  /// The group by each of CohortResult::group_columns; "n/a" where it is not known.
  std::map<std::string, std::string> attributes{};
};

struct FailedCase {
  std::string name;
  std::string reason;  ///< one sentence
};

/// A measure of two models on the same patients.
struct ComparedMeasure {
  std::string scope;  ///< "all", or a site
  std::string measure;
  double first_mean = 0, second_mean = 0;  ///< over the patients in `paired`; NaN without any
  PairedComparison paired;                 ///< first − second
};

/// Two models, the cohort's own first, on the same references and brain masks.
struct ModelComparison {
  std::vector<ComparedMeasure> rows;
  std::vector<std::string> only_first, only_second;  ///< cases left out: one model alone has them
};

struct CohortResult {
  LesionRule rule = LesionRule::dawson;
  std::vector<CaseResult> cases;  ///< those of evaluate_cohort hold no list of lesions
  std::vector<FailedCase> failed;
  std::vector<std::string> predictions_without_reference;
  std::vector<std::string> group_columns;     ///< what cases are grouped by beside the site
  std::optional<ModelComparison> comparison;  ///< with another model
};

/// What a case was measured on; what is null is not known.
struct CaseVolumes {
  const volume::Mask* reference = nullptr;
  const volume::Mask* prediction = nullptr;
  const volume::Mask* brain = nullptr;
  const volume::Image* probabilities = nullptr;
};

/// Called with each measured case while its volumes and its list of lesions are at hand.
using CaseVisitor = std::function<void(const CaseResult&, const CaseVolumes&)>;

/// Reads and measures the pairs one at a time; a case whose files cannot be used is a failed case.
/// After `visit` a case's volumes and list of lesions are let go, so that memory does not grow with
/// lesions or voxels: a few kB a case stay. Throws Error{input} when no case at all could be
/// measured, and what `progress` and `visit` throw.
CohortResult evaluate_cohort(const Pairing& pairing, LesionRule rule, Progress& progress,
                             const CaseVisitor& visit = {});

/// Reads and measures one pair. Throws Error{input}.
CaseResult evaluate_files(const PairedCase& pair, LesionRule rule, const CaseVisitor& visit = {});

/// Cases that both have measured, measure by measure, overall and per site. Where one model's value
/// of a case is undefined, the case is left out of that measure for both.
ModelComparison compare_models(const CohortResult& first, const CohortResult& second,
                               const BootstrapSettings& settings = {});

/// Overall, per site and per group: each measure's mean over patients with its interval (a group of
/// fewer than five patients: value by value, without), Dice pooled over all voxels, volume
/// agreement; the curves, the decision for whole scans, the fairness table, the comparison, and
/// which cases failed. `about` (command, version, …) stands first.
core::Json summary_of(const CohortResult& cohort, const core::Json& about,
                      const BootstrapSettings& settings = {});

/// Writes cases.tsv, with groups fairness.tsv, with a second model comparison.tsv (each with its
/// .json) and summary.json into an existing folder, as AtomicFolder::temporary() is. Lesions are
/// written by LesionTable while they are at hand. Returns the summary. Throws Error{output}.
core::Json write_cohort(const CohortResult& cohort, const core::Json& about,
                        const std::filesystem::path& folder);

/// The names that write_cohort and LesionTable can make, for AtomicFolder::claim.
std::vector<std::string> cohort_file_names();

}  // namespace dawson::evaluation
