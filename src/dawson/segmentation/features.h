// What voxel-wise methods know of a voxel: intensity around it, and where it lies.
#pragma once

#include <string>
#include <vector>

#include "dawson/segmentation/brain_space.h"

namespace dawson::segmentation {

/// A row a voxel. Intensities are in widths above a centre (tissue.h, intensity_scales), clipped to
/// -8 … 12.
struct Features {
  std::size_t columns = 0;
  std::vector<float> values;  ///< [rows, columns]

  [[nodiscard]] std::size_t rows() const { return columns == 0 ? 0 : values.size() / columns; }
  [[nodiscard]] const float* row(std::size_t r) const { return &values[r * columns]; }
};

/// What BIANCA (Griffanti et al., NeuroImage 2016, 141:191–205) and LPA (Schmidt, LMU Munich 2017)
/// are given, as far as FLAIR alone has it:
///   flair, flair_1mm … flair_8mm   the voxel, and Gaussian means over the brain's voxels
///   deviation_2mm                  local standard deviation
///   fluid_4mm                      share of dark voxels (below -2.5) around it, 0–1
///   frequency                      of lesions in others, 0–1
///   surface                        distance to the nearest voxel outside the brain, cm, at most 4
///   lateral, anterior, superior    MNI152, dm: |x|, y, z
const std::vector<std::string>& base_features();
/// The same, and the intensity 3 mm (at least a voxel) away along each axis of network space.
const std::vector<std::string>& neighbourhood_features();

/// Intensities of every voxel of the grid on this scale, as the features have them.
volume::Image scaled_intensity(const BrainSpace& space, const std::string& scale);

/// The features of these voxels (offsets in the grid), columns as base_features or, with
/// `neighbourhood`, neighbourhood_features.
Features find_features(const BrainSpace& space, const std::vector<std::size_t>& voxels,
                       bool neighbourhood, const std::string& scale);

}  // namespace dawson::segmentation
