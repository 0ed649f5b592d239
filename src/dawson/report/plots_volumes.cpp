// Lesion volume: what it does to Dice, and how well it is measured.
#include <algorithm>
#include <cmath>
#include <set>

#include "dawson/core/random.h"
#include "dawson/evaluation/statistics.h"
#include "dawson/report/colours.h"
#include "dawson/report/plots.h"
#include "dawson/report/words.h"

namespace dawson::report {
namespace {

using namespace chart;
using evaluation::CaseResult;
using evaluation::CohortResult;
using evaluation::Interval;

constexpr std::size_t most_looks = 7;

std::size_t patients_of(const CohortResult& cohort) {
  std::set<std::string> patients;
  for (const CaseResult& c : cohort.cases) patients.insert(c.patient);
  return patients.size();
}

/// A mark for each case, by site, with a key where there are several.
void add_cases(Chart& chart, const CohortResult& cohort, const std::vector<Point>& points) {
  const SiteGroups groups(cohort, most_looks);
  std::vector<Marks> marks;
  for (std::size_t n = 0; n < groups.names.size(); ++n) {
    const Look look = groups.names.size() == 1 ? look_of(0) : look_of(n);
    marks.push_back({{}, look.mark, look.colour, size_for(points.size())});
    marks.back().colour.opacity = opacity_for(points.size());
    if (groups.names.size() > 1) chart.key.push_back({groups.names[n], look});
  }
  for (std::size_t n = 0; n < points.size(); ++n) {
    marks[groups.of_case[n]].points.push_back(points[n]);
  }
  for (Marks& group : marks) chart.elements.emplace_back(std::move(group));
}

struct Agreement {
  double bias = 0;
  Interval limits;
  Interval bias_interval, low_interval, high_interval;
};

Interval middle_95(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const auto at = [&](double share) {
    const double rank = share * static_cast<double>(values.size() - 1);
    const auto below = static_cast<std::size_t>(rank);
    const std::size_t above = std::min(below + 1, values.size() - 1);
    return std::lerp(values[below], values[above], rank - static_cast<double>(below));
  };
  return {at(0.025), at(0.975)};
}

struct BiasAndLimits {
  double bias = 0, low = 0, high = 0;
};

/// From n, sum and sum of squares of the differences (Bland and Altman 1986).
BiasAndLimits bias_and_limits(double n, double sum, double squares) {
  const double bias = sum / n;
  const double variance = n > 1 ? std::max(0.0, (squares - n * bias * bias) / (n - 1)) : 0;
  const double reach = 1.96 * std::sqrt(variance);
  return {bias, bias - reach, bias + reach};
}

/// Percentile bootstrap over patients, whose visits stay together, of bias and both limits.
Agreement agreement_of(const std::vector<std::vector<double>>& by_patient) {
  struct Sums {
    double n = 0, sum = 0, squares = 0;
  };
  std::vector<Sums> patients;
  Sums all;
  for (const auto& differences : by_patient) {
    Sums own;
    for (const double d : differences) {
      own.n += 1;
      own.sum += d;
      own.squares += d * d;
    }
    all = {all.n + own.n, all.sum + own.sum, all.squares + own.squares};
    patients.push_back(own);
  }
  const BiasAndLimits seen = bias_and_limits(all.n, all.sum, all.squares);
  const evaluation::BootstrapSettings settings;
  core::Random random = core::Random(settings.seed).stream("bland-altman");
  std::vector<double> biases;
  std::vector<double> lows;
  std::vector<double> highs;
  for (std::size_t draw = 0; draw < settings.draws; ++draw) {
    Sums drawn;
    for (std::size_t n = 0; n < patients.size(); ++n) {
      const Sums& own = patients[random.below(patients.size())];
      drawn = {drawn.n + own.n, drawn.sum + own.sum, drawn.squares + own.squares};
    }
    const BiasAndLimits one = bias_and_limits(drawn.n, drawn.sum, drawn.squares);
    biases.push_back(one.bias);
    lows.push_back(one.low);
    highs.push_back(one.high);
  }
  return {seen.bias,
          {seen.low, seen.high},
          middle_95(std::move(biases)),
          middle_95(std::move(lows)),
          middle_95(std::move(highs))};
}

void add_level(Chart& chart, double value, const Interval& interval, const std::string& words,
               const Colour& colour, bool dashed) {
  Colour pale = colour;
  pale.opacity = 0.16;
  const double begin = -std::numeric_limits<double>::infinity();  // wherever the axis begins
  chart.elements.emplace_back(Band{
      {begin, chart.x.to}, {interval.low, interval.low}, {interval.high, interval.high}, pale});
  chart.elements.emplace_back(Guide{value, false, dashed, colour});
  chart.edge_labels.push_back({value, filled(words, {figure(value, 1)}), colour});
}

std::vector<std::vector<double>> differences_by_patient(const CohortResult& cohort) {
  std::map<std::string, std::vector<double>> by_patient;
  for (const CaseResult& c : cohort.cases) {
    by_patient[c.patient].push_back(c.measures.voxels.volume_difference_ml);
  }
  std::vector<std::vector<double>> differences;
  for (const auto& [patient, own] : by_patient) differences.push_back(own);
  return differences;
}

std::string in_words(const PlotWords& words, double value, const Interval& interval) {
  return filled(words.value_interval,
                {figure(value, 2), figure(interval.low, 2), figure(interval.high, 2)});
}

}  // namespace

Plot dice_against_load(const CohortResult& cohort) {
  const PlotWords& words = english().plots;
  const std::string name = "dice_by_load";
  if (cohort.cases.empty()) return {name, words.load_title, std::nullopt, words.no_value};
  std::vector<Point> points;
  std::vector<double> loads;
  std::size_t empty = 0;
  for (const CaseResult& c : cohort.cases) {
    points.push_back({c.measures.voxels.reference_ml, c.measures.voxels.dice});
    loads.push_back(points.back().x);
    empty += points.back().x <= 0 ? 1 : 0;
  }
  Chart chart;
  chart.title = words.load_title;
  chart.subtitle = counted(patients_of(cohort), cohort.cases.size()) + words.load_how;
  if (empty > 0) chart.subtitle += filled(words.load_empty, {std::to_string(empty)});
  chart.description = chart.subtitle;
  chart.x = axis_around(words.load_axis, loads, Scale::logarithmic);
  chart.y.title = words.dice;
  chart.y.from = 0;
  chart.y.to = 1.02;
  add_cases(chart, cohort, points);
  return {name, chart.title, chart, ""};
}

Plot volume_agreement_plot(const CohortResult& cohort) {
  const PlotWords& words = english().plots;
  const std::string name = "volume_agreement";
  if (cohort.cases.empty()) return {name, words.volume_title, std::nullopt, words.no_value};
  std::vector<Point> points;
  std::vector<double> means;
  std::vector<double> heights{0};
  for (const CaseResult& c : cohort.cases) {
    const auto& voxels = c.measures.voxels;
    points.push_back(
        {(voxels.reference_ml + voxels.predicted_ml) / 2, voxels.volume_difference_ml});
    means.push_back(points.back().x);
    heights.push_back(points.back().y);
  }
  Chart chart;
  chart.title = words.volume_title;
  chart.subtitle = counted(patients_of(cohort), cohort.cases.size());
  chart.x = axis_around(words.volume_x, means, Scale::logarithmic);
  chart.elements.emplace_back(Guide{0, false, false, colours::quiet});
  const auto by_patient = differences_by_patient(cohort);
  if (by_patient.size() >= evaluation::min_patients_for_interval) {
    const Agreement a = agreement_of(by_patient);
    for (const Interval& i : {a.bias_interval, a.low_interval, a.high_interval}) {
      heights.push_back(i.low);
      heights.push_back(i.high);
    }
    add_level(chart, a.limits.high, a.high_interval, words.upper_limit, colours::quiet, true);
    add_level(chart, a.bias, a.bias_interval, words.bias, colours::ink, true);
    add_level(chart, a.limits.low, a.low_interval, words.lower_limit, colours::quiet, true);
    chart.subtitle += filled(words.volume_how, {in_words(words, a.bias, a.bias_interval),
                                                in_words(words, a.limits.low, a.low_interval),
                                                in_words(words, a.limits.high, a.high_interval)});
  } else {
    chart.subtitle += words.volume_few;
  }
  chart.description = chart.subtitle;
  chart.y = axis_around(words.volume_y, heights);
  add_cases(chart, cohort, points);
  return {name, chart.title, chart, ""};
}

}  // namespace dawson::report
