// The scans of a training run: which it may see, and which of them it is validated on.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "dawson/core/json.h"
#include "dawson/core/random.h"
#include "dawson/training/channel_roles.h"
#include "dawson/training/pool.h"
#include "dawson/training/settings.h"

namespace dawson::training {

/// Which scans a run may see.
struct CacheSelection {
  std::filesystem::path cache;
  std::vector<std::string> patients;  ///< "source/participant"; empty: all in the cache
  double weight = 1;                  ///< of each patient, when patients are drawn
};

/// The first cache's recipe is sealed into the bundle, and validation patients are drawn from it;
/// the others add scans (phantoms, say).
using TrainingData = std::vector<CacheSelection>;

/// What a run has in memory before it begins.
struct RunData {
  core::Json recipe;   ///< of the first cache, to be sealed into the bundle
  std::string target;  ///< "lesion" or "brain"
  ChannelRoles roles;
  std::vector<PooledScan> training, validation;
  int target_slices = 0;  ///< slices of the training scans that show target
  core::Json record;      ///< the caches' recipes and the patients; a resume must find the same
  core::Json scans;       ///< SHA-256 of what each scan's arrays hold, by patient and stem
};

/// Loads all scans and holds out `validation_patients` of the first cache, drawn from `random`.
/// What another cache holds of those (their scans without lesions, say) is left out altogether.
/// Throws Error{input}: a cache that cannot be read, of another target or with other channels than
/// the settings want, too few patients, no mask with anything in it among those who train, or one
/// image under the names of a patient that trains and of another that validates.
RunData load_run_data(const TrainingData& data, const TrainingSettings& settings,
                      const core::Random& random);

}  // namespace dawson::training
