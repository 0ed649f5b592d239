// Where a case's lesion load lies among those of a reference cohort.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace dawson::report {

/// Below this many cases a place within a cohort is called rough.
inline constexpr std::size_t small_cohort = 20;

/// One measure over the cohort's cases, ascending.
using CohortValues = std::vector<double>;

/// What a table says of other cases: one made by `segment` over a tree, or any with lesion_ml.
struct ReferenceCohort {
  std::string name;             ///< the file's name, without folders
  CohortValues lesion_ml;       ///< never empty
  CohortValues lesion_percent;  ///< empty where the table has no such column
  CohortValues lesions;         ///< counts; empty where the table has no such column
  std::size_t left_out = 0;     ///< rows that failed or say n/a
};

/// Reads a table with a column lesion_ml (millilitres) and, where there, lesion_percent, lesions
/// and status ("failed" leaves a row out, as n/a in lesion_ml does).
/// Throws Error{input}: cannot be read, lacks lesion_ml, holds a value that is no number, negative
/// or not finite, a percentage above 100, a count that is not whole, or no case that can be used.
ReferenceCohort read_reference_cohort(const std::filesystem::path& file);

/// A value's rank among others.
struct CohortPlace {
  double value = 0;
  std::size_t n = 0;         ///< cases of the cohort
  double percentile = 0;     ///< 100 × (cases below + half of those equal) / n
  double low = 0, high = 0;  ///< 95 % interval of the percentile in the population (Wilson 1927)
};

/// `values` ascending and not empty.
CohortPlace place_in(const CohortValues& values, double value);

}  // namespace dawson::report
