#include <cmath>
#include <map>
#include <set>

#include "dawson/core/table.h"
#include "dawson/evaluation/cohort.h"
#include "dawson/evaluation/page.h"

namespace dawson::evaluation {
namespace {

using core::Json;

/// A finite number at the column's precision, or null.
Json json_number(double value, int decimals) {
  if (!std::isfinite(value)) return nullptr;
  return std::stod(core::number(value, decimals));
}

core::Table case_table(const CohortResult& cohort) {
  std::vector<core::Column> columns = {
      {"case", "source/participant[/session], or the file's stem"},
      {"patient", "the unit of means and intervals: visits of one patient count as one"},
      {"site", "the folder of the data set"},
      {"status", "measured, or why not"},
      {"brain_source", "where the brain mask is from: given, reference, prediction, n/a (none)"}};
  for (const MeasureColumn& m : measure_columns()) columns.push_back({m.name, m.description});
  core::Table table(columns);
  for (const CaseResult& c : cohort.cases) {
    std::vector<std::string> row{c.name, c.patient, c.site, "measured", c.brain_source};
    for (const MeasureColumn& m : measure_columns()) {
      row.push_back(core::number(m.value(c.measures), m.decimals));
    }
    table.add_row(std::move(row));
  }
  for (const FailedCase& failure : cohort.failed) {
    std::vector<std::string> row(columns.size(), "n/a");
    row[0] = failure.name;
    row[3] = failure.reason;
    table.add_row(std::move(row));
  }
  return table;
}

core::Table lesion_table(const CohortResult& cohort) {
  core::Table table({
      {"case", "as in cases.tsv"},
      {"mask", "reference or prediction"},
      {"id", "number within the mask, by volume, ties by first voxel"},
      {"voxels", "voxels of the lesion"},
      {"volume_ml", "volume, ml"},
      {"x_mm", "centroid, mm to the right (RAS+ world coordinates)"},
      {"y_mm", "centroid, mm to the front"},
      {"z_mm", "centroid, mm upwards"},
      {"size_class", "volume class, mm³"},
      {"covered", "share of its voxels that lie on the other mask"},
      {"matched", "yes for a reference lesion that was found or a predicted one that is true"},
      {"partners", "ids of the lesions of the other mask that it touches"},
  });
  for (const CaseResult& c : cohort.cases) {
    for (const LesionMatch& lesion : c.measures.lesions.lesions) {
      std::string partners;
      for (const int id : lesion.partners) {
        partners += (partners.empty() ? "" : ",") + std::to_string(id);
      }
      table.add_row({c.name, lesion.in_reference ? "reference" : "prediction",
                     std::to_string(lesion.id), std::to_string(lesion.voxels),
                     core::number(lesion.volume_ml, 5), core::number(lesion.centroid_mm[0], 2),
                     core::number(lesion.centroid_mm[1], 2), core::number(lesion.centroid_mm[2], 2),
                     size_class_names[size_class(lesion.volume_ml * 1000.0)],
                     core::number(lesion.covered, 4), lesion.matched ? "yes" : "no", partners});
    }
  }
  return table;
}

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

Json reliability_json(const std::vector<ReliabilityBin>& bins) {
  Json json = Json::array();
  for (const ReliabilityBin& b : bins) {
    json.push_back({{"voxels", json_number(b.voxels, 2)},
                    {"mean_probability", json_number(b.mean_probability, 6)},
                    {"observed_rate", json_number(b.observed_rate, 6)}});
  }
  return json;
}

Json reliability_of_cases(const CohortResult& cohort) {
  Json json = Json::object();
  for (const CaseResult& c : cohort.cases) {
    if (!c.measures.probabilities) continue;
    const ProbabilityMeasures& p = *c.measures.probabilities;
    json[c.name] = {{"brain", reliability_json(p.reliability_brain)},
                    {"above_1pc", reliability_json(p.reliability_above_1pc)}};
  }
  return json;
}

}  // namespace

Json summary_of(const CohortResult& cohort, const Json& about, const BootstrapSettings& settings) {
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
  json["reliability"] = reliability_of_cases(cohort);
  return json;
}

std::vector<std::string> cohort_file_names() {
  return {"cases.tsv", "cases.json", "lesions.tsv", "lesions.json", "summary.json", "index.html"};
}

void write_cohort(const CohortResult& cohort, const Json& about,
                  const std::filesystem::path& folder) {
  const Json summary = summary_of(cohort, about);
  case_table(cohort).write(folder / "cases.tsv");
  lesion_table(cohort).write(folder / "lesions.tsv");
  core::write_json(folder / "summary.json", summary);
  write_page(folder / "index.html", cohort, summary);
}

}  // namespace dawson::evaluation
