#include "dawson/evaluation/cohort.h"

#include "dawson/core/error.h"
#include "dawson/imaging/formats.h"

namespace dawson::evaluation {
namespace {

namespace fs = std::filesystem;

volume::Image read(const fs::path& file) {
  return imaging::read_image(file).image;
}

volume::Mask read_mask(const fs::path& file) {
  const volume::Image image = read(file);
  volume::Mask mask(image.grid);
  for (std::size_t v = 0; v < image.data.size(); ++v) mask.data[v] = image.data[v] > 0.5F ? 1 : 0;
  return mask;
}

}  // namespace

CaseResult evaluate_files(const PairedCase& pair, LesionRule rule, const CaseVisitor& visit) {
  CaseResult result;
  result.name = pair.name;
  result.patient = pair.patient;
  result.site = pair.site;
  result.brain_source = pair.brain_source;
  const volume::Mask reference = read_mask(pair.reference);
  const volume::Mask prediction = read_mask(pair.prediction);
  std::optional<volume::Mask> brain;
  if (pair.brain) brain = read_mask(*pair.brain);
  std::optional<volume::Image> probabilities;
  if (pair.probabilities) probabilities = read(*pair.probabilities);
  result.measures = evaluate_case(reference, prediction, brain ? &*brain : nullptr,
                                  probabilities ? &*probabilities : nullptr, rule);
  if (visit) {
    visit(result, {&reference, &prediction, brain ? &*brain : nullptr,
                   probabilities ? &*probabilities : nullptr});
  }
  return result;
}

CohortResult evaluate_cohort(const Pairing& pairing, LesionRule rule, Progress& progress,
                             const CaseVisitor& visit) {
  CohortResult cohort;
  cohort.rule = rule;
  for (const Unpaired& reference : pairing.without_prediction) {
    cohort.failed.push_back({reference.name, reference.reason});
  }
  for (const fs::path& file : pairing.without_reference) {
    cohort.predictions_without_reference.push_back(file.filename().string());
  }
  progress.step("measure cases", pairing.cases.size());
  for (const PairedCase& pair : pairing.cases) {
    try {
      cohort.cases.push_back(evaluate_files(pair, rule, visit));
      std::vector<LesionMatch>().swap(cohort.cases.back().measures.lesions.lesions);
    } catch (const Error& error) {
      if (error.code() != ExitCode::input) throw;
      cohort.failed.push_back({pair.name, error.what()});
    }
    progress.advance();
  }
  progress.finish();
  if (cohort.cases.empty() && !cohort.failed.empty()) {
    const FailedCase& first = cohort.failed.front();
    const std::string which =
        cohort.failed.size() == 1 ? "" : "no case could be measured; the first of them: ";
    throw Error(ExitCode::input, which + first.reason, first.name);
  }
  return cohort;
}

}  // namespace dawson::evaluation
