// summary.json: everything that is said of a cohort as a whole.
#include "dawson/evaluation/summary.h"

#include <cmath>
#include <map>
#include <set>

#include "dawson/evaluation/attributes.h"
#include "dawson/evaluation/cohort.h"
#include "dawson/evaluation/curves.h"
#include "dawson/evaluation/fairness.h"
#include "dawson/evaluation/json_number.h"
#include "dawson/evaluation/scan_level.h"

namespace dawson::evaluation {
namespace {

using core::Json;

Json summary_of_measure(const std::vector<const CaseResult*>& cases, const MeasureColumn& measure,
                        const BootstrapSettings& settings) {
  std::vector<PatientValue> values;
  for (const CaseResult* c : cases) values.push_back({c->patient, measure.value(c->measures)});
  const Summary summary = summarise(values, settings);
  // One digit more than a case's own figure: a mean carries it.
  const int decimals = measure.decimals + 1;
  Json json;
  json["mean"] = json_number(summary.mean, decimals);
  if (summary.interval) {
    json["interval"] = {json_number(summary.interval->low, decimals),
                        json_number(summary.interval->high, decimals)};
  } else {
    json["interval"] = nullptr;
    Json& each = json["by_patient"] = Json::object();
    for (const PatientValue& p : summary.patients) {
      each[p.patient] = json_number(p.value, decimals);
    }
  }
  json["patients"] = summary.patients.size();
  json["cases"] = summary.cases;
  json["undefined_cases"] = summary.undefined_cases;
  return json;
}

/// Dice of all cases' voxels together: another number than the mean over patients.
double pooled_dice(const std::vector<const CaseResult*>& cases) {
  Counts sum;
  for (const CaseResult* c : cases) {
    sum.true_positive += c->measures.voxels.whole.true_positive;
    sum.false_positive += c->measures.voxels.whole.false_positive;
    sum.false_negative += c->measures.voxels.whole.false_negative;
  }
  return dice(sum);
}

Json agreement_json(const std::vector<const CaseResult*>& cases) {
  std::vector<std::pair<double, double>> volumes;
  for (const CaseResult* c : cases) {
    volumes.emplace_back(c->measures.voxels.reference_ml, c->measures.voxels.predicted_ml);
  }
  const VolumeAgreement a = volume_agreement(volumes);
  return {
      {"cases", a.cases},
      {"pearson", json_number(a.pearson, 4)},
      {"icc_2_1", json_number(a.icc_2_1, 4)},
      {"bland_altman_bias_ml", json_number(a.bias, 3)},
      {"bland_altman_limits_ml", {json_number(a.limits.low, 3), json_number(a.limits.high, 3)}}};
}

Json summary_of_group(const std::vector<const CaseResult*>& cases,
                      const BootstrapSettings& settings) {
  std::set<std::string> patients;
  for (const CaseResult* c : cases) patients.insert(c->patient);
  Json json;
  json["cases"] = cases.size();
  json["patients"] = patients.size();
  json["pooled_dice"] = json_number(pooled_dice(cases), 5);
  json["volume_agreement"] = agreement_json(cases);
  Json& measures = json["measures"] = Json::object();
  for (const MeasureColumn& measure : measure_columns()) {
    if (measure.in_summary) measures[measure.name] = summary_of_measure(cases, measure, settings);
  }
  return json;
}

Json curves_of(const CohortResult& cohort, const BootstrapSettings& settings) {
  std::vector<CaseCounts> counts;
  for (const CaseResult& c : cohort.cases) {
    if (c.measures.probabilities) {
      counts.push_back({c.patient, &c.measures.probabilities->thresholds});
    }
  }
  return curves_json(counts, settings);
}

Json scan_level_of(const CohortResult& cohort, const BootstrapSettings& settings) {
  std::vector<ScanDecision> scans;
  for (const CaseResult& c : cohort.cases) {
    const LesionCounts& lesions = c.measures.lesions.all;
    scans.push_back(
        {c.patient, c.measures.scan_score, lesions.reference > 0, lesions.predicted > 0});
  }
  return scan_level_json(judge_scans(scans, settings));
}

/// {column: {group: as overall}}
Json groups_of(const CohortResult& cohort, const BootstrapSettings& settings) {
  Json json = Json::object();
  for (const std::string& column : cohort.group_columns) {
    std::map<std::string, std::vector<const CaseResult*>, decltype(&group_before)> groups(
        group_before);
    for (const CaseResult& c : cohort.cases) groups[c.attributes.at(column)].push_back(&c);
    Json& own = json[column] = Json::object();
    for (const auto& [group, cases] : groups) own[group] = summary_of_group(cases, settings);
  }
  return json;
}

Json comparison_json(const ModelComparison& comparison) {
  Json rows = Json::array();
  for (const ComparedMeasure& row : comparison.rows) {
    constexpr int decimals = 5;
    Json interval;
    if (row.paired.interval) {
      interval = {json_number(row.paired.interval->low, decimals),
                  json_number(row.paired.interval->high, decimals)};
    }
    rows.push_back({{"scope", row.scope},
                    {"measure", row.measure},
                    {"patients", row.paired.patients},
                    {"mean", json_number(row.first_mean, decimals)},
                    {"against_mean", json_number(row.second_mean, decimals)},
                    {"difference", json_number(row.paired.mean_difference, decimals)},
                    {"interval", interval},
                    {"wilcoxon_p", json_number(row.paired.wilcoxon_p, 6)}});
  }
  return {{"measures", rows},
          {"only_prediction", comparison.only_first},
          {"only_against", comparison.only_second}};
}

}  // namespace

Json summary_of(const CohortResult& cohort, const Json& about, const BootstrapSettings& settings) {
  return summary_with(cohort, about, fairness_of(cohort, settings), settings);
}

Json summary_with(const CohortResult& cohort, const Json& about,
                  const std::vector<FairnessRow>& fairness, const BootstrapSettings& settings) {
  Json json = about.is_object() ? about : Json::object();
  json["lesion_rule"] = std::string(name_of(cohort.rule));
  json["unit"] = "patient: the mean of each patient's visits, then the mean over patients";
  json["bootstrap"] = {{"draws", settings.draws},
                       {"seed", settings.seed},
                       {"level", settings.level},
                       {"method", "percentile, over patients"},
                       {"fewest_patients", min_patients_for_interval}};
  Json& failed = json["failed"] = Json::array();
  for (const FailedCase& f : cohort.failed) {
    failed.push_back({{"case", f.name}, {"reason", f.reason}});
  }
  json["predictions_without_reference"] = cohort.predictions_without_reference;

  std::vector<const CaseResult*> all;
  std::map<std::string, std::vector<const CaseResult*>> by_site;
  for (const CaseResult& c : cohort.cases) {
    all.push_back(&c);
    by_site[c.site].push_back(&c);
  }
  json["overall"] = summary_of_group(all, settings);
  Json& sites = json["sites"] = Json::object();
  for (const auto& [site, cases] : by_site) sites[site] = summary_of_group(cases, settings);
  json["curves"] = curves_of(cohort, settings);
  json["scan_level"] = scan_level_of(cohort, settings);
  if (!cohort.group_columns.empty()) {
    json["groups"] = groups_of(cohort, settings);
    json["fairness"] = fairness_json(fairness);
  }
  if (cohort.comparison) json["comparison"] = comparison_json(*cohort.comparison);
  return json;
}

}  // namespace dawson::evaluation
