// Two models on the same cases.
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "dawson/evaluation/cohort.h"

namespace dawson::evaluation {
namespace {

using CasePair = std::pair<const CaseResult*, const CaseResult*>;

double mean_over(const std::vector<PatientValue>& values) {
  const std::vector<PatientValue> patients = patient_means(values);
  double sum = 0;
  for (const PatientValue& p : patients) sum += p.value;
  return patients.empty() ? std::numeric_limits<double>::quiet_NaN()
                          : sum / static_cast<double>(patients.size());
}

ComparedMeasure compare(const std::string& scope, const std::vector<CasePair>& pairs,
                        const MeasureColumn& measure, const BootstrapSettings& settings) {
  std::vector<PatientValue> first;
  std::vector<PatientValue> second;
  for (const auto& [one, other] : pairs) {
    const double a = measure.value(one->measures);
    const double b = measure.value(other->measures);
    if (!std::isfinite(a) || !std::isfinite(b)) continue;
    first.push_back({one->patient, a});
    second.push_back({one->patient, b});
  }
  return {scope, measure.name, mean_over(first), mean_over(second),
          compare_paired(first, second, settings)};
}

}  // namespace

ModelComparison compare_models(const CohortResult& first, const CohortResult& second,
                               const BootstrapSettings& settings) {
  std::map<std::string, const CaseResult*> of_second;
  for (const CaseResult& c : second.cases) of_second[c.name] = &c;
  ModelComparison result;
  std::vector<CasePair> all;
  std::map<std::string, std::vector<CasePair>> by_site;
  for (const CaseResult& c : first.cases) {
    const auto other = of_second.find(c.name);
    if (other == of_second.end()) {
      result.only_first.push_back(c.name);
      continue;
    }
    all.emplace_back(&c, other->second);
    by_site[c.site].emplace_back(&c, other->second);
    of_second.erase(other);
  }
  for (const auto& [name, c] : of_second) result.only_second.push_back(name);
  const auto append = [&](const std::string& scope, const std::vector<CasePair>& pairs) {
    for (const MeasureColumn& m : measure_columns()) {
      if (m.in_summary) result.rows.push_back(compare(scope, pairs, m, settings));
    }
  };
  append("all", all);
  for (const auto& [site, pairs] : by_site) append(site, pairs);
  return result;
}

}  // namespace dawson::evaluation
