// What each site reached: every patient's value, the mean and its interval.
#include <algorithm>
#include <cmath>

#include "dawson/evaluation/statistics.h"
#include "dawson/report/colours.h"
#include "dawson/report/plots.h"
#include "dawson/report/words.h"

namespace dawson::report {
namespace {

using namespace chart;
using evaluation::CohortResult;
using evaluation::PatientValue;

constexpr std::size_t most_rows = 24;
constexpr std::size_t most_looks = 7;
constexpr double mark_share = 0.022;  // of the plot's width: a mark of 7 units in about 320

const evaluation::MeasureColumn& column_of(const std::string& name) {
  const auto& all = evaluation::measure_columns();
  return *std::find_if(all.begin(), all.end(), [&](const auto& c) { return c.name == name; });
}

struct Row {
  std::string name;
  evaluation::Summary summary;
  Look look;
};

std::vector<Row> rows_of(const CohortResult& cohort, const evaluation::MeasureColumn& measure) {
  const SiteGroups groups(cohort, most_rows);
  std::vector<std::vector<PatientValue>> values(groups.names.size());
  std::vector<PatientValue> all;
  for (std::size_t n = 0; n < cohort.cases.size(); ++n) {
    const PatientValue value{cohort.cases[n].patient, measure.value(cohort.cases[n].measures)};
    values[groups.of_case[n]].push_back(value);
    all.push_back(value);
  }
  std::vector<Row> rows;
  for (std::size_t n = 0; n < groups.names.size(); ++n) {
    const Look look = look_of(groups.names.size() <= most_looks ? n : 0);
    rows.push_back({groups.names[n], evaluation::summarise(values[n]), look});
  }
  if (rows.size() > 1) {
    rows.push_back(
        {english().plots.all_sites, evaluation::summarise(all), {colours::quiet, {}, {}}});
  }
  return rows;
}

void draw_row(Chart& chart, const Row& row, double y, double row_height) {
  std::vector<double> values;
  for (const PatientValue& p : row.summary.patients) values.push_back(p.value);
  std::vector<double> shares;
  for (const double value : values) shares.push_back(share_of(chart.x, value));
  const double size = size_for(values.size());
  const std::vector<double> offsets = spread(shares, mark_share, (size + 0.5) / row_height);
  Marks marks{{}, row.look.mark, row.look.colour, size};
  marks.colour.opacity = opacity_for(values.size());
  for (std::size_t n = 0; n < values.size(); ++n)
    marks.points.push_back({values[n], y + offsets[n]});
  chart.elements.emplace_back(marks);
  if (!row.summary.interval) return;
  const evaluation::Interval interval = *row.summary.interval;
  chart.elements.emplace_back(ErrorBar{y, interval.low, interval.high, true, colours::ink});
  chart.elements.emplace_back(Marks{{{row.summary.mean, y}}, Mark::diamond, colours::ink, 9});
}

std::string said_of(const Row& row) {
  const PlotWords& words = english().plots;
  const std::string count = filled(words.count, {std::to_string(row.summary.patients.size())});
  if (!row.summary.interval) return count;
  return filled(words.mean_interval,
                {figure(row.summary.mean, 2), figure(row.summary.interval->low, 2),
                 figure(row.summary.interval->high, 2)}) +
         "\n" + count;
}

}  // namespace

Plot site_plot(const CohortResult& cohort, const std::string& name, const std::string& measure) {
  const PlotWords& words = english().plots;
  const bool of_dice = measure == "dice";
  const std::vector<Row> rows = rows_of(cohort, column_of(measure));
  const evaluation::Summary& all = rows.back().summary;
  if (all.patients.empty())
    return {name, of_dice ? words.dice_title : words.f1_title, std::nullopt, words.no_value};

  Chart chart;
  chart.title = of_dice ? words.dice_title : words.f1_title;
  chart.subtitle = counted(all.patients.size(), all.cases);
  if (all.undefined_cases > 0) {
    chart.subtitle += filled(words.undefined, {std::to_string(all.undefined_cases)});
  }
  chart.subtitle += words.sites_how;
  const double row_height = rows.size() > 8 ? 34 : 46;
  const auto count = static_cast<double>(rows.size());
  chart.plot_height = row_height * count;
  chart.x.title = of_dice ? words.dice_axis : words.f1_axis;
  chart.x.from = -0.015;
  chart.x.to = 1.015;
  chart.y.from = 0.5;
  chart.y.to = count + 0.5;
  chart.y.line = false;
  chart.y.grid = false;
  chart.description = chart.subtitle;
  for (std::size_t n = 0; n < rows.size(); ++n) {
    const double y = count - static_cast<double>(n);  // the first one on top
    chart.y.ticks.push_back({y, rows[n].name});
    draw_row(chart, rows[n], y, row_height);
    chart.edge_labels.push_back({y, said_of(rows[n]), colours::ink});
    chart.description += " " + rows[n].name + ": " + figure(rows[n].summary.mean, 3) + ".";
  }
  return {name, chart.title, chart, ""};
}

}  // namespace dawson::report
