// Do some patients get worse results than others?
#pragma once

#include <string>
#include <vector>

#include "dawson/core/json.h"
#include "dawson/core/table.h"
#include "dawson/evaluation/cohort.h"

namespace dawson::evaluation {

/// The measures that groups are compared by.
const std::vector<std::string>& fairness_measures();

enum class Verdict {
  not_known,           ///< the group of patients whose column says nothing: not compared
  too_small_to_judge,  ///< fewer than five patients with a value here or among the others
  not_told_apart,      ///< the interval of the difference holds 0, or the permutation test says so
  may_differ,          ///< apart by itself (p < 0.05), but not among so many looks (Holm)
  differs,             ///< p < 0.05 after Holm over the whole table, and the interval without 0
};
/// "too small to judge", …
std::string_view name_of(Verdict verdict) noexcept;

/// A group of patients against all others whose group is known, in one measure.
struct FairnessRow {
  std::string column, group, measure;
  Summary own;                 ///< of the group
  std::size_t others = 0;      ///< patients with a value
  double others_mean = 0;      ///< NaN without any
  GroupComparison difference;  ///< group − others
  double adjusted_p = 0;  ///< difference.permutation_p by Holm over all rows; NaN where that is
  Verdict verdict = Verdict::not_known;
};

/// By column (of cohort.group_columns), group and measure.
std::vector<FairnessRow> fairness_of(const CohortResult& cohort,
                                     const BootstrapSettings& settings = {});

core::Table fairness_table(const std::vector<FairnessRow>& rows);
/// The same as an array of objects with the table's columns as keys; unknown figures are null.
core::Json fairness_json(const std::vector<FairnessRow>& rows);

}  // namespace dawson::evaluation
