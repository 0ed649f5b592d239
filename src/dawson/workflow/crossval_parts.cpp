#include "dawson/workflow/crossval_parts.h"

#include <set>

#include "dawson/core/error.h"
#include "dawson/dataset/read_scan.h"
#include "dawson/volume/nifti.h"
#include "dawson/workflow/visit.h"

namespace dawson::workflow {

namespace fs = std::filesystem;

fs::path Layout::fold(int k) const {
  return out / (k < 0 ? std::string("final") : "fold-" + std::to_string(k));
}

fs::path Layout::prediction(const dataset::Scan& scan, const char* suffix) const {
  fs::path folder = out / "predictions" / scan.source / scan.participant;
  if (!scan.session.empty()) folder /= scan.session;
  return folder / "anat" / (scan.stem() + suffix);
}

std::vector<dataset::Scan> training_scans(const std::vector<dataset::Scan>& scans,
                                          const dataset::Folds& folds, int fold) {
  std::vector<dataset::Scan> seen;
  for (const dataset::Scan& s : scans) {
    if (folds.fold_of(s) != fold) seen.push_back(s);
  }
  return seen;
}

void require_split(const dataset::Folds& folds, const fs::path& file,
                   const std::string& what_to_do) {
  for (const dataset::FoldRow& row : dataset::read_folds(file).rows) {
    if (folds.fold_of(row.source, row.participant) == row.fold) continue;
    throw Error(ExitCode::usage, "holds the folds of another split", file.string(), what_to_do);
  }
}

void require_same_split(const cache::Cache& cache, const std::vector<dataset::Scan>& seen,
                        const fs::path& folder) {
  const auto key = [](const std::string& patient, const std::string& session) {
    return patient + "/" + session;
  };
  std::set<std::string> wanted;
  std::set<std::string> held;
  for (const dataset::Scan& s : seen) wanted.insert(key(s.patient(), s.session));
  for (const cache::Entry& e : cache.entries()) held.insert(key(e.patient(), e.session));
  if (wanted == held) return;
  throw Error(ExitCode::usage, "was prepared for other scans or another split", folder.string(),
              "give --from the cross-validation of the same data and folds, or leave it out");
}

void require_done(const CohortOutcome& outcome) {
  if (outcome.failures.empty()) return;
  throw Error(ExitCode::input,
              std::to_string(outcome.failures.size()) +
                  " scans could not be prepared, the first: " + outcome.failures.front());
}

std::shared_ptr<const anatomy::BrainFinder> brain_finder(const fs::path& run) {
  return std::make_shared<const anatomy::BrainFinder>(bundle::Bundle::open(run / "model"));
}

void predict(const dataset::Scan& scan, const segmentation::Method& method, const Layout& layout,
             Progress& progress) {
  const fs::path file = layout.prediction(scan, probability_suffix);
  if (fs::exists(file)) return;
  fs::create_directories(file.parent_path());
  const volume::NiftiImage flair = dataset::read_scan(scan.flair);
  const preprocessing::Visit visit(
      flair.image, read_others(other_files(scan), method.facts().sequences, progress));
  const segmentation::Probabilities found = method.find_probabilities(visit, progress);
  volume::write_nifti(layout.prediction(scan, brain_suffix), found.brain.mask,
                      &flair.header.geometry);
  volume::write_nifti(file, found.lesion, &flair.header.geometry);
}

}  // namespace dawson::workflow
