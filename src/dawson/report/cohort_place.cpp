#include "dawson/report/cohort_place.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "dawson/core/error.h"
#include "dawson/core/table.h"

namespace dawson::report {
namespace {

/// One column of the cohort's table and what its values may be.
struct Measure {
  const char* column;
  double most;
  bool whole;
};

class CohortTable {
 public:
  explicit CohortTable(const std::filesystem::path& file)
      : file_(file), table_(core::Table::read(file)) {}

  [[nodiscard]] std::size_t rows() const { return table_.rows().size(); }
  [[nodiscard]] bool has(const char* column) const { return table_.has_column(column); }
  [[nodiscard]] bool failed(std::size_t row) const {
    return has("status") && cell(row, "status") == "failed";
  }
  /// Nothing for n/a and empty cells.
  [[nodiscard]] std::optional<double> value(std::size_t row, const Measure& m) const {
    const std::string& text = cell(row, m.column);
    if (text.empty() || text == "n/a") return std::nullopt;
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool number = error == std::errc{} && end == text.data() + text.size();
    if (!number || !std::isfinite(value)) refuse(row, m, "is no number");
    if (value < 0) refuse(row, m, "is negative");
    if (value > m.most) refuse(row, m, "is above " + core::number(m.most, 0));
    if (m.whole && value != std::floor(value)) refuse(row, m, "is no whole number");
    return value;
  }

 private:
  [[nodiscard]] const std::string& cell(std::size_t row, const char* column) const {
    return table_.rows()[row][table_.column(column)];
  }
  [[noreturn]] void refuse(std::size_t row, const Measure& m, const std::string& why) const {
    // The header is line 1.
    throw Error(ExitCode::input,
                std::string(m.column) + " '" + cell(row, m.column).substr(0, 40) + "' " + why +
                    " (line " + std::to_string(row + 2) + ")",
                file_.string(), "mend the value or write n/a");
  }

  std::filesystem::path file_;
  core::Table table_;
};

}  // namespace

ReferenceCohort read_reference_cohort(const std::filesystem::path& file) {
  const CohortTable table(file);
  constexpr Measure volume{"lesion_ml", 1e6, false}, percent{"lesion_percent", 100, false},
      count{"lesions", 1e9, true};
  ReferenceCohort cohort;
  cohort.name = file.filename().string();
  if (!table.has(volume.column)) {
    throw Error(ExitCode::input, "has no column lesion_ml, so it is no reference cohort",
                file.string(), "give a cohort.tsv that dawson segment wrote over a tree");
  }
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const auto lesion_ml = table.failed(row) ? std::nullopt : table.value(row, volume);
    if (!lesion_ml) {
      ++cohort.left_out;
      continue;
    }
    cohort.lesion_ml.push_back(*lesion_ml);
    const auto add = [&](const Measure& m, CohortValues& values) {
      if (!table.has(m.column)) return;
      if (const auto value = table.value(row, m)) values.push_back(*value);
    };
    add(percent, cohort.lesion_percent);
    add(count, cohort.lesions);
  }
  if (cohort.lesion_ml.empty()) {
    throw Error(ExitCode::input, "holds no case with a lesion volume", file.string());
  }
  for (CohortValues* values : {&cohort.lesion_ml, &cohort.lesion_percent, &cohort.lesions}) {
    std::sort(values->begin(), values->end());
  }
  return cohort;
}

CohortPlace place_in(const CohortValues& values, double value) {
  const auto [from, to] = std::equal_range(values.begin(), values.end(), value);
  const auto n = static_cast<double>(values.size());
  const auto below = static_cast<double>(from - values.begin());
  const auto equal = static_cast<double>(to - from);
  const double p = (below + equal / 2) / n;
  constexpr double z = 1.959964;  // of 95 %
  const double middle = (p + z * z / (2 * n)) / (1 + z * z / n);
  const double half = z / (1 + z * z / n) * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n));
  return {value, values.size(), 100 * p, 100 * std::max(0.0, middle - half),
          100 * std::min(1.0, middle + half)};
}

}  // namespace dawson::report
