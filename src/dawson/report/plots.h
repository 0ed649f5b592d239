// The plots of an evaluated cohort. Private to this room.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "dawson/core/json.h"
#include "dawson/evaluation/cohort.h"
#include "dawson/report/chart.h"

namespace dawson::report {

/// A plot, or why there is none.
struct Plot {
  std::string name;   ///< of its files: "roc"
  std::string title;  ///< for readers
  std::optional<chart::Chart> chart;
  std::string left_out;  ///< one sentence where there is no chart
};

/// All plots of a cohort in the order of reading. `summary` is evaluation::summary_of the cohort,
/// with the curves of evaluation::curves_json under "curves" and the comparison with another model,
/// if any, under "comparison".
std::vector<Plot> plots_of(const evaluation::CohortResult& cohort, const core::Json& summary);

/// Groups of cases that look alike in every plot: the sites, the largest ones by themselves.
struct SiteGroups {
  std::vector<std::string> names;  ///< in the order of their looks
  std::vector<std::size_t> of_case;
  /// At most `most` groups; further sites share the last, "others".
  SiteGroups(const evaluation::CohortResult& cohort, std::size_t most);
};

// Each of them, by file.
Plot roc_plot(const core::Json& summary);
Plot pr_plot(const core::Json& summary);
Plot reliability_plot(const core::Json& summary);
Plot scan_roc_plot(const core::Json& summary);
/// Of two models; there is none without a comparison in the summary.
Plot difference_plot(const core::Json& summary);
Plot dice_against_load(const evaluation::CohortResult& cohort);
Plot volume_agreement_plot(const evaluation::CohortResult& cohort);
Plot sensitivity_by_size(const evaluation::CohortResult& cohort);
/// One row a site of a measure's value in each patient; `measure` is a column of cases.tsv.
Plot site_plot(const evaluation::CohortResult& cohort, const std::string& name,
               const std::string& measure);

/// How opaque so many marks may be: the fewer, the more.
double opacity_for(std::size_t marks);
double size_for(std::size_t marks);

/// Offsets in rows (−0.5 to 0.5) that keep marks of about `mark_share` of the axis apart where
/// there is room for it. The same values give the same offsets.
std::vector<double> spread(const std::vector<double>& shares, double mark_share, double row_step);

/// "13 patients, 15 scans".
std::string counted(std::size_t patients, std::size_t cases);

}  // namespace dawson::report
