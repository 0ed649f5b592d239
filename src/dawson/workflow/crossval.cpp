#include "dawson/workflow/crossval.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <set>

#include "dawson/bundle/ensemble.h"
#include "dawson/core/atomic_file.h"
#include "dawson/core/error.h"
#include "dawson/evaluation/cohort.h"
#include "dawson/segmentation/segmenter.h"
#include "dawson/training/trainer.h"
#include "dawson/volume/nifti.h"
#include "dawson/workflow/card.h"
#include "dawson/workflow/crossval_parts.h"
#include "dawson/workflow/derived_scans.h"
#include "dawson/workflow/evaluate.h"
#include "dawson/workflow/prepare.h"
#include "dawson/workflow/results_page.h"

namespace dawson::workflow {
namespace {

namespace fs = std::filesystem;

/// What trains beside the patients.
struct Extra {
  std::vector<dataset::Scan> heads;    ///< of nobody in the split: phantoms
  std::vector<dataset::Scan> derived;  ///< made of patients whom the fold may train on
};

/// Sorts the extra scans by whose they are. Folders are searched one by one, since what was made of
/// a source in two ways has the source's name twice.
Extra extra_scans(const CrossvalSettings& settings, const dataset::Folds& folds, int fold) {
  Extra extra;
  std::set<std::string> names;
  for (const fs::path& folder : settings.extra) {
    for (dataset::Scan& s : labelled_scans({folder})) {
      if (!names.insert(s.source + "/" + s.stem()).second) {
        throw Error(ExitCode::input, "two extra scans have the same source and name",
                    s.source + "/" + s.stem(), "rename one of the trees");
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

void require_split(const dataset::Folds& folds, const fs::path& file,
                   const std::string& what_to_do) {
  for (const dataset::FoldRow& row : dataset::read_folds(file).rows) {
    if (folds.fold_of(row.source, row.participant) == row.fold) continue;
    throw Error(ExitCode::usage, "holds the folds of another split", file.string(), what_to_do);
  }
}

/// Writes the split, or compares it with the one that was written first.
void keep_split(const dataset::Folds& folds, const fs::path& file) {
  if (!fs::exists(file)) return dataset::write_folds(folds, file);
  require_split(folds, file, "choose another output folder");
}

/// Predictions that are there are kept, so that a folder is of one method for good.
void keep_method(const std::string& method, const fs::path& out) {
  const fs::path file = out / "method.txt";
  std::string before = fs::exists(out / "predictions") ? network_method : method;
  if (std::ifstream in(file); in) std::getline(in, before);
  if (before != method) {
    throw Error(ExitCode::usage, "holds the cross-validation of the method '" + before + "'",
                out.string(), "choose another output folder");
  }
  core::write_text(file, method + "\n");
}

/// Trains unless the run already holds its model.
void train_once(const training::TrainingData& data, const training::TrainingSettings& settings,
                const fs::path& run, Progress& progress) {
  if (fs::exists(run / "model" / "model.json")) return;
  training::train(data, settings, run, /*resume=*/true, progress);
}

/// The mean of the members' networks of this fold, in the place of a trained one.
void average_once(const CrossvalSettings& settings, int fold, const fs::path& run) {
  const fs::path model = run / "model";
  if (fs::exists(model / "model.json")) return;
  std::vector<bundle::Bundle> members;
  for (const fs::path& member : settings.members) {
    require_split(settings.folds, member / "folds.tsv", "average runs of one split");
    members.push_back(bundle::Bundle::open(Layout{member}.fold(fold) / "lesion" / "model"));
  }
  fs::create_directories(run);
  bundle::ensemble(members).save(model, /*half=*/true, /*overwrite=*/false);
}

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
preprocessing::Recipe prepare_patients(const CrossvalSettings& settings,
                                       const std::vector<dataset::Scan>& seen, const fs::path& here,
                                       Progress& progress) {
  const auto atlas = std::make_shared<const anatomy::Atlas>(anatomy::Atlas::open(settings.atlas));
  preprocessing::Recipe recipe(settings.recipe, brain_finder(here / "brain"), atlas);
  require_done(prepare_lesions(seen, recipe, here / "cache", {}, progress));
  return recipe;
}

/// What the lesion network of a fold trains on: caches of the patients, of phantoms, and of what
/// was derived from the patients. Made in `prepared`, or found there.
training::TrainingData prepare_slices(const CrossvalSettings& settings,
                                      const std::vector<dataset::Scan>& seen, const Extra& extra,
                                      const Layout& prepared, const fs::path& here,
                                      Progress& progress) {
  train_brain(settings, seen, extra, here, prepared.out, progress);
  const preprocessing::Recipe recipe = prepare_patients(settings, seen, here, progress);
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

void run_network_fold(const CrossvalSettings& settings, int fold,
                      const std::vector<dataset::Scan>& scans, const Layout& layout,
                      Progress& progress) {
  const dataset::Folds& folds = settings.folds;
  const std::vector<dataset::Scan> seen = training_scans(scans, folds, fold);
  const Layout prepared{settings.from.value_or(layout.out)};
  const fs::path ready = prepared.fold(fold);
  if (settings.from) {
    require_same_split(cache::Cache::open(ready / "cache"), seen, ready / "cache");
  }
  const training::TrainingData slices =
      prepare_slices(settings, seen, extra_scans(settings, folds, fold), prepared, ready, progress);
  if (settings.prepare_only) return;
  const fs::path here = layout.fold(fold);
  if (settings.members.empty()) {
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

std::vector<Prediction> predictions(const std::vector<dataset::Scan>& scans,
                                    const dataset::Folds& folds, const Layout& layout) {
  std::vector<Prediction> list;
  for (const dataset::Scan& s : scans) {
    const fs::path file = layout.prediction(s, probability_suffix);
    if (!fs::exists(file)) {
      throw Error(ExitCode::input, "has no prediction yet", s.name(),
                  "run fold " + std::to_string(folds.fold_of(s)) + " first");
    }
    list.push_back(
        {s.patient(), folds.fold_of(s), file, *s.lesion_mask, layout.prediction(s, brain_suffix)});
  }
  return list;
}

/// Predicted brain masks against manual ones; scans that came stripped need no prediction.
std::vector<BrainAgreement> compare_brains(const std::vector<dataset::Scan>& scans,
                                           const Layout& layout) {
  std::vector<BrainAgreement> list;
  for (const dataset::Scan& s : scans) {
    if (!s.brain_mask) continue;
    const evaluation::Counts counts =
        evaluation::count_voxels(volume::read_nifti_mask(*s.brain_mask),
                                 volume::read_nifti_mask(layout.prediction(s, brain_suffix)));
    const auto manual = static_cast<double>(counts.reference());
    const auto found = static_cast<double>(counts.predicted());
    list.push_back(
        {s.name(), s.patient(), evaluation::dice(counts), 100 * (found - manual) / manual});
  }
  return list;
}

/// The models of all patients, with the rule chosen on all folds' predictions and their cards.
void ship(const Layout& layout, const Decision& decision, const evaluation::CohortResult& cohort,
          const std::vector<BrainAgreement>& brains, const CrossvalSettings& settings) {
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
  lesion.provenance["derived"] = count_derived(extra_scans(settings, settings.folds, -1).derived);
  lesion.card = lesion_card(lesion, cohort, settings.command_line);
  lesion.save(layout.out / "models" / "lesion", /*half=*/true, /*overwrite=*/true);
}

}  // namespace

std::vector<dataset::Scan> labelled_scans(const std::vector<fs::path>& trees) {
  std::vector<dataset::Scan> scans =
      trees.empty() ? std::vector<dataset::Scan>() : dataset::find_scans(trees);
  scans.erase(std::remove_if(scans.begin(), scans.end(),
                             [](const dataset::Scan& s) { return !s.lesion_mask; }),
              scans.end());
  return scans;
}

void run_fold(const CrossvalSettings& settings, int fold, const fs::path& out, Progress& progress) {
  const Layout layout{out};
  const std::vector<dataset::Scan> scans = labelled_scans(settings.data);
  const dataset::Folds& folds = settings.folds;
  dataset::require_all(folds, scans);
  if (fold >= folds.count) {
    throw Error(ExitCode::usage, "there are only " + std::to_string(folds.count) + " folds",
                "--fold");
  }
  fs::create_directories(out);
  keep_split(folds, out / "folds.tsv");
  keep_method(settings.method, out);
  if (settings.method == network_method) {
    run_network_fold(settings, fold, scans, layout, progress);
    return;
  }
  if (!settings.from) {
    const Extra extra = extra_scans(settings, folds, fold);
    const std::vector<dataset::Scan> seen = training_scans(scans, folds, fold);
    train_brain(settings, seen, extra, layout.fold(fold), layout.out, progress);
    prepare_patients(settings, seen, layout.fold(fold), progress);
  }
  if (settings.prepare_only) return;
  run_method_fold(settings, fold, Layout{settings.from.value_or(out)}.fold(fold), scans, layout,
                  progress);
}

bool fold_is_done(const CrossvalSettings& settings, int fold, const fs::path& out) {
  const Layout layout{out};
  if (settings.prepare_only) return false;  // it knows best itself, and fast
  if (fold < 0) {
    return fs::exists(layout.fold(-1) / (settings.method == network_method
                                             ? fs::path("lesion") / "model" / "model.json"
                                             : fs::path(settings.method) / "method.json"));
  }
  const std::vector<dataset::Scan> scans = labelled_scans(settings.data);
  return std::all_of(scans.begin(), scans.end(), [&](const dataset::Scan& s) {
    return settings.folds.fold_of(s) != fold ||
           fs::exists(layout.prediction(s, probability_suffix));
  });
}

void gather(const CrossvalSettings& settings, const fs::path& out, Progress& progress) {
  const Layout layout{out};
  const std::vector<dataset::Scan> scans = labelled_scans(settings.data);
  const dataset::Folds& folds = settings.folds;
  const std::vector<Prediction> list = predictions(scans, folds, layout);
  progress.step("choosing thresholds", list.size());
  std::vector<RuleScores> scores;
  for (const Prediction& p : list) {
    scores.push_back(score_rules(p));
    progress.advance();
  }
  core::Json decisions = {{"all", to_json(choose(scores, -1))}};
  progress.step("masks", scans.size());
  for (int k = 0; k < folds.count; ++k) {
    const Decision decision = choose(scores, k);
    decisions["fold-" + std::to_string(k)] = to_json(decision);
    for (const dataset::Scan& s : scans) {
      if (folds.fold_of(s) != k) continue;
      const volume::NiftiImage probabilities =
          volume::read_nifti(layout.prediction(s, probability_suffix));
      volume::write_nifti(layout.prediction(s, mask_suffix),
                          segmentation::make_mask(probabilities.image, raw_rule(decision)),
                          &probabilities.header.geometry);
      progress.advance();
    }
  }
  core::write_json(out / "decision.json", decisions);

  core::AtomicFolder evaluation_folder(out / "evaluation", /*overwrite=*/true);
  EvaluationSettings measuring;
  measuring.references = settings.data;
  measuring.prediction = out / "predictions";
  measuring.about = settings.record;
  const evaluation::CohortResult cohort =
      evaluate(measuring, evaluation_folder.temporary(), progress).cohort;
  evaluation_folder.commit();
  const std::vector<BrainAgreement> brains = compare_brains(scans, layout);
  core::write_text(out / "results.md",
                   results_page(cohort, brains, decisions, settings.command_line));
  if (settings.method != network_method) {
    if (fs::exists(layout.fold(-1) / settings.method / "method.json")) {
      ship_method(settings, layout, choose(scores, -1));
    }
  } else if (fs::exists(layout.fold(-1) / "lesion" / "model" / "model.json")) {
    ship(layout, choose(scores, -1), cohort, brains, settings);
  }
  progress.finish();
}

}  // namespace dawson::workflow
