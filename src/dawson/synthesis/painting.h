// From anatomy to a FLAIR-like head at 1 mm. Private to this room.
#pragma once

#include "dawson/core/random.h"
#include "dawson/synthesis/contrast.h"
#include "dawson/synthesis/lesion_growth.h"
#include "dawson/synthesis/warp.h"

namespace dawson::synthesis {

/// Tissues, the ventricles' rim and caps, choroid plexus and texture; white matter is 1.
volume::Image paint_head(const Anatomy& anatomy, const TissueMeans& means, const Warp& warp,
                         const volume::Image& ventricle_mm, const Contrast& contrast,
                         const core::Random& random, Progress& progress);

/// Lays lesions and their halo over a painted head.
void paint_lesions(volume::Image& head, const LesionField& lesions, const LesionGround& ground,
                   const Contrast& contrast, const core::Random& random);

}  // namespace dawson::synthesis
