#include "dawson/report/evaluation_tables.h"

#include <algorithm>

#include "dawson/report/chart_axis.h"
#include "dawson/report/markup.h"
#include "dawson/report/summary_reading.h"
#include "dawson/report/words.h"

namespace dawson::report {
namespace {

using core::Json;
using evaluation::MeasureColumn;

constexpr int most_decimals = 3;

const MeasureColumn& column_of(const std::string& name) {
  const auto& all = evaluation::measure_columns();
  return *std::find_if(all.begin(), all.end(), [&](const auto& c) { return c.name == name; });
}

std::string cell(const Json& value, int decimals) {
  return chart::figure(number_of(value), decimals);
}

/// A mean carries one digit more than a count does.
int decimals_of_mean(const MeasureColumn& column) {
  if (column.decimals == 0) return 1;
  return std::min(column.decimals, column.decimals > 4 ? 5 : most_decimals);
}

std::string each_patient(const Json& by_patient, int decimals) {
  std::string each;
  for (const auto& [patient, value] : by_patient.items()) {
    each += (each.empty() ? "" : ", ") + cell(value, decimals);
  }
  return each;
}

const std::vector<std::string>& case_columns() {
  static const std::vector<std::string> names{"dice",
                                              "sensitivity",
                                              "ppv",
                                              "ndsc",
                                              "reference_ml",
                                              "predicted_ml",
                                              "hd95_mm",
                                              "assd_mm",
                                              "reference_lesions",
                                              "lesion_f1",
                                              "lesion_sensitivity",
                                              "lesion_ppv",
                                              "false_lesions"};
  return names;
}

}  // namespace

std::string html_table(const std::string& caption, const std::vector<std::string>& header,
                       const std::vector<std::vector<std::string>>& rows) {
  std::string html = "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"" +
                     escaped(caption) + "\"><table><thead><tr>";
  for (const std::string& name : header) html += "<th scope=\"col\">" + name + "</th>";
  html += "</tr></thead><tbody>\n";
  for (const auto& row : rows) {
    html += "<tr>";
    for (std::size_t n = 0; n < row.size(); ++n) {
      html += n == 0 ? "<th scope=\"row\">" + row[n] + "</th>" : "<td>" + row[n] + "</td>";
    }
    html += "</tr>\n";
  }
  return html + "</tbody></table></div>\n";
}

std::string mean_with_interval(const Json& group, const std::string& measure) {
  if (!group.contains("measures") || !group["measures"].contains(measure)) return "n/a";
  const Json& figures = group["measures"][measure];
  const int decimals = decimals_of_mean(column_of(measure));
  const std::vector<double> interval = numbers_in(figures, "interval");
  const Json by_patient = part_of(figures, "by_patient");
  std::string text = interval.size() == 2 ? with_interval(number_in(figures, "mean"), interval[0],
                                                          interval[1], decimals)
                                          : cell(part_of(figures, "mean"), decimals);
  if (interval.empty() && by_patient.is_object() && by_patient.size() > 1) {
    text += " [" + each_patient(by_patient, decimals) + "]";
  }
  const int patients = figures.value("patients", 0);
  if (patients > 0 && patients < group.value("patients", 0)) {
    text += ", n = " + std::to_string(patients);
  }
  return text;
}

std::string overall_table(const Json& summary) {
  const EvaluationWords& words = english().evaluation;
  std::vector<std::string> header{words.measure, words.overall};
  std::vector<const Json*> groups{&summary["overall"]};
  const Json& sites = summary["sites"];
  if (sites.size() > 1) {
    for (const auto& [site, group] : sites.items()) {
      header.push_back(escaped(site));
      groups.push_back(&group);
    }
  }
  std::vector<std::vector<std::string>> rows{{words.count}};
  for (const Json* group : groups) {
    rows.back().push_back(std::to_string(group->value("patients", 0)) + " (" +
                          std::to_string(group->value("cases", 0)) + ")");
  }
  for (const MeasureColumn& measure : evaluation::measure_columns()) {
    if (!measure.in_summary) continue;
    rows.push_back({escaped(measure.name)});
    for (const Json* group : groups) {
      rows.back().push_back(mean_with_interval(*group, measure.name));
    }
  }
  rows.push_back({words.pooled});
  for (const Json* group : groups) {
    rows.back().push_back(cell(group->value("pooled_dice", Json()), most_decimals));
  }
  return html_table(words.overall_title, header, rows);
}

std::string case_table(const evaluation::CohortResult& cohort) {
  const EvaluationWords& words = english().evaluation;
  std::vector<std::string> header{words.scan};
  for (const std::string& name : case_columns()) header.push_back(escaped(name));
  std::vector<std::vector<std::string>> rows;
  for (const evaluation::CaseResult& c : cohort.cases) {
    rows.push_back({escaped(c.name)});
    for (const std::string& name : case_columns()) {
      const MeasureColumn& column = column_of(name);
      rows.back().push_back(
          chart::figure(column.value(c.measures), std::min(column.decimals, most_decimals)));
    }
  }
  return html_table(words.cases_title, header, rows);
}

std::string measure_list() {
  std::string html = "<dl>";
  for (const MeasureColumn& measure : evaluation::measure_columns()) {
    html += "<dt>" + escaped(measure.name) + "</dt><dd>" + escaped(measure.description) + "</dd>\n";
  }
  return html + "</dl>\n";
}

}  // namespace dawson::report
