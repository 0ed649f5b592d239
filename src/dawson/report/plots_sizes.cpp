// How many lesions of each size are found.
#include <cmath>

#include "dawson/evaluation/statistics.h"
#include "dawson/report/colours.h"
#include "dawson/report/plots.h"
#include "dawson/report/words.h"

namespace dawson::report {
namespace {

using namespace chart;
using evaluation::CaseResult;
using evaluation::CohortResult;
using evaluation::PatientValue;

constexpr double row_step = 0.02;    // of the room between two classes, a patient
constexpr double mark_share = 0.03;  // of the plot's height

/// "3–10", "≥ 500".
std::string class_name(std::size_t size) {
  const auto& from = evaluation::size_class_from_mm3;
  const auto whole = [](double value) { return std::to_string(std::lround(value)); };
  return size + 1 < from.size() ? whole(from[size]) + "–" + whole(from[size + 1])
                                : "≥ " + whole(from[size]);
}

struct SizeClass {
  evaluation::Summary summary;
  std::size_t lesions = 0;
};

SizeClass size_class_of(const CohortResult& cohort, std::size_t size) {
  SizeClass result;
  std::vector<PatientValue> values;
  for (const CaseResult& c : cohort.cases) {
    const evaluation::LesionCounts& counts = c.measures.lesions.by_size[size];
    if (counts.reference == 0) continue;
    result.lesions += counts.reference;
    values.push_back(
        {c.patient, static_cast<double>(counts.found) / static_cast<double>(counts.reference)});
  }
  result.summary = evaluation::summarise(values);
  return result;
}

void draw_class(Chart& chart, const SizeClass& size, double x) {
  std::vector<double> values;
  for (const PatientValue& p : size.summary.patients) values.push_back(p.value);
  const std::vector<double> offsets =
      spread(values, mark_share, row_step * size_for(values.size()));
  Marks marks{{}, Mark::disc, colours::series_blue, size_for(values.size())};
  marks.colour.opacity = 0.6 * opacity_for(values.size());
  for (std::size_t n = 0; n < values.size(); ++n)
    marks.points.push_back({x + offsets[n], values[n]});
  chart.elements.emplace_back(marks);
  if (!size.summary.interval) return;
  chart.elements.emplace_back(
      ErrorBar{x, size.summary.interval->low, size.summary.interval->high, false, colours::ink});
  chart.elements.emplace_back(Marks{{{x, size.summary.mean}}, Mark::diamond, colours::ink, 9});
}

}  // namespace

Plot sensitivity_by_size(const CohortResult& cohort) {
  const PlotWords& words = english().plots;
  const std::string name = "sensitivity_by_size";
  Chart chart;
  chart.title = words.size_title;
  chart.subtitle = words.size_how;
  chart.description = chart.subtitle;
  chart.x.title = words.size_axis;
  chart.x.from = 0.4;
  chart.x.to = static_cast<double>(evaluation::size_class_from_mm3.size()) + 0.6;
  chart.x.grid = false;
  chart.y.title = words.size_y;
  chart.y.from = -0.02;
  chart.y.to = 1.02;
  std::size_t lesions = 0;
  for (std::size_t n = 0; n < evaluation::size_class_from_mm3.size(); ++n) {
    const SizeClass size = size_class_of(cohort, n);
    const double x = static_cast<double>(n) + 1;
    chart.x.ticks.push_back({x, class_name(n) + "\n" + std::to_string(size.lesions) + " / " +
                                    std::to_string(size.summary.patients.size())});
    draw_class(chart, size, x);
    chart.description += " " + class_name(n) + " mm³: " + figure(size.summary.mean, 3) + ".";
    lesions += size.lesions;
  }
  if (lesions == 0) return {name, words.size_title, std::nullopt, words.no_lesions};
  return {name, chart.title, chart, ""};
}

}  // namespace dawson::report
