// What became of each trial of a search: a line each, written as soon as it is known.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <utility>

#include "dawson/core/json.h"
#include "dawson/workflow/halving.h"

namespace dawson::workflow {

/// One trial on one rung.
struct TrialOutcome {
  bool done = false;
  std::string reason;  ///< why it failed
  double seconds = 0;
  double dice = 0, lesion_f1 = 0, false_lesions = 0;  ///< means over patients
  PatientScores scores;
};

/// ledger.jsonl: a header, then a line an outcome, each on the disk before the next trial starts. A
/// last line that a kill or a full disk cut short is left out, and written over.
class Ledger {
 public:
  /// Opens `file`, or begins it with `identity` (search_identity). Throws Error{usage}, saying what
  /// differs, when it is of another search or another version of dawson; Error{input} when a line
  /// before the last is damaged, Error{output} when it cannot be written.
  Ledger(std::filesystem::path file, const core::Json& identity);

  /// Null where the trial has not ended on that rung.
  [[nodiscard]] const TrialOutcome* find(std::size_t trial, std::size_t rung) const;
  /// Trials that failed count as not run, until they are written again.
  void forget_failed();
  /// The last word on a trial and rung counts. Throws Error{output}.
  void write(std::size_t trial, std::size_t rung, const TrialOutcome& outcome);

 private:
  void append(const std::string& line);
  std::filesystem::path file_;
  std::map<std::pair<std::size_t, std::size_t>, TrialOutcome> outcomes_;
};

}  // namespace dawson::workflow
