// Predictions against references: measured, grouped, compared, pictured and written as one folder.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "dawson/core/json.h"
#include "dawson/core/progress.h"
#include "dawson/evaluation/cohort.h"

namespace dawson::workflow {

struct EvaluationSettings {
  std::vector<std::filesystem::path> references;  ///< masks or folders, as evaluation::pair_cases
  std::filesystem::path prediction;
  std::optional<std::filesystem::path> brain;         ///< as evaluation::pair_cases
  std::optional<std::filesystem::path> against;       ///< a second model's predictions
  std::optional<std::filesystem::path> scan;          ///< a FLAIR, or a folder: pictures are drawn
  std::optional<std::filesystem::path> participants;  ///< else the participants.tsv of each tree
  std::vector<std::string> by;                        ///< columns of it that make groups
  evaluation::LesionRule rule = evaluation::LesionRule::dawson;
  core::Json about;  ///< begins summary.json: command, version, settings
};

struct EvaluationOutcome {
  evaluation::CohortResult cohort;
  core::Json summary;  ///< as written
};

/// Measures case by case and writes into `folder` (existing, as AtomicFolder::temporary() is) the
/// tables, summary.json, index.html with plots/ and, with scans, pictures/CASE_comparison.png.
///
/// The second model is measured on the same references with the first one's brain masks. A case
/// that fails, an odd value of a patient, a scan that is missing and a case that one model alone
/// has become warnings of `progress`. Throws Error{input} when no case could be measured, when no
/// table of patients has a column of `by`, and as pair_cases; Error{output}.
EvaluationOutcome evaluate(const EvaluationSettings& settings, const std::filesystem::path& folder,
                           Progress& progress);

/// The names that `evaluate` can make in the folder, for AtomicFolder::claim.
std::vector<std::string> evaluation_names();

}  // namespace dawson::workflow
