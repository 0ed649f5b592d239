// Tables of groups, of whole scans and of two models.
#include <cmath>

#include "dawson/evaluation/measures.h"
#include "dawson/report/chart_axis.h"
#include "dawson/report/evaluation_tables.h"
#include "dawson/report/markup.h"
#include "dawson/report/summary_reading.h"
#include "dawson/report/words.h"

namespace dawson::report {
namespace {

using core::Json;

constexpr int decimals = 3;
constexpr std::size_t most_open_rows = 40;

const EvaluationWords& words() {
  return english().evaluation;
}

std::string note(const std::string& text) {
  return "<p class=\"note\">" + escaped(text) + "</p>\n";
}

std::string number(const Json& object, const std::string& name) {
  return chart::figure(number_in(object, name), decimals);
}

std::string count(const Json& object, const std::string& name) {
  return chart::figure(number_in(object, name), 0);
}

std::string figure_with(const Json& object, const std::string& value, const std::string& low,
                        const std::string& high) {
  return with_interval(number_in(object, value), number_in(object, low), number_in(object, high),
                       decimals);
}

std::string figure_with_interval(const Json& object, const std::string& value) {
  const std::vector<double> interval = numbers_in(object, "interval");
  const bool known = interval.size() == 2;
  return with_interval(number_in(object, value), known ? interval[0] : number_of({}),
                       known ? interval[1] : number_of({}), decimals);
}

/// The measures that fairness looks at, as far as the summary has them.
std::vector<std::string> measures_of_groups() {
  return {"dice", "lesion_sensitivity", "lesion_f1", "false_lesions", "volume_difference_ml"};
}

std::string table_of_column(const std::string& column, const Json& groups) {
  std::vector<std::string> header{escaped(words().group), escaped(words().count)};
  for (const std::string& measure : measures_of_groups()) header.push_back(escaped(measure));
  std::vector<std::vector<std::string>> rows;
  for (const auto& [name, group] : groups.items()) {
    rows.push_back({escaped(name), count(group, "patients") + " (" + count(group, "cases") + ")"});
    for (const std::string& measure : measures_of_groups()) {
      rows.back().push_back(mean_with_interval(group, measure));
    }
  }
  const std::string title = filled(words().by_column, {column});
  return "<h3>" + escaped(title) + "</h3>\n" + html_table(title, header, rows);
}

std::string folded(const std::string& table, std::size_t rows) {
  if (rows <= most_open_rows) return table;
  return "<details><summary>" + escaped(filled(words().show_rows, {std::to_string(rows)})) +
         "</summary>\n" + table + "</details>\n";
}

std::string fairness(const Json& all) {
  const EvaluationWords& w = words();
  std::vector<std::string> header;
  for (const std::string& name : {w.group, w.measure, w.patients, w.value, w.others, w.difference,
                                  w.adjusted_p, w.detectable, w.verdict}) {
    header.push_back(escaped(name));
  }
  std::vector<std::vector<std::string>> rows;
  for (const Json& row : all) {
    rows.push_back({escaped(text_in(row, "column") + ": " + text_in(row, "group")),
                    escaped(text_in(row, "measure")), count(row, "patients"),
                    figure_with(row, "mean", "low", "high"),
                    number(row, "others_mean") + " (n = " + count(row, "others") + ")",
                    figure_with(row, "difference", "difference_low", "difference_high"),
                    escaped(p_value(number_in(row, "p_adjusted"))),
                    number(row, "detectable_difference"), escaped(text_in(row, "verdict"))});
  }
  return "<h3>" + escaped(w.fairness_title) + "</h3>\n" + note(w.fairness_note) +
         folded(html_table(w.fairness_title, header, rows), rows.size());
}

std::string list_of(const Json& names, const std::string& title) {
  if (!names.is_array() || names.empty()) return "";
  std::string html = note(title) + "<ul class=\"note\">";
  for (const Json& name : names) html += "<li>" + escaped(name.get<std::string>()) + "</li>";
  return html + "</ul>\n";
}

}  // namespace

std::string group_tables(const Json& summary) {
  const Json groups = part_of(summary, "groups");
  if (!groups.is_object() || groups.empty()) return "";
  std::string html = note(words().groups_note);
  for (const auto& [column, values] : groups.items()) html += table_of_column(column, values);
  const Json rows = part_of(summary, "fairness");
  return rows.is_array() && !rows.empty() ? html + fairness(rows) : html;
}

std::string scan_table(const Json& summary) {
  const EvaluationWords& w = words();
  const Json level = part_of(summary, "scan_level");
  if (!level.is_object()) return "";
  const auto share = [&](const std::string& name) {
    const Json part = part_of(level, name);
    return figure_with_interval(part, "mean") + ", n = " + count(part, "patients");
  };
  std::vector<std::vector<std::string>> rows{
      {escaped(w.scans_with), count(level, "with_lesions")},
      {escaped(w.scans_without), count(level, "without_lesions")},
      {escaped(w.scan_sensitivity), share("sensitivity")},
      {escaped(w.scan_specificity), share("specificity")},
      {escaped(w.scan_auc), figure_with_interval(part_of(level, "roc_auc"), "mean")}};
  if (number_in(level, "without_score") > 0) {
    rows.push_back({escaped(w.scans_no_score), count(level, "without_score")});
  }
  return note(w.scan_score) +
         html_table(w.scan_title, {escaped(w.measure), escaped(w.value)}, rows);
}

std::string comparison_table(const Json& summary) {
  const EvaluationWords& w = words();
  const Json comparison = part_of(summary, "comparison");
  if (!comparison.is_object()) return "";
  std::vector<std::string> header;
  for (const std::string& name :
       {w.measure, w.scope, w.patients, w.here, w.against, w.difference, w.wilcoxon}) {
    header.push_back(escaped(name));
  }
  std::vector<std::vector<std::string>> overall;
  std::vector<std::vector<std::string>> sites;
  for (const Json& row : part_of(comparison, "measures")) {
    const std::string scope = text_in(row, "scope");
    (scope == "all" ? overall : sites)
        .push_back({escaped(text_in(row, "measure")), escaped(scope), count(row, "patients"),
                    number(row, "mean"), number(row, "against_mean"),
                    figure_with_interval(row, "difference"),
                    escaped(p_value(number_in(row, "wilcoxon_p")))});
  }
  std::string html = note(w.comparison_note) + html_table(w.comparison_title, header, overall);
  if (!sites.empty()) {
    html += "<details><summary>" + escaped(w.per_site) + "</summary>\n" +
            html_table(w.per_site, header, sites) + "</details>\n";
  }
  return html + list_of(part_of(comparison, "only_prediction"), w.only_here) +
         list_of(part_of(comparison, "only_against"), w.only_against);
}

}  // namespace dawson::report
