#include "dawson/workflow/crossval.h"

#include <algorithm>
#include <fstream>

#include "dawson/core/atomic_file.h"
#include "dawson/core/error.h"
#include "dawson/evaluation/cohort.h"
#include "dawson/segmentation/segmenter.h"
#include "dawson/volume/nifti.h"
#include "dawson/workflow/crossval_preparation.h"
#include "dawson/workflow/evaluate.h"
#include "dawson/workflow/results_page.h"

namespace dawson::workflow {
namespace {

namespace fs = std::filesystem;

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
  if (!settings.from) prepare_patients(settings, fold, scans, layout, progress);
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
    ship_network(settings, layout, choose(scores, -1), cohort, brains);
  }
  progress.finish();
}

}  // namespace dawson::workflow
