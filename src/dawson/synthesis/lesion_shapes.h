// Shapes of real lesions, from masks of patients in MNI152 space.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "dawson/volume/volume.h"

namespace dawson::synthesis {

/// One lesion, cut out of its patient's mask with 2 voxels of room; the grid says where in MNI152.
struct LesionShape {
  volume::Mask mask;
  double volume_mm3 = 0;
  std::string from;  ///< the file it was cut out of
};

/// Every lesion (26-connected, ≥ 3 mm³) of every mask, *.nii or *.nii.gz, in a folder, in the order
/// of file names and, in a file, of sizes. Throws Error{input} when there is none, or when a mask
/// does not lie about the middle of MNI152 space (its lesions' centre beyond 120 mm of the origin).
std::vector<LesionShape> read_lesion_shapes(const std::filesystem::path& folder);

}  // namespace dawson::synthesis
