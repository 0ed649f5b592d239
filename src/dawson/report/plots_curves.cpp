// What the probabilities are worth: ROC, precision and recall, reliability.
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

constexpr double highest_bar = 0.22;  // share of the plot, for the fullest bin
constexpr double band_opacity = 0.22;

/// What summary.json says of a curve; null where it says nothing.
Json curve_of(const Json& summary, const std::string& name) {
  const Json curve = part_of(part_of(summary, "curves"), name);
  const bool drawn = curve.is_array() ? !curve.empty() : !numbers_in(curve, "x").empty();
  return drawn ? curve : Json();
}

std::vector<Point> points_of(const std::vector<double>& x, const std::vector<double>& y) {
  std::vector<Point> points;
  for (std::size_t n = 0; n < std::min(x.size(), y.size()); ++n) points.push_back({x[n], y[n]});
  return points;
}

/// Band and mean, and beside it the curve of all voxels together.
void add_curve(Chart& chart, const Json& curve) {
  const PlotWords& words = english().plots;
  const std::vector<double> x = numbers_in(curve, "x");
  const std::vector<double> low = numbers_in(curve, "low");
  const std::vector<double> high = numbers_in(curve, "high");
  const Look mean = look_of(0);
  const Look pooled = look_of(1);
  if (low.size() == x.size() && high.size() == x.size()) {
    Colour pale = mean.colour;
    pale.opacity = band_opacity;
    chart.elements.emplace_back(Band{x, low, high, pale});
    chart.subtitle += words.curve_how;
  } else {
    chart.subtitle += words.curve_few;
  }
  chart.elements.emplace_back(
      Line{points_of(x, numbers_in(curve, "pooled")), pooled.colour, 1.6, pooled.dash});
  chart.elements.emplace_back(Line{points_of(x, numbers_in(curve, "mean")), mean.colour, 2.2, {}});
  chart.key.push_back({words.curve_mean, mean, true});
  chart.key.push_back({words.curve_pooled, pooled, true});
}

/// "0.993 (0.990–0.996)" of a measure's mean over patients, or nothing.
std::string area_of(const Json& summary, const std::string& measure) {
  const Json figures = part_of(part_of(part_of(summary, "overall"), "measures"), measure);
  const double mean = number_in(figures, "mean");
  const std::vector<double> interval = numbers_in(figures, "interval");
  if (!std::isfinite(mean)) return "";
  if (interval.size() != 2) return figure(mean, 3);
  return with_interval(mean, interval[0], interval[1], 3);
}

/// The smallest rate above 0 that the curve holds: a logarithmic axis begins there.
double least_rate_of(const Json& curve) {
  double least = 0.1;
  for (const double x : numbers_in(curve, "x")) least = x > 0 ? std::min(least, x) : least;
  return least;
}

std::string counts_of(const Json& curve) {
  return counted(curve.value("patients", std::size_t{0}), curve.value("cases", std::size_t{0}));
}

Chart curve_chart(const Json& summary, const Json& curve, const std::string& title,
                  const std::string& measure, const std::string& area) {
  Chart chart;
  chart.title = title;
  chart.subtitle = counts_of(curve);
  const std::string size = area_of(summary, measure);
  if (!size.empty()) chart.subtitle += ", " + filled(area, {size});
  chart.y.from = 0;
  chart.y.to = 1.005;
  return chart;
}

struct ReliabilityBin {
  double from = 0, to = 0, voxels = 0, said = 0, seen = 0, low = 0, high = 0;
};

std::vector<ReliabilityBin> bins_of(const Json& curve) {
  std::vector<ReliabilityBin> bins;
  for (const Json& json : curve) {
    const std::vector<double> interval = numbers_in(json, "interval");
    const bool known = interval.size() == 2;
    bins.push_back({number_in(json, "from"), number_in(json, "to"), number_in(json, "voxels"),
                    number_in(json, "mean_probability"), number_in(json, "observed_rate"),
                    known ? interval[0] : number_of({}), known ? interval[1] : number_of({})});
  }
  return bins;
}

}  // namespace

Plot roc_plot(const Json& summary) {
  const PlotWords& words = english().plots;
  const Json curve = curve_of(summary, "roc");
  if (curve.is_null()) return {"roc", words.roc_title, std::nullopt, words.no_probabilities};
  Chart chart = curve_chart(summary, curve, words.roc_title, "roc_auc", words.roc_area);
  chart.x.title = words.roc_x;
  chart.x.scale = Scale::logarithmic;
  chart.x.from = least_rate_of(curve);
  chart.x.to = 1;
  chart.y.title = words.roc_y;
  std::vector<Point> chance;
  for (double rate = chart.x.from; rate < 1.05; rate *= 1.1) chance.push_back({rate, rate});
  const Look quiet = {colours::quiet, Mark::cross, {4, 4}};
  chart.elements.emplace_back(Line{chance, quiet.colour, 1.3, quiet.dash});
  add_curve(chart, curve);
  chart.key.push_back({words.chance, quiet, true});
  chart.description = chart.subtitle;
  return {"roc", chart.title, chart, ""};
}

Plot pr_plot(const Json& summary) {
  const PlotWords& words = english().plots;
  const Json curve = curve_of(summary, "precision_recall");
  const std::string name = "precision_recall";
  if (curve.is_null()) return {name, words.pr_title, std::nullopt, words.no_probabilities};
  Chart chart = curve_chart(summary, curve, words.pr_title, "pr_auc", words.pr_area);
  chart.x.title = words.pr_x;
  chart.x.from = 0;
  chart.x.to = 1.005;
  chart.y.title = words.pr_y;
  add_curve(chart, curve);
  chart.description = chart.subtitle;
  return {name, chart.title, chart, ""};
}

Plot reliability_plot(const Json& summary) {
  const PlotWords& words = english().plots;
  const Json curve = curve_of(summary, "reliability");
  const std::string name = "reliability";
  if (curve.is_null()) return {name, words.reliability_title, std::nullopt, words.no_probabilities};
  const std::vector<ReliabilityBin> bins = bins_of(curve);
  double most = 1;
  bool with_intervals = false;
  for (const ReliabilityBin& bin : bins) {
    most = std::max(most, bin.voxels);
    with_intervals = with_intervals || std::isfinite(bin.low);
  }
  Chart chart;
  chart.title = words.reliability_title;
  chart.subtitle = with_intervals ? words.reliability_how : words.reliability_few;
  chart.description = chart.subtitle;
  chart.x.title = words.reliability_x;
  chart.x.from = 0;
  chart.x.to = 1;
  chart.y.title = words.reliability_y;
  chart.y.from = 0;
  chart.y.to = 1.01;
  const Look look = look_of(0);
  for (const ReliabilityBin& bin : bins) {
    const double height = highest_bar * std::log1p(bin.voxels) / std::log1p(most);
    const double gap = 0.06 * (bin.to - bin.from);
    chart.elements.emplace_back(Bar{bin.from + gap, bin.to - gap, height, colours::hairline});
  }
  chart.elements.emplace_back(Line{{{0, 0}, {1, 1}}, colours::quiet, 1.3, {5, 4}});
  Marks marks{{}, look.mark, look.colour, 7};
  for (const ReliabilityBin& bin : bins) {
    chart.elements.emplace_back(ErrorBar{bin.said, bin.low, bin.high, false, look.colour});
    marks.points.push_back({bin.said, bin.seen});
    if (!std::isfinite(bin.seen)) continue;
    chart.description += " " + figure(bin.said, 2) + ": " + figure(bin.seen, 2) + ".";
  }
  chart.elements.emplace_back(marks);
  return {name, chart.title, chart, ""};
}

}  // namespace dawson::report
