// Other heads from one head: a smooth random change of shape. Private to this room.
#pragma once

#include <optional>
#include <vector>

#include "dawson/core/random.h"
#include "dawson/synthesis/head_model.h"
#include "dawson/synthesis/smooth_noise.h"

namespace dawson::synthesis {

/// What a head looks like after a warp, on the grid that it is painted on (RAS, 1 mm).
struct Anatomy {
  volume::Image t1;
  volume::Image hull;
  volume::Image ventricles;
  volume::Image brain;
};

/// Maps world points of the subject to the model's (MNI mm): rotation, scale, a smooth random
/// displacement, and ventricles made wider or narrower.
class Warp {
 public:
  /// `amplitude_mm`: the largest displacement, beside rotation (±10°) and scale (±8 %). 0: none of
  /// all this, the model's own head.
  Warp(const HeadModel& head, double amplitude_mm, const core::Random& random);

  [[nodiscard]] bool is_identity() const noexcept { return !affine_; }
  [[nodiscard]] volume::Vector3 to_model(const volume::Vector3& world) const noexcept;
  /// The grid on which the warped head finds room.
  [[nodiscard]] volume::Grid grid(const HeadModel& head) const;
  [[nodiscard]] Anatomy apply(const HeadModel& head, Progress& progress) const;

 private:
  std::optional<volume::Matrix3> affine_;
  std::vector<SmoothNoise> displacement_;  // x, y, z coarse, then x, y, z fine
  double coarse_mm_ = 0;
  double fine_mm_ = 0;
  std::vector<volume::Image> towards_ventricles_;  // unit-peak vectors, 4 mm grid
  double ventricle_growth_mm_ = 0;
};

}  // namespace dawson::synthesis
