// A real scan without its lesions.
#pragma once

#include "dawson/core/progress.h"
#include "dawson/core/random.h"
#include "dawson/volume/volume.h"

namespace dawson::synthesis {

/// Lesions shine beyond their mask: partial volume, and halos fainter than what raters draw.
struct RemovalSettings {
  double filled_mm = 1.5;  ///< up to here from the nearest lesion voxel, all is replaced
  double faded_mm = 4;     ///< from there to here the new passes into the old
};

struct LesionFree {
  volume::Image scan;   ///< equal to the input, bit for bit, wherever `filled` is 0
  volume::Mask filled;  ///< lesion voxels and their margin, without the fluid in it
};

/// Fills lesions with normal-appearing white matter of the same scan, as lesion filling does
/// (Chard 2010; Battaglini 2012; Valverde 2014), from the FLAIR alone:
/// 1. what is normal: values near the brain's white peak after N4, ≥ 4 mm inside the brain, outside
///    the margin (`faded_mm`, between voxel centres: across thick slices it reaches nobody);
/// 2. its level, continued smoothly into the lesions by normalised convolution at 3, 8 and 20 mm;
/// 3. its noise and texture, copied in blocks from random places of the same scan, so that
///    deviation and correlation are the scan's;
/// 4. level and texture times the coil field replace lesions and margin; fluid that reaches beyond
///    the margin (ventricles, sulci) stays, and so does all that lies outside the brain and no
///    lesion. In the fading part the old residual has the weight 1 − w and the texture
///    √(1 − (1 − w)²), which keeps the deviation.
///
/// Lesions that the mask lacks remain, and cortex within the margin becomes paler. All masks lie on
/// the scan's grid; an empty lesion mask returns the scan as it is. Deterministic in `random`.
/// Throws Error{input} when grids differ or the brain holds too little normal tissue.
LesionFree remove_lesions(const volume::Image& scan, const volume::Mask& lesions,
                          const volume::Mask& brain, const core::Random& random, Progress& progress,
                          const RemovalSettings& settings = {});

}  // namespace dawson::synthesis
