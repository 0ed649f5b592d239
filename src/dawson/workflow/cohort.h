// Many cases, one after the other or some at a time.
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
  std::vector<std::string> failures;  ///< "name: why", in the order of the cases
};

/// Does `work` on each scan, as the step `step` of `progress`. What it warns of, by the progress
/// that it is given, is said with the scan's name. A scan that cannot be used (Error{input}) is a
/// failure and the others go on; any other error ends the work.
///
/// With several `workers`, as many scans are under way at a time, each in a thread that libtorch
/// gives no further ones; `work` is then called from several threads.
CohortOutcome each_scan(const std::vector<dataset::Scan>& scans, const std::string& step,
                        const std::function<void(const dataset::Scan&, Progress&)>& work,
                        Progress& progress, int workers = 1);

}  // namespace dawson::workflow
