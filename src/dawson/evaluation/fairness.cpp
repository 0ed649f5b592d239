#include "dawson/evaluation/fairness.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "dawson/evaluation/attributes.h"
#include "dawson/evaluation/json_number.h"

namespace dawson::evaluation {
namespace {

constexpr double undefined = std::numeric_limits<double>::quiet_NaN();
constexpr double significance = 0.05;

const MeasureColumn& measure_named(const std::string& name) {
  const auto& all = measure_columns();
  return *std::find_if(all.begin(), all.end(), [&](const auto& m) { return m.name == name; });
}

std::vector<double> values_of(const std::vector<PatientValue>& patients) {
  std::vector<double> values;
  for (const PatientValue& p : patients) values.push_back(p.value);
  return values;
}

double mean_of(const std::vector<double>& values) {
  double sum = 0;
  for (const double v : values) sum += v;
  return values.empty() ? undefined : sum / static_cast<double>(values.size());
}

FairnessRow compare(const std::map<std::string, std::vector<PatientValue>>& groups,
                    const std::string& group, const BootstrapSettings& settings) {
  std::vector<PatientValue> rest;
  for (const auto& [name, values] : groups) {
    if (name != group && name != "n/a") rest.insert(rest.end(), values.begin(), values.end());
  }
  const std::vector<double> others = values_of(patient_means(rest));
  FairnessRow row;
  row.group = group;
  row.own = summarise(groups.at(group), settings);
  row.others = others.size();
  row.others_mean = mean_of(others);
  row.difference.mean_difference = row.difference.permutation_p =
      row.difference.detectable_difference = undefined;
  if (group != "n/a") {
    row.difference = compare_groups(values_of(row.own.patients), others, settings);
  }
  return row;
}

Verdict verdict_of(const FairnessRow& row) {
  if (row.group == "n/a") return Verdict::not_known;
  if (!row.difference.interval) return Verdict::too_small_to_judge;
  const bool holds_zero = row.difference.interval->low <= 0 && row.difference.interval->high >= 0;
  if (holds_zero || row.difference.permutation_p >= significance) return Verdict::not_told_apart;
  return row.adjusted_p < significance ? Verdict::differs : Verdict::may_differ;
}

/// One figure of a row, with its column.
struct Cell {
  core::Column column;
  std::string text;
  core::Json json;
};

Cell number_cell(const std::string& name, const std::string& description, double value,
                 int decimals) {
  return {{name, description}, core::number(value, decimals), json_number(value, decimals)};
}

Cell text_cell(const std::string& name, const std::string& description, const std::string& text) {
  return {{name, description}, text, text};
}

std::vector<Cell> cells_of(const FairnessRow& row) {
  const int decimals = row.measure.empty() ? 0 : measure_named(row.measure).decimals + 1;
  const Interval none{undefined, undefined};
  const Interval own = row.own.interval.value_or(none);
  const Interval apart = row.difference.interval.value_or(none);
  return {
      text_cell("column", "column of participants.tsv that makes the groups", row.column),
      text_cell("group", "value of that column; n/a: missing or odd", row.group),
      text_cell("measure", "as in cases.tsv", row.measure),
      number_cell("patients", "patients of the group with a value",
                  static_cast<double>(row.own.patients.size()), 0),
      number_cell("mean", "mean over the group's patients", row.own.mean, decimals),
      number_cell("low", "lower end of its 95 % interval, from five patients on", own.low,
                  decimals),
      number_cell("high", "upper end", own.high, decimals),
      number_cell("others", "patients of all other known groups with a value",
                  static_cast<double>(row.others), 0),
      number_cell("others_mean", "mean over those", row.others_mean, decimals),
      number_cell("difference", "mean less others_mean", row.difference.mean_difference, decimals),
      number_cell("difference_low",
                  "lower end of its 95 % bootstrap interval, from five patients on both sides",
                  apart.low, decimals),
      number_cell("difference_high", "upper end", apart.high, decimals),
      number_cell("p", "two-sided permutation test of the difference", row.difference.permutation_p,
                  4),
      number_cell("p_adjusted", "p adjusted for all rows of this table (Holm)", row.adjusted_p, 4),
      number_cell("detectable_difference",
                  "true difference that groups like these would show in four of five studies: "
                  "smaller ones may go unseen",
                  row.difference.detectable_difference, decimals),
      text_cell("verdict",
                "too small to judge: fewer than five patients on a side; not told apart; may "
                "differ: p < 0.05, but not after adjustment; differs: also after adjustment",
                std::string(name_of(row.verdict)))};
}

}  // namespace

const std::vector<std::string>& fairness_measures() {
  static const std::vector<std::string> names{"dice", "lesion_sensitivity", "lesion_f1",
                                              "false_lesions", "volume_difference_ml"};
  return names;
}

std::string_view name_of(Verdict verdict) noexcept {
  switch (verdict) {
    case Verdict::not_known:
      return "group not known";
    case Verdict::too_small_to_judge:
      return "too small to judge";
    case Verdict::not_told_apart:
      return "not told apart";
    case Verdict::may_differ:
      return "may differ";
    case Verdict::differs:
      return "differs";
  }
  return "";
}

std::vector<FairnessRow> fairness_of(const CohortResult& cohort,
                                     const BootstrapSettings& settings) {
  std::vector<FairnessRow> rows;
  for (const std::string& column : cohort.group_columns) {
    std::map<std::string, std::map<std::string, std::vector<PatientValue>>> by_measure;
    std::vector<std::string> groups;
    for (const CaseResult& c : cohort.cases) {
      const std::string& group = c.attributes.at(column);
      if (std::find(groups.begin(), groups.end(), group) == groups.end()) groups.push_back(group);
      for (const std::string& m : fairness_measures()) {
        by_measure[m][group].push_back({c.patient, measure_named(m).value(c.measures)});
      }
    }
    std::sort(groups.begin(), groups.end(), group_before);
    for (const std::string& group : groups) {
      for (const std::string& m : fairness_measures()) {
        rows.push_back(compare(by_measure[m], group, settings));
        rows.back().column = column;
        rows.back().measure = m;
      }
    }
  }
  std::vector<double> p;
  for (const FairnessRow& row : rows) p.push_back(row.difference.permutation_p);
  const std::vector<double> adjusted = holm_adjusted(p);
  for (std::size_t n = 0; n < rows.size(); ++n) {
    rows[n].adjusted_p = adjusted[n];
    rows[n].verdict = verdict_of(rows[n]);
  }
  return rows;
}

core::Table fairness_table(const std::vector<FairnessRow>& rows) {
  std::vector<core::Column> columns;
  for (const Cell& cell : cells_of({})) columns.push_back(cell.column);
  core::Table table(columns);
  for (const FairnessRow& row : rows) {
    std::vector<std::string> texts;
    for (const Cell& cell : cells_of(row)) texts.push_back(cell.text);
    table.add_row(std::move(texts));
  }
  return table;
}

core::Json fairness_json(const std::vector<FairnessRow>& rows) {
  core::Json json = core::Json::array();
  for (const FairnessRow& row : rows) {
    core::Json object = core::Json::object();
    for (const Cell& cell : cells_of(row)) object[cell.column.name] = cell.json;
    json.push_back(std::move(object));
  }
  return json;
}

}  // namespace dawson::evaluation
