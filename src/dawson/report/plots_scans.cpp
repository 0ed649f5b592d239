// Whole scans and two models.
#include <algorithm>
#include <cmath>

#include "dawson/report/colours.h"
#include "dawson/report/plots.h"
#include "dawson/report/summary_reading.h"
#include "dawson/report/words.h"

namespace dawson::report {
namespace {

using namespace chart;
using core::Json;

constexpr double row_height = 42;
constexpr std::size_t most_sites = 12;

struct Difference {
  std::string scope, measure;
  double value = 0, low = 0, high = 0, p = 0;
  std::size_t patients = 0;
};

/// Shares between 0 and 1, so that one axis serves all; Dice by site follows.
bool is_shown(const Difference& d) {
  static const std::vector<std::string> measures{"dice",      "sensitivity",        "ppv",
                                                 "lesion_f1", "lesion_sensitivity", "lesion_ppv"};
  return d.scope == "all" ? std::find(measures.begin(), measures.end(), d.measure) != measures.end()
                          : d.measure == "dice";
}

std::vector<Difference> differences_of(const Json& comparison) {
  std::vector<Difference> shown;
  std::size_t sites = 0;
  for (const Json& row : part_of(comparison, "measures")) {
    const std::vector<double> interval = numbers_in(row, "interval");
    const double none = number_of({});
    Difference d{text_in(row, "scope"),
                 text_in(row, "measure"),
                 number_in(row, "difference"),
                 interval.size() == 2 ? interval[0] : none,
                 interval.size() == 2 ? interval[1] : none,
                 number_in(row, "wilcoxon_p"),
                 row.value("patients", std::size_t{0})};
    if (!is_shown(d) || !std::isfinite(d.value)) continue;
    if (d.scope != "all" && ++sites > most_sites) continue;
    shown.push_back(std::move(d));
  }
  return shown;
}

void add_row(Chart& chart, const Difference& d, double y) {
  const PlotWords& words = english().plots;
  const bool all = d.scope == "all";
  const Look look = look_of(all ? 0 : 1);
  chart.y.ticks.push_back(
      {y, all ? d.measure : filled(words.difference_row, {d.measure, d.scope})});
  chart.elements.emplace_back(ErrorBar{y, d.low, d.high, true, look.colour});
  chart.elements.emplace_back(Marks{{{d.value, y}}, look.mark, look.colour, 8});
  const std::string value = with_interval(d.value, d.low, d.high, 3);
  chart.edge_labels.push_back(
      {y, value + "\n" + filled(words.difference_count, {std::to_string(d.patients), p_value(d.p)}),
       colours::ink});
  chart.description += " " + chart.y.ticks.back().label + ": " + value + ".";
}

}  // namespace

Plot scan_roc_plot(const Json& summary) {
  const PlotWords& words = english().plots;
  const std::string name = "scan_roc";
  const Json level = part_of(summary, "scan_level");
  const Json roc = part_of(level, "roc");
  if (!roc.is_array() || roc.empty()) {
    return {name, words.scan_roc_title, std::nullopt, words.no_scan_roc};
  }
  Chart chart;
  chart.title = words.scan_roc_title;
  const Json auc = part_of(level, "roc_auc");
  const std::vector<double> interval = numbers_in(auc, "interval");
  const double none = number_of({});
  chart.subtitle = filled(
      words.scan_roc_how,
      {figure(number_in(level, "with_lesions"), 0), figure(number_in(level, "without_lesions"), 0),
       with_interval(number_in(auc, "mean"), interval.size() == 2 ? interval[0] : none,
                     interval.size() == 2 ? interval[1] : none, 3)});
  chart.description = chart.subtitle;
  chart.x.title = words.scan_roc_x;
  chart.x.from = -0.01;
  chart.x.to = 1.01;
  chart.y.title = words.scan_roc_y;
  chart.y.from = -0.01;
  chart.y.to = 1.01;
  const Look look = look_of(0);
  Line line{{}, look.colour, 2.2, {}};
  for (const Json& point : roc) {
    if (point.is_array() && point.size() == 2) {
      line.points.push_back({number_of(point[0]), number_of(point[1])});
    }
  }
  chart.elements.emplace_back(Line{{{0, 0}, {1, 1}}, colours::quiet, 1.3, {5, 4}});
  chart.elements.emplace_back(line);
  return {name, chart.title, chart, ""};
}

Plot difference_plot(const Json& summary) {
  const PlotWords& words = english().plots;
  const std::string name = "model_difference";
  const std::vector<Difference> rows = differences_of(part_of(summary, "comparison"));
  if (rows.empty()) return {name, words.difference_title, std::nullopt, words.no_value};
  Chart chart;
  chart.title = words.difference_title;
  chart.subtitle = words.difference_how;
  chart.description = words.difference_how;
  std::vector<double> values{0};
  for (const Difference& d : rows) values.insert(values.end(), {d.value, d.low, d.high});
  chart.x = axis_around(words.difference_x, values);
  const auto count = static_cast<double>(rows.size());
  chart.plot_height = row_height * count;
  chart.y.from = 0.5;
  chart.y.to = count + 0.5;
  chart.y.line = false;
  chart.y.grid = false;
  chart.elements.emplace_back(Guide{0, true, false, colours::quiet});
  for (std::size_t n = 0; n < rows.size(); ++n) {
    add_row(chart, rows[n], count - static_cast<double>(n));
  }
  return {name, chart.title, chart, ""};
}

}  // namespace dawson::report
