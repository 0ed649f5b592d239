// Values of one grid on another.
#pragma once

#include "dawson/volume/volume.h"

namespace dawson::imaging {

/// world (mm) → world (mm): x ↦ matrix · x + offset.
struct Affine {
  volume::Matrix3 matrix{{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
  volume::Vector3 offset{0, 0, 0};
  [[nodiscard]] volume::Vector3 operator()(const volume::Vector3& world) const noexcept;
  [[nodiscard]] Affine inverse() const;
  /// (a * b)(x) = a(b(x)).
  friend Affine operator*(const Affine& a, const Affine& b);
};

/// Trilinear. Each voxel of `target` at world x takes the image's value at `to_source`(x);
/// beyond the image's outermost voxel centres by more than half a voxel: `outside`.
volume::Image resample_linear(const volume::Image& image, const volume::Grid& target,
                              float outside = 0.0F, const Affine& to_source = {});

/// Nearest neighbour, for masks and labels; outside is 0.
volume::Mask resample_nearest(const volume::Mask& mask, const volume::Grid& target,
                              const Affine& to_source = {});

/// Linear, anti-aliased: where `target` is coarser than the image along an axis, the image is first
/// smoothed by a Gaussian whose width takes it from one spacing to the other
/// (sigma = sqrt(target² − source²) · 0.42 mm, after Cardoso et al. 2015).
volume::Image resample_smooth(const volume::Image& image, const volume::Grid& target,
                              float outside = 0.0F, const Affine& to_source = {});

/// The share (0–1) of each target voxel that the mask covers: linear resampling of the mask as an
/// image, anti-aliased. Threshold at 0.5 for a mask.
volume::Image resample_coverage(const volume::Mask& mask, const volume::Grid& target,
                                const Affine& to_source = {});

}  // namespace dawson::imaging
