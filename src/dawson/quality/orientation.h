// Whether a head lies as its header says.
#pragma once

#include <string>

#include "dawson/anatomy/location.h"

namespace dawson::quality {

/// How the brain's outline fits MNI152 (Dice after an affine), as the header has it and best of the
/// turned ones.
struct Orientation {
  double as_it_is = 0;
  double turned = 0;
  std::string turn;  ///< of the best turned one: "upside down", "back to front", "…, both"

  /// Turned it fits so much better that the header is probably wrong.
  [[nodiscard]] bool is_doubtful() const noexcept;
};

/// Left and right look alike in an outline: a mirrored head is not seen. About a second.
Orientation orientation_of(const volume::Mask& brain, const anatomy::Atlas& atlas,
                           Progress& progress);

}  // namespace dawson::quality
