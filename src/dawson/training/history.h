// history.tsv: how a run went, a row an epoch.
#pragma once

#include <filesystem>

#include "dawson/core/table.h"
#include "dawson/training/learner.h"
#include "dawson/training/validation.h"

namespace dawson::training {

struct EpochRecord {
  int iteration = 0;  ///< iterations done
  double seconds = 0;
  double learning_rate = 0;
  StepSums::Means means;
  ValidationScores validation;
  int rollbacks = 0;
};

class History {
 public:
  History();
  void add(const EpochRecord& epoch);
  /// Takes from run/history.tsv the rows of epochs that end at `iteration` or before. Throws
  /// Error{input} when it is missing or is not this version's.
  void load(const std::filesystem::path& run, int iteration);
  /// history.tsv and, beside it, history.json. Throws Error{output}.
  void write(const std::filesystem::path& run) const;

 private:
  core::Table table_;
};

}  // namespace dawson::training
