#include "dawson/workflow/results_page.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "dawson/core/table.h"

namespace dawson::workflow {
namespace {

using core::number;
using evaluation::CaseResult;
using evaluation::CohortResult;

/// The measures of the page, by their names in cases.tsv.
const std::vector<std::string>& shown() {
  static const std::vector<std::string> names = {"dice",
                                                 "lesion_f1",
                                                 "lesion_sensitivity",
                                                 "lesion_ppv",
                                                 "false_lesions",
                                                 "sensitivity",
                                                 "ppv",
                                                 "specificity",
                                                 "accuracy",
                                                 "ndsc",
                                                 "hd95_mm",
                                                 "assd_mm",
                                                 "absolute_volume_difference_ml",
                                                 "roc_auc",
                                                 "pr_auc",
                                                 "ece_brain",
                                                 "ece_above_1pc"};
  return names;
}

const evaluation::MeasureColumn* column(const std::string& name) {
  for (const evaluation::MeasureColumn& c : evaluation::measure_columns()) {
    if (c.name == name) return &c;
  }
  return nullptr;
}

evaluation::Summary summary(const std::vector<const CaseResult*>& cases,
                            const evaluation::MeasureColumn& measure) {
  std::vector<evaluation::PatientValue> values;
  for (const CaseResult* c : cases) values.push_back({c->patient, measure.value(c->measures)});
  return evaluation::summarise(values);
}

std::string mean_and_interval(const evaluation::Summary& s, int decimals) {
  std::string text = number(s.mean, decimals);
  if (s.interval) {
    text +=
        " (" + number(s.interval->low, decimals) + " – " + number(s.interval->high, decimals) + ")";
  }
  return text;
}

std::vector<const CaseResult*> of_site(const CohortResult& cohort, const std::string& site) {
  std::vector<const CaseResult*> cases;
  for (const CaseResult& c : cohort.cases) {
    if (site.empty() || c.site == site) cases.push_back(&c);
  }
  return cases;
}

std::set<std::string> sites(const CohortResult& cohort) {
  std::set<std::string> names;
  for (const CaseResult& c : cohort.cases) names.insert(c.site);
  return names;
}

std::size_t patients(const std::vector<const CaseResult*>& cases) {
  std::set<std::string> names;
  for (const CaseResult* c : cases) names.insert(c->patient);
  return names.size();
}

std::string overall_table(const CohortResult& cohort) {
  const std::vector<const CaseResult*> all = of_site(cohort, "");
  std::string text =
      "| measure | mean over patients (95 % interval) | what it is |\n|---|---|---|\n";
  for (const std::string& name : shown()) {
    const evaluation::MeasureColumn* c = column(name);
    if (c == nullptr) continue;
    const int decimals = std::min(c->decimals == 0 ? 1 : c->decimals, 4);
    text += "| " + name + " | " + mean_and_interval(summary(all, *c), decimals) + " | " +
            c->description + " |\n";
  }
  return text;
}

/// A site of fewer than five patients is listed value by value.
std::string site_cell(const evaluation::Summary& s, int decimals) {
  if (s.interval) return mean_and_interval(s, decimals);
  std::string text;
  for (const evaluation::PatientValue& p : s.patients) {
    text += (text.empty() ? "" : ", ") + number(p.value, decimals);
  }
  return text.empty() ? "n/a" : text;
}

std::string site_table(const CohortResult& cohort) {
  std::string text =
      "| site | patients | scans | Dice | lesion F1 | false lesions a scan |\n"
      "|---|---|---|---|---|---|\n";
  for (const std::string& site : sites(cohort)) {
    const std::vector<const CaseResult*> cases = of_site(cohort, site);
    text += "| " + site + " | " + std::to_string(patients(cases)) + " | " +
            std::to_string(cases.size()) + " | " + site_cell(summary(cases, *column("dice")), 3) +
            " | " + site_cell(summary(cases, *column("lesion_f1")), 3) + " | " +
            site_cell(summary(cases, *column("false_lesions")), 1) + " |\n";
  }
  return text;
}

std::string case_table(const CohortResult& cohort) {
  const std::vector<std::string> names = {"reference_ml",
                                          "predicted_ml",
                                          "dice",
                                          "lesion_f1",
                                          "lesion_sensitivity",
                                          "lesion_ppv",
                                          "reference_lesions",
                                          "predicted_lesions",
                                          "false_lesions",
                                          "hd95_mm"};
  std::string text = "| scan |";
  std::string rule = "|---|";
  for (const std::string& name : names) {
    text += " " + name + " |";
    rule += "---|";
  }
  text += "\n" + rule + "\n";
  for (const CaseResult& c : cohort.cases) {
    text += "| " + c.name + " |";
    for (const std::string& name : names) {
      const evaluation::MeasureColumn* m = column(name);
      text += " " + number(m->value(c.measures), std::min(m->decimals, 3)) + " |";
    }
    text += "\n";
  }
  return text;
}

std::string brain_table(const std::vector<BrainAgreement>& brains) {
  std::string text = "| scan | Dice | volume error, % |\n|---|---|---|\n";
  std::vector<evaluation::PatientValue> dice;
  for (const BrainAgreement& b : brains) {
    text += "| " + b.name + " | " + number(b.dice, 3) + " | " + number(b.volume_error_percent, 1) +
            " |\n";
    dice.push_back({b.patient, b.dice});
  }
  return text + "\nMean Dice " + mean_and_interval(evaluation::summarise(dice), 3) +
         "; mean volume error without its sign " + number(mean_volume_error_percent(brains), 1) +
         " %.\n";
}

std::string decision_table(const core::Json& decisions) {
  std::string text =
      "| chosen for | threshold | least peak | smallest lesion, mm³ | temperature |\n"
      "|---|---|---|---|---|\n";
  for (const auto& [name, d] : decisions.items()) {
    text += "| " + name + " | " + number(d.at("threshold").get<double>(), 3) + " | " +
            number(d.at("min_peak").get<double>(), 3) + " | " +
            number(d.at("min_volume_mm3").get<double>(), 1) + " | " +
            number(d.at("temperature").get<double>(), 2) + " |\n";
  }
  return text;
}

}  // namespace

double mean_volume_error_percent(const std::vector<BrainAgreement>& brains) {
  std::vector<evaluation::PatientValue> errors;
  for (const BrainAgreement& b : brains) {
    errors.push_back({b.patient, std::abs(b.volume_error_percent)});
  }
  return evaluation::summarise(errors).mean;
}

std::string results_page(const CohortResult& cohort, const std::vector<BrainAgreement>& brains,
                         const core::Json& decisions, const std::string& command_line) {
  const std::vector<const CaseResult*> all = of_site(cohort, "");
  std::string text = "# Cross-validated results\n\n";
  text += "Made by `" + command_line + "`.\n\n";
  text +=
      std::to_string(patients(all)) + " patients, " + std::to_string(all.size()) +
      " scans; every scan was predicted by models that had not seen its patient. Means are over "
      "patients (a patient's visits first); intervals are 95 %, bootstrap over patients, "
      "10,000 draws.\n\n";
  text += "## Overall\n\n" + overall_table(cohort) + "\n";
  text += "## Per site\n\nSites of fewer than five patients are listed patient by patient.\n\n" +
          site_table(cohort) + "\n";
  text += "## Per scan\n\n" + case_table(cohort) + "\n";
  if (!brains.empty()) {
    text += "## Brain masks\n\nOf scans with skull and a manual mask, held-out fold.\n\n" +
            brain_table(brains) + "\n";
  }
  text +=
      "## Decision rules\n\nA fold's rule was chosen on the other folds' predictions; \"all\" is "
      "the shipped model's.\n\n" +
      decision_table(decisions);
  return text;
}

std::string figures_for_card(const CohortResult& cohort) {
  const std::vector<const CaseResult*> all = of_site(cohort, "");
  std::string text = "Cross-validated, " + std::to_string(patients(all)) + " patients: Dice " +
                     mean_and_interval(summary(all, *column("dice")), 3) + ", lesion F1 " +
                     mean_and_interval(summary(all, *column("lesion_f1")), 3) +
                     ", false lesions a scan " +
                     mean_and_interval(summary(all, *column("false_lesions")), 1) + ".\n\n";
  return text + site_table(cohort);
}

}  // namespace dawson::workflow
