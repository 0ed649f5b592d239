#include "dawson/core/table.h"
#include "dawson/evaluation/cohort.h"
#include "dawson/evaluation/fairness.h"
#include "dawson/evaluation/summary.h"

namespace dawson::evaluation {
namespace {

using core::Json;

core::Table case_table(const CohortResult& cohort) {
  std::vector<core::Column> columns = {
      {"case", "source/participant[/session], or the file's stem"},
      {"patient", "the unit of means and intervals: visits of one patient count as one"},
      {"site", "the folder of the data set"},
      {"status", "measured, or why not"},
      {"brain_source", "where the brain mask is from: given, reference, prediction, n/a (none)"}};
  for (const MeasureColumn& m : measure_columns()) columns.push_back({m.name, m.description});
  columns.push_back({"reference_has_lesion", "yes when a lesion of the reference counts"});
  for (const std::string& group : cohort.group_columns) {
    columns.push_back({"group_" + group, "group by the column " + group + " of participants.tsv"});
  }
  core::Table table(columns);
  for (const CaseResult& c : cohort.cases) {
    std::vector<std::string> row{c.name, c.patient, c.site, "measured", c.brain_source};
    for (const MeasureColumn& m : measure_columns()) {
      row.push_back(core::number(m.value(c.measures), m.decimals));
    }
    row.emplace_back(c.measures.lesions.all.reference > 0 ? "yes" : "no");
    for (const std::string& group : cohort.group_columns) row.push_back(c.attributes.at(group));
    table.add_row(std::move(row));
  }
  for (const FailedCase& failure : cohort.failed) {
    std::vector<std::string> row(columns.size(), "n/a");
    row[0] = failure.name;
    row[3] = failure.reason;
    table.add_row(std::move(row));
  }
  return table;
}

core::Table comparison_table(const ModelComparison& comparison) {
  core::Table table({
      {"scope", "all patients, or a site"},
      {"measure", "as in cases.tsv"},
      {"patients", "patients with a value of both models"},
      {"mean", "mean over those patients of the model under --prediction"},
      {"against_mean", "mean over the same patients of the model under --against"},
      {"difference", "mean less against_mean"},
      {"low", "lower end of its 95 % interval (bootstrap over patients), from five patients on"},
      {"high", "upper end"},
      {"wilcoxon_p", "two-sided signed-rank test over patients; n/a where all are equal"},
  });
  constexpr int decimals = 5;
  for (const ComparedMeasure& row : comparison.rows) {
    const auto& interval = row.paired.interval;
    table.add_row({row.scope, row.measure, std::to_string(row.paired.patients),
                   core::number(row.first_mean, decimals), core::number(row.second_mean, decimals),
                   core::number(row.paired.mean_difference, decimals),
                   interval ? core::number(interval->low, decimals) : "n/a",
                   interval ? core::number(interval->high, decimals) : "n/a",
                   core::number(row.paired.wilcoxon_p, 6)});
  }
  return table;
}

}  // namespace

std::vector<std::string> cohort_file_names() {
  return {"cases.tsv",     "cases.json",     "lesions.tsv",     "lesions.json", "fairness.tsv",
          "fairness.json", "comparison.tsv", "comparison.json", "summary.json"};
}

Json write_cohort(const CohortResult& cohort, const Json& about,
                  const std::filesystem::path& folder) {
  const std::vector<FairnessRow> fairness = fairness_of(cohort);
  case_table(cohort).write(folder / "cases.tsv");
  if (!cohort.group_columns.empty()) {
    fairness_table(fairness).write(folder / "fairness.tsv");
  }
  if (cohort.comparison) comparison_table(*cohort.comparison).write(folder / "comparison.tsv");
  Json summary = summary_with(cohort, about, fairness, {});
  core::write_json(folder / "summary.json", summary);
  return summary;
}

}  // namespace dawson::evaluation
