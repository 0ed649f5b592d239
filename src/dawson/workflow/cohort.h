// Many cases, one after the other.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "dawson/core/progress.h"
#include "dawson/dataset/bids.h"

namespace dawson::workflow {

/// The cases done and the ones that failed, each with its sentence.
struct CohortOutcome {
  std::size_t done = 0;
  std::vector<std::string> failures;  ///< "name: why"
};

/// Does `work` on each scan, as the step `step` of `progress`. What it warns of, by the progress
/// that it is given, is said with the scan's name. A scan that cannot be used (Error{input}) is a
/// failure and the others go on; any other error ends the work.
CohortOutcome each_scan(const std::vector<dataset::Scan>& scans, const std::string& step,
                        const std::function<void(const dataset::Scan&, Progress&)>& work,
                        Progress& progress);

}  // namespace dawson::workflow
