#include "dawson/workflow/cohort.h"

#include "dawson/core/error.h"

namespace dawson::workflow {

CohortOutcome each_scan(const std::vector<dataset::Scan>& scans, const std::string& step,
                        const std::function<void(const dataset::Scan&, Progress&)>& work,
                        Progress& progress) {
  CohortOutcome outcome;
  progress.step(step, scans.size());
  for (const dataset::Scan& scan : scans) {
    try {
      progress.check();
      Progress quiet(nullptr, nullptr);
      work(scan, quiet);
      ++outcome.done;
      for (const std::string& warning : quiet.warnings()) {
        progress.warn(scan.name() + ": " + warning);
      }
    } catch (const Error& e) {
      if (e.code() != ExitCode::input) throw;
      outcome.failures.push_back(scan.name() + ": " + e.what());
      progress.warn(outcome.failures.back());
    }
    progress.advance();
  }
  progress.finish();
  return outcome;
}

}  // namespace dawson::workflow
