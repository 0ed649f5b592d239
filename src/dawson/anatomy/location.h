// Where in the brain a voxel lies: an affine to MNI152 and what lesions of others say of that
// place.
#pragma once

#include <filesystem>
#include <string>

#include "dawson/core/progress.h"
#include "dawson/imaging/registration.h"
#include "dawson/volume/volume.h"

namespace dawson::anatomy {

/// Statistics over patients in MNI152 space (models/atlas; its README names the source).
struct Atlas {
  volume::Image lesion_frequency;  ///< 0–1: square root of the smoothed frequency over its maximum
  volume::Mask brain;              ///< the mean brain
  std::string sha256;              ///< of both files, for recipes and run records

  /// Throws Error{model} when a file is missing or cannot be read.
  static Atlas open(const std::filesystem::path& folder);
};

/// The affine from the scan's world to MNI152, from the brain's outline alone. Throws Error{input}
/// when the outlines overlap so little (Dice below 0.5) that the scan shows no brain; warns below
/// 0.75, and when the scan ends within the brain: the outline of what it shows is placed then.
imaging::Alignment locate(const volume::Mask& brain, const Atlas& atlas, Progress& progress);

}  // namespace dawson::anatomy
