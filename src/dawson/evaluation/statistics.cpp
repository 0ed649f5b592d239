#include "dawson/evaluation/statistics.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>

#include "dawson/core/random.h"

namespace dawson::evaluation {
namespace {

constexpr double undefined = std::numeric_limits<double>::quiet_NaN();

double mean_of(const std::vector<double>& values) {
  if (values.empty()) return undefined;
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

std::vector<double> values_of(const std::vector<PatientValue>& patients) {
  std::vector<double> values;
  for (const PatientValue& p : patients) values.push_back(p.value);
  return values;
}

/// Twice the rank of each |difference| (ties share the mean rank, so that twice it is whole).
std::vector<int> doubled_ranks(const std::vector<double>& differences) {
  std::vector<std::size_t> order(differences.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return std::abs(differences[a]) < std::abs(differences[b]);
  });
  std::vector<int> ranks(differences.size());
  for (std::size_t begin = 0; begin < order.size();) {
    std::size_t end = begin;
    const double size = std::abs(differences[order[begin]]);
    while (end < order.size() && std::abs(differences[order[end]]) == size) ++end;
    // Ranks begin + 1 … end share their mean (begin + 1 + end) / 2.
    for (std::size_t n = begin; n < end; ++n) ranks[order[n]] = static_cast<int>(begin + 1 + end);
    begin = end;
  }
  return ranks;
}

/// Two-sided p from the distribution of the rank sum over all 2ⁿ choices of signs.
double exact_p(const std::vector<int>& ranks, int observed) {
  const int total = std::accumulate(ranks.begin(), ranks.end(), 0);
  std::vector<double> chance(static_cast<std::size_t>(total) + 1, 0.0);
  chance[0] = 1;
  int reached = 0;
  for (const int rank : ranks) {
    reached += rank;
    for (int sum = reached; sum >= 0; --sum) {
      const auto s = static_cast<std::size_t>(sum);
      const double with = sum >= rank ? chance[s - static_cast<std::size_t>(rank)] : 0.0;
      chance[s] = 0.5 * (chance[s] + with);
    }
  }
  double below = 0;
  double above = 0;
  for (int sum = 0; sum <= total; ++sum) {
    if (sum <= observed) below += chance[static_cast<std::size_t>(sum)];
    if (sum >= observed) above += chance[static_cast<std::size_t>(sum)];
  }
  return std::min(1.0, 2 * std::min(below, above));
}

double normal_p(const std::vector<int>& ranks, int observed) {
  // The sum of doubled ranks with random signs has mean Σr/2 and variance Σr²/4; ties are in it.
  double mean = 0;
  double variance = 0;
  for (const int rank : ranks) {
    mean += 0.5 * rank;
    variance += 0.25 * rank * rank;
  }
  // Continuity: half a rank, which is one in doubled ranks.
  const double z = std::max(0.0, std::abs(observed - mean) - 1.0) / std::sqrt(variance);
  return std::erfc(z / std::sqrt(2.0));
}

double drawn_mean(const std::vector<double>& values, core::Random& random) {
  double sum = 0;
  for (std::size_t n = 0; n < values.size(); ++n) sum += values[random.below(values.size())];
  return sum / static_cast<double>(values.size());
}

/// Of the difference of two means under random division of all values into groups of these sizes.
double permutation_p(const std::vector<double>& first, const std::vector<double>& second,
                     const BootstrapSettings& settings) {
  std::vector<double> all = first;
  all.insert(all.end(), second.begin(), second.end());
  const double total = std::accumulate(all.begin(), all.end(), 0.0);
  const auto difference = [&](double sum) {
    return std::abs(sum / static_cast<double>(first.size()) -
                    (total - sum) / static_cast<double>(second.size()));
  };
  // Equal divisions differ by rounding alone.
  const double seen = difference(std::accumulate(first.begin(), first.end(), 0.0)) * (1 - 1e-9);
  core::Random random = core::Random(settings.seed).stream("permutation");
  std::size_t as_far = 1;
  for (std::size_t draw = 0; draw < settings.draws; ++draw) {
    double sum = 0;
    for (std::size_t n = 0; n < first.size(); ++n) {
      std::swap(all[n], all[n + random.below(all.size() - n)]);
      sum += all[n];
    }
    as_far += difference(sum) >= seen ? 1 : 0;
  }
  return static_cast<double>(as_far) / static_cast<double>(settings.draws + 1);
}

}  // namespace

double quantile(const std::vector<double>& sorted, double p) {
  const double rank = p * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(rank);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return std::lerp(sorted[below], sorted[above], rank - static_cast<double>(below));
}

Interval middle_of(std::vector<double> draws, double level) {
  if (draws.empty()) return {undefined, undefined};
  std::sort(draws.begin(), draws.end());
  const double tail = (1 - level) / 2;
  return {quantile(draws, tail), quantile(draws, 1 - tail)};
}

std::vector<PatientValue> patient_means(const std::vector<PatientValue>& cases) {
  std::map<std::string, std::vector<double>> by_patient;
  for (const PatientValue& c : cases) {
    if (std::isfinite(c.value)) by_patient[c.patient].push_back(c.value);
  }
  std::vector<PatientValue> means;
  for (const auto& [patient, values] : by_patient) means.push_back({patient, mean_of(values)});
  return means;
}

Interval bootstrap_mean(const std::vector<double>& values, const BootstrapSettings& settings) {
  if (values.empty() || settings.draws == 0) return {undefined, undefined};
  core::Random random = core::Random(settings.seed).stream("bootstrap");
  std::vector<double> means;
  means.reserve(settings.draws);
  for (std::size_t draw = 0; draw < settings.draws; ++draw) {
    means.push_back(drawn_mean(values, random));
  }
  return middle_of(std::move(means), settings.level);
}

Summary summarise(const std::vector<PatientValue>& cases, const BootstrapSettings& settings) {
  Summary summary;
  summary.patients = patient_means(cases);
  for (const PatientValue& c : cases) {
    ++(std::isfinite(c.value) ? summary.cases : summary.undefined_cases);
  }
  const std::vector<double> values = values_of(summary.patients);
  summary.mean = mean_of(values);
  if (values.size() >= min_patients_for_interval) {
    summary.interval = bootstrap_mean(values, settings);
  }
  return summary;
}

SignedRank wilcoxon_signed_rank(const std::vector<double>& differences) {
  std::vector<double> pairs;
  std::copy_if(differences.begin(), differences.end(), std::back_inserter(pairs),
               [](double d) { return d != 0; });
  SignedRank result;
  result.pairs = pairs.size();
  if (pairs.empty()) {
    result.p = undefined;
    return result;
  }
  const std::vector<int> ranks = doubled_ranks(pairs);
  int observed = 0;
  for (std::size_t n = 0; n < pairs.size(); ++n) observed += pairs[n] > 0 ? ranks[n] : 0;
  result.rank_sum_plus = 0.5 * observed;
  constexpr std::size_t most_for_exact = 50;
  result.p = pairs.size() <= most_for_exact ? exact_p(ranks, observed) : normal_p(ranks, observed);
  return result;
}

PairedComparison compare_paired(const std::vector<PatientValue>& first,
                                const std::vector<PatientValue>& second,
                                const BootstrapSettings& settings) {
  std::map<std::string, double> of_second;
  for (const PatientValue& p : patient_means(second)) of_second[p.patient] = p.value;
  std::vector<double> differences;
  for (const PatientValue& p : patient_means(first)) {
    const auto other = of_second.find(p.patient);
    if (other != of_second.end()) differences.push_back(p.value - other->second);
  }
  PairedComparison result;
  result.patients = differences.size();
  result.mean_difference = mean_of(differences);
  if (differences.size() >= min_patients_for_interval) {
    result.interval = bootstrap_mean(differences, settings);
  }
  result.wilcoxon_p = wilcoxon_signed_rank(differences).p;
  return result;
}

GroupComparison compare_groups(const std::vector<double>& first, const std::vector<double>& second,
                               const BootstrapSettings& settings) {
  GroupComparison result;
  result.mean_difference = mean_of(first) - mean_of(second);
  result.permutation_p = result.detectable_difference = undefined;
  if (std::min(first.size(), second.size()) < min_patients_for_interval || settings.draws == 0) {
    return result;
  }
  core::Random random = core::Random(settings.seed).stream("groups");
  std::vector<double> differences;
  for (std::size_t draw = 0; draw < settings.draws; ++draw) {
    differences.push_back(drawn_mean(first, random) - drawn_mean(second, random));
  }
  result.interval = middle_of(std::move(differences), settings.level);
  const double standard_error = (result.interval->high - result.interval->low) / (2 * 1.96);
  result.detectable_difference = (1.96 + 0.84) * standard_error;
  result.permutation_p = permutation_p(first, second, settings);
  return result;
}

std::vector<double> holm_adjusted(const std::vector<double>& p) {
  std::vector<std::size_t> order;
  for (std::size_t n = 0; n < p.size(); ++n) {
    if (std::isfinite(p[n])) order.push_back(n);
  }
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return p[a] < p[b]; });
  std::vector<double> adjusted(p.size(), undefined);
  double least = 0;
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    least =
        std::max(least, std::min(1.0, static_cast<double>(order.size() - rank) * p[order[rank]]));
    adjusted[order[rank]] = least;
  }
  return adjusted;
}

VolumeAgreement volume_agreement(const std::vector<std::pair<double, double>>& volumes) {
  VolumeAgreement a;
  a.cases = volumes.size();
  if (volumes.size() < 2) {
    a.pearson = a.icc_2_1 = a.bias = a.deviation = a.limits.low = a.limits.high = undefined;
    return a;
  }
  const auto n = static_cast<double>(volumes.size());
  double mean_x = 0;
  double mean_y = 0;
  for (const auto& [x, y] : volumes) {
    mean_x += x / n;
    mean_y += y / n;
  }
  double xx = 0;
  double yy = 0;
  double xy = 0;
  for (const auto& [x, y] : volumes) {
    xx += (x - mean_x) * (x - mean_x);
    yy += (y - mean_y) * (y - mean_y);
    xy += (x - mean_x) * (y - mean_y);
  }
  a.pearson = xx > 0 && yy > 0 ? xy / std::sqrt(xx * yy) : undefined;
  a.bias = mean_y - mean_x;
  a.deviation = std::sqrt(std::max(0.0, xx + yy - 2 * xy) / (n - 1));
  a.limits = {a.bias - 1.96 * a.deviation, a.bias + 1.96 * a.deviation};
  // Mean squares between cases, between the two sides, and of the rest, for k = 2 sides.
  const double between_cases = 0.5 * (xx + yy + 2 * xy) / (n - 1);
  const double between_sides = 0.5 * n * a.bias * a.bias;
  const double rest = 0.5 * (xx + yy - 2 * xy) / (n - 1);
  const double whole = between_cases + rest + 2.0 / n * (between_sides - rest);
  a.icc_2_1 = whole > 0 ? (between_cases - rest) / whole : undefined;
  return a;
}

}  // namespace dawson::evaluation
