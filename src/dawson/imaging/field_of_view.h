// How much of the world around a mask its scan shows. Private to this room.
#pragma once

#include <array>

#include "dawson/volume/volume.h"

namespace dawson::imaging {

/// Beyond a face of the volume that cuts the mask, nothing is known; anywhere else outside the
/// volume there is nothing of the mask. By default everything is known.
class FieldOfView {
 public:
  /// A face cuts the mask when the mask covers this much of the layer at it, cm². Scans of thick
  /// slices end a slice or two below the crown (16 – 54 cm² in nine clinical ones, 55 at the lower
  /// end of one) and count as whole: models have learned from them placed so, and to call them cut
  /// changed the Dice of what was found in them by 0.004 at most.
  static constexpr double cut_from_cm2 = 60;

  FieldOfView() = default;
  explicit FieldOfView(const volume::Mask& mask);

  [[nodiscard]] bool cuts_mask() const noexcept;
  /// The directions (world) in which a cut mask goes on: the sum of unit vectors.
  [[nodiscard]] volume::Vector3 outwards() const noexcept;
  /// 1 where the voxel's centre is known.
  [[nodiscard]] volume::Mask on(const volume::Grid& grid) const;
  /// `cover`, smoothed by a Gaussian of what is known alone: no edge appears where the mask is cut.
  [[nodiscard]] volume::Image smoothed(const volume::Image& cover, double sigma_mm) const;

 private:
  volume::Grid grid_;
  std::array<std::array<bool, 2>, 3> cut_{};  ///< by axis: at the first and at the last layer
};

}  // namespace dawson::imaging
