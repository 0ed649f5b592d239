// Smooth random fields and values between voxels. Private to this room.
#pragma once

#include "dawson/core/random.h"
#include "dawson/volume/volume.h"

namespace dawson::synthesis {

/// Trilinear value at a continuous voxel index; beyond the volume the nearest voxel's.
float value_at(const volume::Image& image, const volume::Vector3& index) noexcept;

/// White noise smoothed by a Gaussian: mean 0, standard deviation 1, known where `region` lies.
class SmoothNoise {
 public:
  SmoothNoise(const volume::Grid& region, double sigma_mm, core::Random random);
  /// World position in mm.
  [[nodiscard]] double at(const volume::Vector3& world) const noexcept;

 private:
  volume::Image coarse_;  // spacing sigma / 1.4, enough for a Gaussian of that width
};

}  // namespace dawson::synthesis
