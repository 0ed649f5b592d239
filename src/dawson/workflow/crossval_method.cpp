// The folds of a traditional method.
#include <algorithm>
#include <set>

#include "dawson/cache/cache.h"
#include "dawson/core/error.h"
#include "dawson/core/version.h"
#include "dawson/segmentation/fitting.h"
#include "dawson/segmentation/traditional.h"
#include "dawson/workflow/crossval_parts.h"

namespace dawson::workflow {
namespace {

namespace fs = std::filesystem;

/// Every scan of the cache to the fitting, one in memory at a time.
std::vector<std::string> show_all(const cache::Cache& cache, const CrossvalSettings& settings,
                                  segmentation::Fitting& fitting, core::Random& random,
                                  Progress& progress) {
  const anatomy::Atlas atlas = anatomy::Atlas::open(settings.atlas);
  std::set<std::string> patients;
  progress.step("training scans", cache.entries().size());
  for (const cache::Entry& entry : cache.entries()) {
    const cache::Arrays arrays = cache.load(entry);
    const segmentation::BrainSpace space =
        segmentation::brain_space(entry, arrays, atlas, progress);
    const volume::Mask lesions(space.brain.grid, arrays.target);
    core::Random of_scan = random.stream(entry.stem);  // whatever the order of the cache
    fitting.show(
        {entry.patient(), settings.folds.fold_of(entry.source, entry.participant), space, lesions},
        of_scan);
    patients.insert(entry.patient());
    progress.advance();
  }
  return {patients.begin(), patients.end()};
}

void fit(const CrossvalSettings& settings, const fs::path& ready,
         const std::vector<dataset::Scan>& seen, const fs::path& folder, Progress& progress) {
  const cache::Cache cache = cache::Cache::open(ready / "cache");
  require_same_split(cache, seen, ready / "cache");
  const auto fitting = segmentation::make_fitting(settings.method);
  core::Random random(settings.lesion.seed);
  const std::vector<std::string> patients = show_all(cache, settings, *fitting, random, progress);
  const segmentation::Fitted fitted = fitting->finish(random, progress);

  segmentation::MethodFile file;
  file.method = settings.method;
  file.version = core::version();
  file.recipe = cache.recipe();
  file.parameters = fitted.parameters;
  file.calibration = fitted.calibration;
  file.provenance = {{"train_patients", patients},
                     {"seed", settings.lesion.seed},
                     {"candidates", fitted.candidates},
                     {"command", settings.command_line},
                     {"licence", "CC BY 4.0, as its data ask; docs/traditional.md cites them"}};
  file.save(folder);
}

}  // namespace

void run_method_fold(const CrossvalSettings& settings, int fold, const fs::path& ready,
                     const std::vector<dataset::Scan>& scans, const Layout& layout,
                     Progress& progress) {
  const fs::path folder = layout.fold(fold) / settings.method;
  if (!fs::exists(folder / "method.json")) {
    fit(settings, ready, training_scans(scans, settings.folds, fold), folder, progress);
  }
  if (fold < 0) return;
  const segmentation::Traditional method(segmentation::MethodFile::open(folder),
                                         ready / "brain" / "model", settings.atlas);
  for (const dataset::Scan& s : scans) {
    if (settings.folds.fold_of(s) == fold) predict(s, method, layout, progress);
  }
}

void ship_method(const CrossvalSettings& settings, const Layout& layout, const Decision& decision) {
  segmentation::MethodFile file = segmentation::MethodFile::open(layout.fold(-1) / settings.method);
  file.rule = decision.rule;
  file.temperature = decision.temperature;
  file.save(layout.out / "models" / "traditional" / settings.method);
}

}  // namespace dawson::workflow
