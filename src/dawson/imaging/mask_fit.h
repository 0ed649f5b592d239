// Least squares between two smooth images under an affine transform. Private to this room.
#pragma once

#include <array>
#include <cstddef>

#include "dawson/imaging/resample.h"
#include "dawson/volume/volume.h"

namespace dawson::imaging {

/// The twelve numbers of x ↦ A (x − centre_fixed) + centre_moving + t: A by rows, then t (mm).
constexpr std::size_t affine_numbers = 12;
using AffineNumbers = std::array<double, affine_numbers>;

/// Sum of squares of moving(T(x)) − fixed(x) over the known voxels of `fixed`, and its expansion.
struct Misfit {
  double sum = 0;
  std::array<std::array<double, affine_numbers>, affine_numbers> hessian{};  ///< JᵀJ
  AffineNumbers gradient{};                                                  ///< Jᵀr
};

/// Two images on grids that are parallel to the world, compared by Gauss–Newton.
class MaskFit {
 public:
  /// `known` is on the grid of `fixed`.
  MaskFit(volume::Image fixed, volume::Mask known, volume::Image moving,
          const volume::Vector3& centre_fixed, const volume::Vector3& centre_moving);

  [[nodiscard]] Affine affine(const AffineNumbers& numbers) const;
  /// The sum alone.
  [[nodiscard]] double sum_of_squares(const AffineNumbers& numbers) const;
  [[nodiscard]] Misfit expand(const AffineNumbers& numbers) const;

 private:
  template <typename Visit>
  void for_points(const AffineNumbers& numbers, Visit visit) const;

  volume::Image fixed_;
  volume::Mask known_;
  volume::Image moving_;
  std::array<volume::Image, 3> slope_;  ///< of `moving`, per mm along the world's axes
  volume::Vector3 centre_fixed_;
  volume::Vector3 centre_moving_;
};

}  // namespace dawson::imaging
