// BIDS → training cache, by the recipe that use will follow.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "dawson/core/progress.h"
#include "dawson/dataset/bids.h"
#include "dawson/preprocessing/recipe.h"
#include "dawson/workflow/cohort.h"

namespace dawson::workflow {

struct PrepareSettings {
  bool overwrite = false;
  bool use_given_brain = false;  ///< the manual brain mask instead of the recipe's (phantoms)
  int workers = 1;               ///< scans at a time, each in the memory that one needs
};

/// Caches every scan that has a lesion mask. A scan that fails is named and the rest goes on.
/// Scans already in the cache with the same content are not done again.
CohortOutcome prepare_lesions(const std::vector<dataset::Scan>& scans,
                              const preprocessing::Recipe& recipe,
                              const std::filesystem::path& cache, const PrepareSettings& settings,
                              Progress& progress);

/// Caches heads with their brain masks: manual ones, and the outline of stripped scans.
CohortOutcome prepare_brains(const std::vector<dataset::Scan>& scans,
                             const std::filesystem::path& cache, const PrepareSettings& settings,
                             Progress& progress);

}  // namespace dawson::workflow
