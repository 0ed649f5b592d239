#include "dawson/workflow/crossval_preparation.h"

#include <algorithm>
#include <set>

#include "dawson/core/error.h"
#include "dawson/training/trainer.h"
#include "dawson/workflow/prepare.h"

namespace dawson::workflow {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> patients_of(const std::vector<dataset::Scan>& scans) {
  std::set<std::string> patients;
  for (const dataset::Scan& s : scans) patients.insert(s.patient());
  return {patients.begin(), patients.end()};
}

/// Heads and phantoms hold nothing learned from patients, so folds share the caches of the latter.
void train_brain(const CrossvalSettings& settings, const std::vector<dataset::Scan>& seen,
                 const Extra& extra, const fs::path& here, const fs::path& out,
                 Progress& progress) {
  fs::create_directories(here);
  require_done(prepare_brains(seen, here / "heads", {}, progress));
  training::TrainingData heads = {{here / "heads", patients_of(seen), 1.0}};
  if (!extra.heads.empty()) {
    require_done(prepare_brains(extra.heads, out / "extra-heads", {}, progress));
    heads.push_back({out / "extra-heads", {}, settings.extra_weight});
  }
  train_once(heads, settings.brain, here / "brain", progress);
}

/// The cache of the patients by the fold's own brain model, and that recipe.
preprocessing::Recipe cache_patients(const CrossvalSettings& settings,
                                     const std::vector<dataset::Scan>& seen, const fs::path& here,
                                     Progress& progress) {
  const auto atlas = std::make_shared<const anatomy::Atlas>(anatomy::Atlas::open(settings.atlas));
  preprocessing::Recipe recipe(settings.recipe, brain_finder(here / "brain"), atlas);
  require_done(prepare_lesions(seen, recipe, here / "cache", {}, progress));
  return recipe;
}

}  // namespace

Extra extra_scans(const CrossvalSettings& settings, int fold) {
  const dataset::Folds& folds = settings.folds;
  Extra extra;
  std::set<std::string> names;
  // Folder by folder, since what was made of a source in two ways has the source's name twice.
  for (const fs::path& folder : settings.extra) {
    for (dataset::Scan& s : labelled_scans({folder})) {
      if (!names.insert(s.source + "/" + s.stem()).second) {
        throw Error(ExitCode::input, "two extra scans have the same source and name",
                    s.source + "/" + s.stem(), "leave one out, or give its files another rec-");
      }
      const auto row = std::find_if(folds.rows.begin(), folds.rows.end(), [&](const auto& r) {
        return r.source == s.source && r.participant == s.participant;
      });
      if (row == folds.rows.end()) {
        extra.heads.push_back(std::move(s));
      } else if (row->fold != fold) {
        extra.derived.push_back(std::move(s));
      }
    }
  }
  return extra;
}

void train_once(const training::TrainingData& data, const training::TrainingSettings& settings,
                const fs::path& run, Progress& progress) {
  if (fs::exists(run / "model" / "model.json")) return;
  training::train(data, settings, run, /*resume=*/true, progress);
}

void prepare_patients(const CrossvalSettings& settings, int fold,
                      const std::vector<dataset::Scan>& scans, const Layout& prepared,
                      Progress& progress) {
  const std::vector<dataset::Scan> seen = training_scans(scans, settings.folds, fold);
  const fs::path here = prepared.fold(fold);
  train_brain(settings, seen, extra_scans(settings, fold), here, prepared.out, progress);
  cache_patients(settings, seen, here, progress);
}

training::TrainingData prepare_slices(const CrossvalSettings& settings, int fold,
                                      const std::vector<dataset::Scan>& scans,
                                      const Layout& prepared, Progress& progress) {
  const std::vector<dataset::Scan> seen = training_scans(scans, settings.folds, fold);
  const Extra extra = extra_scans(settings, fold);
  const fs::path here = prepared.fold(fold);
  train_brain(settings, seen, extra, here, prepared.out, progress);
  const preprocessing::Recipe recipe = cache_patients(settings, seen, here, progress);
  training::TrainingData slices = {{here / "cache", patients_of(seen), 1.0}};
  if (!extra.heads.empty()) {
    const preprocessing::Recipe known_brain(
        settings.recipe, nullptr,
        std::make_shared<const anatomy::Atlas>(anatomy::Atlas::open(settings.atlas)));
    require_done(prepare_lesions(extra.heads, known_brain, prepared.out / "extra",
                                 {.overwrite = false, .use_given_brain = true}, progress));
    slices.push_back({prepared.out / "extra", {}, settings.extra_weight});
  }
  if (!extra.derived.empty()) {  // as the patients themselves: by the fold's own brain model
    require_done(prepare_lesions(extra.derived, recipe, here / "derived", {}, progress));
    slices.push_back({here / "derived", {}, settings.extra_weight});
  }
  return slices;
}

}  // namespace dawson::workflow
