#include "dawson/evaluation/curves.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "dawson/core/random.h"
#include "dawson/evaluation/json_number.h"

namespace dawson::evaluation {
namespace {

constexpr double undefined = std::numeric_limits<double>::quiet_NaN();
constexpr int steps = 4096;  // thresholds are whole multiples of 1/steps
constexpr std::size_t reliability_bins = 16;

/// Thresholds in units of 1/4096: 0, 1 … 16 by 1, then eight to each doubling of the step up to 64,
/// and the same from the other end.
std::vector<int> threshold_steps() {
  std::vector<int> lower{0};
  for (int step = 1; step < 64; step *= 2) {
    const int end = step == 1 ? 16 : 16 * step;
    while (lower.back() + step <= end) lower.push_back(lower.back() + step);
  }
  while (lower.back() + 64 <= steps / 2) lower.push_back(lower.back() + 64);
  std::vector<int> all = lower;
  for (auto t = lower.rbegin() + 1; t != lower.rend(); ++t) all.push_back(steps - *t);
  return all;
}

/// For each multiple of 1/4096 the last threshold that is not above it.
const std::vector<std::size_t>& interval_of_step() {
  static const std::vector<std::size_t> table = [] {
    const std::vector<int> thresholds = threshold_steps();
    std::vector<std::size_t> intervals;
    for (int step = 0; step <= steps; ++step) {
      const auto next = std::upper_bound(thresholds.begin(), thresholds.end(), step);
      intervals.push_back(static_cast<std::size_t>(next - thresholds.begin()) - 1);
    }
    return intervals;
  }();
  return table;
}

/// Voxels called lesion as the threshold falls: nothing is called before the first point.
struct Called {
  std::vector<double> lesion{0}, rest{0};
};

Called called_of(const ThresholdCounts& counts) {
  Called called;
  for (std::size_t n = counts.lesion.size(); n-- > 0;) {
    called.lesion.push_back(called.lesion.back() + counts.lesion[n]);
    called.rest.push_back(called.rest.back() + counts.rest[n]);
  }
  return called;
}

Called pooled_of(const std::vector<Called>& cases) {
  Called sum = cases.front();
  for (std::size_t c = 1; c < cases.size(); ++c) {
    for (std::size_t n = 0; n < sum.lesion.size(); ++n) {
      sum.lesion[n] += cases[c].lesion[n];
      sum.rest[n] += cases[c].rest[n];
    }
  }
  return sum;
}

/// Sensitivity where the share `x` of the other voxels is called; the best where several points
/// have that share.
std::vector<double> roc_values(const Called& called, const std::vector<double>& x) {
  std::vector<double> y;
  std::size_t n = 0;
  for (const double share : x) {
    const double rest = share * called.rest.back();
    while (n + 1 < called.rest.size() && called.rest[n + 1] <= rest) ++n;
    double lesion = called.lesion[n];
    if (n + 1 < called.rest.size()) {
      const double part = (rest - called.rest[n]) / (called.rest[n + 1] - called.rest[n]);
      lesion = std::lerp(called.lesion[n], called.lesion[n + 1], part);
    }
    y.push_back(lesion / called.lesion.back());
  }
  return y;
}

/// Precision where the share `x` of the lesion voxels is called.
std::vector<double> precision_values(const Called& called, const std::vector<double>& x) {
  std::vector<double> y;
  std::size_t n = 0;
  for (const double share : x) {
    const double lesion = share * called.lesion.back();
    while (n + 2 < called.lesion.size() && called.lesion[n + 1] < lesion) ++n;
    const double part = (lesion - called.lesion[n]) / (called.lesion[n + 1] - called.lesion[n]);
    const double rest = std::lerp(called.rest[n], called.rest[n + 1], std::min(1.0, part));
    y.push_back(lesion / (lesion + rest));
  }
  return y;
}

double roc_area(const Called& called) {
  double sum = 0;
  for (std::size_t n = 0; n + 1 < called.rest.size(); ++n) {
    sum += (called.rest[n + 1] - called.rest[n]) * (called.lesion[n] + called.lesion[n + 1]) / 2;
  }
  return sum / (called.rest.back() * called.lesion.back());
}

double average_precision(const Called& called) {
  double sum = 0;
  for (std::size_t n = 1; n < called.lesion.size(); ++n) {
    const double all = called.lesion[n] + called.rest[n];
    if (all > 0) sum += (called.lesion[n] - called.lesion[n - 1]) * called.lesion[n] / all;
  }
  return sum / called.lesion.back();
}

/// Each patient's mean over visits.
std::vector<std::vector<double>> by_patient(const std::vector<std::string>& patients,
                                            const std::vector<std::vector<double>>& values) {
  std::map<std::string, std::pair<std::vector<double>, double>> sums;
  for (std::size_t c = 0; c < values.size(); ++c) {
    auto& [sum, visits] = sums[patients[c]];
    sum.resize(values[c].size());
    for (std::size_t n = 0; n < sum.size(); ++n) sum[n] += values[c][n];
    visits += 1;
  }
  std::vector<std::vector<double>> means;
  for (auto& [patient, entry] : sums) {
    for (double& v : entry.first) v /= entry.second;
    means.push_back(std::move(entry.first));
  }
  return means;
}

/// Mean over patients at each x, and its band.
void average(const std::vector<std::vector<double>>& patients, const BootstrapSettings& settings,
             Curve& curve) {
  const auto count = static_cast<double>(patients.size());
  curve.mean.assign(curve.x.size(), 0);
  for (const auto& own : patients) {
    for (std::size_t n = 0; n < own.size(); ++n) curve.mean[n] += own[n] / count;
  }
  if (patients.size() < min_patients_for_interval) return;
  core::Random random = core::Random(settings.seed).stream("curve");
  std::vector<std::vector<double>> drawn(curve.x.size(), std::vector<double>(settings.draws));
  std::vector<double> sum(curve.x.size());
  for (std::size_t draw = 0; draw < settings.draws; ++draw) {
    std::fill(sum.begin(), sum.end(), 0);
    for (std::size_t p = 0; p < patients.size(); ++p) {
      const std::vector<double>& own = patients[random.below(patients.size())];
      for (std::size_t n = 0; n < sum.size(); ++n) sum[n] += own[n];
    }
    for (std::size_t n = 0; n < sum.size(); ++n) drawn[n][draw] = sum[n] / count;
  }
  for (std::vector<double>& values : drawn) {
    const Interval band = middle_of(std::move(values), settings.level);
    curve.low.push_back(band.low);
    curve.high.push_back(band.high);
  }
}

template <typename Defined, typename Values, typename Area>
Curve curve_of(const std::vector<CaseCounts>& cases, const std::vector<double>& x,
               const BootstrapSettings& settings, const Defined& defined, const Values& values,
               const Area& area) {
  std::vector<std::string> patients;
  std::vector<Called> called;
  std::vector<std::vector<double>> curves;
  for (const CaseCounts& c : cases) {
    Called own = called_of(*c.counts);
    if (!defined(own)) continue;
    patients.push_back(c.patient);
    curves.push_back(values(own, x));
    called.push_back(std::move(own));
  }
  Curve curve;
  if (called.empty()) return curve;
  curve.x = x;
  curve.cases = called.size();
  const auto means = by_patient(patients, curves);
  curve.patients = means.size();
  average(means, settings, curve);
  const Called pooled = pooled_of(called);
  curve.pooled = values(pooled, x);
  curve.pooled_area = area(pooled);
  return curve;
}

/// What of a patient's voxels lies in each bin of the reliability curve.
struct BinSums {
  std::vector<double> voxels = std::vector<double>(reliability_bins);
  std::vector<double> lesion = std::vector<double>(reliability_bins);
  std::vector<double> probability = std::vector<double>(reliability_bins);
};

std::vector<BinSums> bin_sums(const std::vector<CaseCounts>& cases) {
  std::map<std::string, BinSums> sums;
  for (const CaseCounts& c : cases) {
    BinSums& own = sums[c.patient];
    for (std::size_t n = 0; n < c.counts->lesion.size(); ++n) {
      const auto bin = std::min(reliability_bins - 1,
                                static_cast<std::size_t>(curve_thresholds()[n] * reliability_bins));
      own.voxels[bin] += static_cast<double>(c.counts->lesion[n]) + c.counts->rest[n];
      own.lesion[bin] += c.counts->lesion[n];
      own.probability[bin] += c.counts->sum_of_probabilities[n];
    }
  }
  std::vector<BinSums> patients;
  for (auto& [patient, own] : sums) patients.push_back(std::move(own));
  return patients;
}

/// Of the observed rate in one bin; draws without any of its voxels say nothing.
Interval rate_interval(const std::vector<BinSums>& patients, std::size_t bin,
                       const BootstrapSettings& settings) {
  core::Random random = core::Random(settings.seed).stream("reliability", bin);
  std::vector<double> rates;
  for (std::size_t draw = 0; draw < settings.draws; ++draw) {
    double voxels = 0;
    double lesion = 0;
    for (std::size_t p = 0; p < patients.size(); ++p) {
      const BinSums& own = patients[random.below(patients.size())];
      voxels += own.voxels[bin];
      lesion += own.lesion[bin];
    }
    if (voxels > 0) rates.push_back(lesion / voxels);
  }
  return middle_of(std::move(rates), settings.level);
}

core::Json curve_json(const Curve& curve) {
  constexpr int decimals = 6;
  const bool band = !curve.low.empty();
  return {{"x", json_numbers(curve.x, decimals)},
          {"mean", json_numbers(curve.mean, decimals)},
          {"low", band ? json_numbers(curve.low, decimals) : core::Json()},
          {"high", band ? json_numbers(curve.high, decimals) : core::Json()},
          {"pooled", json_numbers(curve.pooled, decimals)},
          {"pooled_area", json_number(curve.cases == 0 ? undefined : curve.pooled_area, decimals)},
          {"cases", curve.cases},
          {"patients", curve.patients}};
}

}  // namespace

const std::vector<double>& curve_thresholds() {
  static const std::vector<double> all = [] {
    std::vector<double> thresholds;
    for (const int step : threshold_steps()) thresholds.push_back(double(step) / steps);
    return thresholds;
  }();
  return all;
}

ThresholdCounts count_thresholds(const volume::Mask& reference, const volume::Image& probabilities,
                                 const volume::Mask& brain) {
  const std::vector<std::size_t>& interval_of = interval_of_step();
  const std::size_t intervals = curve_thresholds().size();
  ThresholdCounts counts{std::vector<std::uint32_t>(intervals),
                         std::vector<std::uint32_t>(intervals), std::vector<double>(intervals)};
  for (std::size_t v = 0; v < brain.data.size(); ++v) {
    if (brain.data[v] == 0) continue;
    const float p = std::clamp(probabilities.data[v], 0.0F, 1.0F);
    const std::size_t n = interval_of[static_cast<std::size_t>(p * steps)];
    ++(reference.data[v] != 0 ? counts.lesion : counts.rest)[n];
    counts.sum_of_probabilities[n] += p;
  }
  return counts;
}

Curve roc_curve(const std::vector<CaseCounts>& cases, const BootstrapSettings& settings) {
  std::vector<double> x;
  for (int n = 0; n <= 100; ++n) x.push_back(n * n / 10000.0);
  return curve_of(
      cases, x, settings, [](const Called& c) { return c.lesion.back() > 0 && c.rest.back() > 0; },
      roc_values, roc_area);
}

Curve precision_recall_curve(const std::vector<CaseCounts>& cases,
                             const BootstrapSettings& settings) {
  std::vector<double> x;
  for (int n = 1; n <= 100; ++n) x.push_back(n / 100.0);
  return curve_of(
      cases, x, settings, [](const Called& c) { return c.lesion.back() > 0; }, precision_values,
      average_precision);
}

std::vector<PooledReliabilityBin> pooled_reliability(const std::vector<CaseCounts>& cases,
                                                     const BootstrapSettings& settings) {
  const std::vector<BinSums> patients = bin_sums(cases);
  std::vector<PooledReliabilityBin> bins;
  for (std::size_t b = 0; b < reliability_bins; ++b) {
    PooledReliabilityBin bin{static_cast<double>(b) / reliability_bins,
                             static_cast<double>(b + 1) / reliability_bins,
                             0,
                             undefined,
                             undefined,
                             {undefined, undefined}};
    double lesion = 0;
    double probability = 0;
    std::size_t present = 0;
    for (const BinSums& own : patients) {
      bin.voxels += own.voxels[b];
      lesion += own.lesion[b];
      probability += own.probability[b];
      present += own.voxels[b] > 0 ? 1 : 0;
    }
    if (bin.voxels > 0) {
      bin.mean_probability = probability / bin.voxels;
      bin.observed_rate = lesion / bin.voxels;
    }
    if (present >= min_patients_for_interval) bin.interval = rate_interval(patients, b, settings);
    bins.push_back(bin);
  }
  return bins;
}

core::Json curves_json(const std::vector<CaseCounts>& cases, const BootstrapSettings& settings) {
  if (cases.empty()) return nullptr;
  core::Json bins = core::Json::array();
  for (const PooledReliabilityBin& b : pooled_reliability(cases, settings)) {
    core::Json interval;
    if (std::isfinite(b.interval.low)) {
      interval = {json_number(b.interval.low, 6), json_number(b.interval.high, 6)};
    }
    bins.push_back({{"from", b.from},
                    {"to", b.to},
                    {"voxels", b.voxels},
                    {"mean_probability", json_number(b.mean_probability, 6)},
                    {"observed_rate", json_number(b.observed_rate, 6)},
                    {"interval", interval}});
  }
  return {{"roc", curve_json(roc_curve(cases, settings))},
          {"precision_recall", curve_json(precision_recall_curve(cases, settings))},
          {"reliability", bins}};
}

}  // namespace dawson::evaluation
