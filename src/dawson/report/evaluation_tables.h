// The tables of the evaluation page, as HTML. Private to this room.
#pragma once

#include <string>
#include <vector>

#include "dawson/core/json.h"
#include "dawson/evaluation/cohort.h"

namespace dawson::report {

/// `<table>` in a box that scrolls; the first row and the first column are headings. Cells are
/// HTML already.
std::string html_table(const std::string& caption, const std::vector<std::string>& header,
                       const std::vector<std::vector<std::string>>& rows);

/// "0.71 (0.62 to 0.79)" of a measure in the summary of a group; without an interval the mean and
/// each patient's value; with n where not all patients have one.
std::string mean_with_interval(const core::Json& group, const std::string& measure);

/// Every measure of the summary overall and per site.
std::string overall_table(const core::Json& summary);
/// A table a column of participants.tsv, then each group against all others; empty without groups.
std::string group_tables(const core::Json& summary);
/// The decision for whole scans; empty where the summary has none.
std::string scan_table(const core::Json& summary);
/// This model and another; empty without a comparison.
std::string comparison_table(const core::Json& summary);
/// The main figures of each scan; n/a where undefined.
std::string case_table(const evaluation::CohortResult& cohort);
/// `<dl>` of all measures with their definitions.
std::string measure_list();

}  // namespace dawson::report
