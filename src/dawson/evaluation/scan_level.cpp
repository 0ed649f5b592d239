#include "dawson/evaluation/scan_level.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "dawson/core/random.h"
#include "dawson/evaluation/json_number.h"

namespace dawson::evaluation {
namespace {

constexpr double undefined = std::numeric_limits<double>::quiet_NaN();

/// Wilson's score interval of a share seen in `count` patients; unlike a bootstrap it has a width
/// when the share is 0 or 1.
Interval wilson(double share, std::size_t count) {
  const double z = 1.959964;
  const auto n = static_cast<double>(count);
  const double middle = (share + z * z / (2 * n)) / (1 + z * z / n);
  const double reach =
      z / (1 + z * z / n) * std::sqrt(share * (1 - share) / n + z * z / (4 * n * n));
  return {std::max(0.0, middle - reach), std::min(1.0, middle + reach)};
}

/// Of the scans with (or without) lesions, the share that was judged rightly.
ScanShare share_right(const std::vector<ScanDecision>& scans, bool with_lesions) {
  std::vector<PatientValue> values;
  for (const ScanDecision& s : scans) {
    if (s.has_lesion == with_lesions)
      values.push_back({s.patient, s.said_lesion == with_lesions ? 1.0 : 0.0});
  }
  const std::vector<PatientValue> patients = patient_means(values);
  ScanShare share;
  share.scans = values.size();
  share.patients = patients.size();
  double sum = 0;
  for (const PatientValue& p : patients) sum += p.value;
  share.value = patients.empty() ? undefined : sum / static_cast<double>(patients.size());
  if (patients.size() >= min_patients_for_interval) {
    share.interval = wilson(share.value, patients.size());
  }
  return share;
}

/// A scan with a score, and how often its patient was drawn.
struct Scored {
  double score = 0;
  bool has_lesion = false;
  std::size_t patient = 0;
};

/// `weight` is by patient; `scans` rise by score.
double auc_of(const std::vector<Scored>& scans, const std::vector<double>& weight) {
  double with = 0;
  double without_below = 0;
  double wins = 0;
  for (std::size_t begin = 0; begin < scans.size();) {
    double with_here = 0;
    double without_here = 0;
    std::size_t n = begin;
    for (; n < scans.size() && scans[n].score == scans[begin].score; ++n) {
      (scans[n].has_lesion ? with_here : without_here) += weight[scans[n].patient];
    }
    wins += with_here * (without_below + 0.5 * without_here);
    with += with_here;
    without_below += without_here;
    begin = n;
  }
  return with > 0 && without_below > 0 ? wins / (with * without_below) : undefined;
}

std::vector<std::pair<double, double>> roc_of(const std::vector<Scored>& scans) {
  double with = 0;
  double without = 0;
  for (const Scored& s : scans) (s.has_lesion ? with : without) += 1;
  std::vector<std::pair<double, double>> points{{0, 0}};
  double found = 0;
  double wrong = 0;
  for (auto s = scans.rbegin(); s != scans.rend(); ++s) {
    (s->has_lesion ? found : wrong) += 1;
    const bool last_of_tie = s + 1 == scans.rend() || (s + 1)->score != s->score;
    if (last_of_tie) points.emplace_back(wrong / without, found / with);
  }
  return points;
}

Interval auc_interval(const std::vector<Scored>& scans, std::size_t patients,
                      const BootstrapSettings& settings) {
  core::Random random = core::Random(settings.seed).stream("scan-level");
  std::vector<double> areas;
  for (std::size_t draw = 0; draw < settings.draws; ++draw) {
    std::vector<double> weight(patients, 0);
    for (std::size_t n = 0; n < patients; ++n) ++weight[random.below(patients)];
    const double area = auc_of(scans, weight);
    if (std::isfinite(area)) areas.push_back(area);  // a draw without one kind has none
  }
  return middle_of(std::move(areas), settings.level);
}

core::Json interval_json(const std::optional<Interval>& interval) {
  if (!interval) return nullptr;
  return {json_number(interval->low, 5), json_number(interval->high, 5)};
}

core::Json share_json(const ScanShare& share) {
  return {{"mean", json_number(share.value, 5)},
          {"interval", interval_json(share.interval)},
          {"patients", share.patients},
          {"scans", share.scans}};
}

}  // namespace

ScanLevel judge_scans(const std::vector<ScanDecision>& scans, const BootstrapSettings& settings) {
  ScanLevel level;
  std::map<std::string, std::size_t> patients;
  std::set<std::string> sides[2];  // patients with scans without and with lesions
  std::vector<Scored> scored;
  for (const ScanDecision& s : scans) {
    ++(s.has_lesion ? level.with_lesions : level.without_lesions);
    if (!std::isfinite(s.score)) {
      ++level.without_score;
      continue;
    }
    sides[s.has_lesion ? 1 : 0].insert(s.patient);
    scored.push_back(
        {s.score, s.has_lesion, patients.emplace(s.patient, patients.size()).first->second});
  }
  level.sensitivity = share_right(scans, true);
  level.specificity = share_right(scans, false);
  std::stable_sort(scored.begin(), scored.end(),
                   [](const Scored& a, const Scored& b) { return a.score < b.score; });
  level.roc_auc = auc_of(scored, std::vector<double>(patients.size(), 1));
  if (!std::isfinite(level.roc_auc)) return level;
  level.roc = roc_of(scored);
  const std::size_t fewest = std::min(sides[0].size(), sides[1].size());
  if (fewest >= min_patients_for_interval && level.roc_auc > 0 && level.roc_auc < 1) {
    level.roc_auc_interval = auc_interval(scored, patients.size(), settings);
  }
  return level;
}

core::Json scan_level_json(const ScanLevel& level) {
  core::Json roc = core::Json::array();
  for (const auto& [x, y] : level.roc) roc.push_back({json_number(x, 5), json_number(y, 5)});
  return {{"score",
           "mean probability of the largest predicted lesion, 0 where none was predicted; a scan "
           "has a lesion when one of its reference counts"},
          {"with_lesions", level.with_lesions},
          {"without_lesions", level.without_lesions},
          {"without_score", level.without_score},
          {"sensitivity", share_json(level.sensitivity)},
          {"specificity", share_json(level.specificity)},
          {"roc_auc",
           {{"mean", json_number(level.roc_auc, 5)},
            {"interval", interval_json(level.roc_auc_interval)}}},
          {"roc", roc}};
}

}  // namespace dawson::evaluation
