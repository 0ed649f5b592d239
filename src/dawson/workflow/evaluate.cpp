#include "dawson/workflow/evaluate.h"

#include <algorithm>
#include <map>

#include "dawson/core/error.h"
#include "dawson/evaluation/lesion_table.h"
#include "dawson/report/evaluation_page.h"
#include "dawson/workflow/comparison_pictures.h"
#include "dawson/workflow/patient_groups.h"

namespace dawson::workflow {
namespace {

namespace fs = std::filesystem;
using evaluation::CaseResult;
using evaluation::CaseVolumes;
using evaluation::CohortResult;
using evaluation::PairedCase;
using evaluation::Pairing;

/// All references against one folder of predictions, which may hold those of all.
Pairing pair_all(const EvaluationSettings& settings, const fs::path& predictions) {
  Pairing all;
  bool first = true;
  for (const fs::path& reference : settings.references) {
    Pairing some = evaluation::pair_cases(reference, predictions, settings.brain);
    std::move(some.cases.begin(), some.cases.end(), std::back_inserter(all.cases));
    std::move(some.without_prediction.begin(), some.without_prediction.end(),
              std::back_inserter(all.without_prediction));
    // What answers one of the references is not without one.
    if (first) all.without_reference = some.without_reference;
    std::erase_if(all.without_reference, [&](const fs::path& file) {
      return std::count(some.without_reference.begin(), some.without_reference.end(), file) == 0;
    });
    first = false;
  }
  return all;
}

/// The second model's pairs of the cases that the first has, with the first's brain masks: two
/// models are compared over the same voxels.
Pairing pair_against(const EvaluationSettings& settings, const Pairing& first) {
  std::map<std::string, const PairedCase*> of_first;
  for (const PairedCase& c : first.cases) of_first[c.name] = &c;
  Pairing second;
  try {
    second = pair_all(settings, *settings.against);
  } catch (Error& error) {
    error.add_context("--against");
    throw;
  }
  second.without_reference.clear();
  std::erase_if(second.cases, [&](const PairedCase& c) { return of_first.count(c.name) == 0; });
  for (PairedCase& c : second.cases) {
    c.brain = of_first.at(c.name)->brain;
    c.brain_source = of_first.at(c.name)->brain_source;
  }
  return second;
}

evaluation::ModelComparison compare(const CohortResult& first, const Pairing& against,
                                    Progress& progress) {
  CohortResult second;
  try {
    second = evaluation::evaluate_cohort(against, first.rule, progress);
  } catch (Error& error) {
    error.add_context("--against");
    throw;
  }
  evaluation::ModelComparison comparison = evaluation::compare_models(first, second);
  for (const std::string& name : comparison.only_first) {
    std::string why = "no prediction was found";
    for (const evaluation::FailedCase& f : second.failed) {
      if (f.name == name) why = f.reason;
    }
    progress.warn(name + " is not compared, --against lacks it: " + why);
  }
  for (const std::string& name : comparison.only_second) {
    progress.warn(name + " is not compared: --against alone has it");
  }
  return comparison;
}

}  // namespace

EvaluationOutcome evaluate(const EvaluationSettings& settings, const fs::path& folder,
                           Progress& progress) {
  const Pairing pairing = pair_all(settings, settings.prediction);
  const PatientGroups groups =
      patient_groups(pairing, settings.by, settings.participants, progress);
  std::optional<Pairing> against;
  if (settings.against) against = pair_against(settings, pairing);
  std::optional<ComparisonPictures> pictures;
  if (settings.scan) pictures.emplace(*settings.scan, pairing);

  evaluation::LesionTable lesions(folder / "lesions.tsv");
  const auto visit = [&](const CaseResult& result, const CaseVolumes& volumes) {
    lesions.add(result);
    if (pictures) pictures->draw(result, volumes, folder / "pictures", progress);
  };
  EvaluationOutcome outcome;
  CohortResult& cohort = outcome.cohort;
  cohort = evaluation::evaluate_cohort(pairing, settings.rule, progress, visit);
  lesions.finish();
  for (const evaluation::FailedCase& f : cohort.failed) {
    progress.warn(f.name + " was not measured: " + f.reason);
  }
  cohort.group_columns = settings.by;
  if (!settings.by.empty()) {
    for (CaseResult& c : cohort.cases) c.attributes = groups.at(c.name);
  }
  if (against) cohort.comparison = compare(cohort, *against, progress);

  progress.step("summary and page");
  outcome.summary = evaluation::write_cohort(cohort, settings.about, folder);
  report::write_evaluation_page(cohort, outcome.summary, folder);
  progress.finish();
  return outcome;
}

std::vector<std::string> evaluation_names() {
  std::vector<std::string> names = evaluation::cohort_file_names();
  for (const std::string& name : report::evaluation_page_names()) names.push_back(name);
  names.emplace_back("pictures");
  return names;
}

}  // namespace dawson::workflow
