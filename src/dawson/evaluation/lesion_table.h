// lesions.tsv: a row a lesion of either mask, written case by case.
#pragma once

#include <filesystem>
#include <fstream>

#include "dawson/evaluation/cohort.h"

namespace dawson::evaluation {

/// Rows go to the file as they come, so that a cohort's lesions never stand in memory together.
class LesionTable {
 public:
  /// Begins `file` and the .json beside it that explains the columns. Throws Error{output}.
  explicit LesionTable(const std::filesystem::path& file);
  /// The lesions that the case's measures list. Throws Error{output}.
  void add(const CaseResult& result);
  /// Throws Error{output} when not everything reached the file.
  void finish();

 private:
  std::filesystem::path file_;
  std::ofstream out_;
};

}  // namespace dawson::evaluation
