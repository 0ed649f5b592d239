// The folds of a network.
#include <cmath>

#include "dawson/bundle/ensemble.h"
#include "dawson/core/error.h"
#include "dawson/segmentation/segmenter.h"
#include "dawson/workflow/crossval_preparation.h"
#include "dawson/workflow/derived_scans.h"

namespace dawson::workflow {
namespace {

namespace fs = std::filesystem;

/// The mean of the members' networks of this fold, in the place of a trained one.
void average_once(const CrossvalSettings& settings, int fold, const fs::path& run) {
  std::vector<bundle::Bundle> members;
  for (const fs::path& member : settings.members) {
    require_split(settings.folds, member / "folds.tsv", "average runs of one split");
    members.push_back(bundle::Bundle::open(Layout{member}.fold(fold) / "lesion" / "model"));
  }
  bundle::Bundle mean = bundle::ensemble(members);
  const fs::path model = run / "model";
  if (fs::exists(model / "model.json")) {
    if (bundle::Bundle::open(model).provenance == mean.provenance) return;
    throw Error(ExitCode::usage, "holds other networks than the mean of these members",
                model.string(), "choose another output folder");
  }
  fs::create_directories(run);
  mean.save(model, /*half=*/true, /*overwrite=*/false);
}

}  // namespace

void run_network_fold(const CrossvalSettings& settings, int fold,
                      const std::vector<dataset::Scan>& scans, const Layout& layout,
                      Progress& progress) {
  const dataset::Folds& folds = settings.folds;
  const Layout prepared{settings.from.value_or(layout.out)};
  const fs::path ready = prepared.fold(fold);
  if (settings.from) {
    require_same_split(cache::Cache::open(ready / "cache"), training_scans(scans, folds, fold),
                       ready / "cache");
  }
  const fs::path here = layout.fold(fold);
  if (settings.members.empty()) {
    const training::TrainingData slices = prepare_slices(settings, fold, scans, prepared, progress);
    if (settings.prepare_only) return;
    train_once(slices, settings.lesion, here / "lesion", progress);
  } else {
    average_once(settings, fold, here / "lesion");
  }

  if (fold < 0) return;
  const segmentation::Network network(
      model::open(here / "lesion" / "model", ready / "brain" / "model", settings.atlas), {});
  for (const dataset::Scan& s : scans) {
    if (folds.fold_of(s) == fold) predict(s, network, layout, progress);
  }
}

void ship_network(const CrossvalSettings& settings, const Layout& layout, const Decision& decision,
                  const evaluation::CohortResult& cohort,
                  const std::vector<BrainAgreement>& brains) {
  const fs::path final_models = layout.fold(-1);
  bundle::Bundle brain =
      bundle::Bundle::open(Layout{settings.from.value_or(layout.out)}.fold(-1) / "brain" / "model");
  brain.name = "brain";
  brain.provenance["folds"] = settings.folds.count;
  brain.card = brain_card(brain, brains, settings.command_line);
  brain.save(layout.out / "models" / "brain", /*half=*/true, /*overwrite=*/true);

  bundle::Bundle lesion = bundle::Bundle::open(final_models / "lesion" / "model");
  lesion.name = "lesion";
  lesion.threshold = decision.rule.threshold;
  lesion.min_peak = decision.rule.min_peak;
  lesion.temperature = decision.temperature;
  lesion.min_volume_mm3 = decision.rule.min_volume_mm3;
  // The brain model's weights were stored as float16 when the lesion model was trained on its
  // masks, and the same bytes are stored here: the hash in the recipe still holds.
  if (const double error = mean_volume_error_percent(brains); std::isfinite(error)) {
    lesion.provenance["brain_volume_error_percent"] = error;
    // With their signs, scan by scan: what the report's range of the percentage is made of.
    core::Json errors = core::Json::array();
    for (const BrainAgreement& b : brains) errors.push_back(b.volume_error_percent);
    lesion.provenance["brain_volume_errors_percent"] = errors;
  }
  lesion.provenance["folds"] = settings.folds.count;
  lesion.provenance["derived"] = count_derived(extra_scans(settings, -1).derived);
  lesion.card = lesion_card(lesion, cohort, settings.command_line);
  lesion.save(layout.out / "models" / "lesion", /*half=*/true, /*overwrite=*/true);
}

}  // namespace dawson::workflow
