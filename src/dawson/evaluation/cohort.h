// Many cases: measured one at a time, written as tables, a summary and a page.
#pragma once

#include <cstddef>
#include <filesystem>
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
};

struct FailedCase {
  std::string name;
  std::string reason;  ///< one sentence
};

struct CohortResult {
  LesionRule rule = LesionRule::dawson;
  std::vector<CaseResult> cases;
  std::vector<FailedCase> failed;
  std::vector<std::string> predictions_without_reference;
};

/// Reads and measures the pairs one at a time; a case whose files cannot be used is a failed case.
/// Throws Error{input} when no case at all could be measured, and what `progress` throws.
CohortResult evaluate_cohort(const Pairing& pairing, LesionRule rule, Progress& progress);

/// Reads and measures one pair. Throws Error{input}.
CaseResult evaluate_files(const PairedCase& pair, LesionRule rule);

/// Overall and per site: each measure's mean over patients with its interval (a group of fewer than
/// five patients: value by value, without), Dice pooled over all voxels, volume agreement, and
/// which cases failed. `about` (command, version, …) stands first.
core::Json summary_of(const CohortResult& cohort, const core::Json& about,
                      const BootstrapSettings& settings = {});

/// Writes cases.tsv, lesions.tsv (each with its .json), summary.json and index.html into an
/// existing folder, as AtomicFolder::temporary() is. Throws Error{output}.
void write_cohort(const CohortResult& cohort, const core::Json& about,
                  const std::filesystem::path& folder);

/// The names that write_cohort makes, for AtomicFolder::claim.
std::vector<std::string> cohort_file_names();

}  // namespace dawson::evaluation
