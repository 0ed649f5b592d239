// What a draw does to a patch's lesions. Private to this room; vary_lesions is in augmentation.h.
#pragma once

#include "dawson/core/random.h"
#include "dawson/training/settings.h"

namespace dawson::training {

struct LesionChange {
  bool remove = false, fade = false;
  [[nodiscard]] bool any() const noexcept { return remove || fade; }
};

/// The first draws of the stream "lesions"; place asks too, so that where each channel sees lesions
/// is not reckoned in vain.
LesionChange draw_lesion_change(const AugmentationSettings& settings, core::Random& lesions);

}  // namespace dawson::training
