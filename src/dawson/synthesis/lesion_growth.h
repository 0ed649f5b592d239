// Lesions that grow where those of multiple sclerosis lie. Private to this room.
#pragma once

#include <vector>

#include "dawson/core/random.h"
#include "dawson/synthesis/warp.h"

namespace dawson::synthesis {

/// Where a lesion may begin.
enum class LesionSite { periventricular, deep_white, juxtacortical, infratentorial };

/// Where lesions may lie, on the painting grid. The soft values are shares 0–1.
struct LesionGround {
  volume::Image white;                          ///< share of white matter
  volume::Image ventricle_mm;                   ///< distance to the ventricles
  std::vector<std::vector<std::size_t>> seeds;  ///< voxels a lesion may begin at, by site
};

/// A lesion to be grown.
struct LesionPlan {
  LesionSite site = LesionSite::deep_white;
  std::size_t seed = 0;           ///< voxel
  double share = 0;               ///< of the whole load
  double elongation = 1;          ///< longest over middle axis
  volume::Vector3 axis{0, 0, 1};  ///< of its length, a unit vector
  double brightness = 0.5;        ///< 0–1 within the contrast's range
};

/// White matter (posterior > 0.5 is where lesions may lie; deep grey nuclei are taken out by place)
/// and seeds. `ventricle_mm` is handed in, since painting needs it too.
LesionGround lesion_ground(const Anatomy& anatomy, const TissueMeans& means, const Warp& warp,
                           volume::Image ventricle_mm, Progress& progress);

/// Half the lesions periventricular, their length at right angles to the ventricle ("Dawson's
/// fingers"); sizes log-normal, smaller below the tentorium and at the cortex.
std::vector<LesionPlan> plan_lesions(const LesionGround& ground, int count,
                                     const core::Random& random);

/// Shares (0–1) and brightness (0–1) of lesion on the painting grid.
struct LesionField {
  volume::Image share;
  volume::Image brightness;
};

/// Grows every plan to its share of `total_mm3`: voxel after voxel from the seed, the nearest in an
/// ellipsoid with uneven surface first, within white matter, not into another lesion.
LesionField grow_lesions(const LesionGround& ground, const std::vector<LesionPlan>& plans,
                         double total_mm3, const core::Random& random);

}  // namespace dawson::synthesis
