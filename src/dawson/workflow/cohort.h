// What became of many cases.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace dawson::workflow {

/// The cases done and the ones that failed, each with its sentence.
struct CohortOutcome {
  std::size_t done = 0;
  std::vector<std::string> failures;  ///< "name: why"
};

}  // namespace dawson::workflow
