// Lesions of real shapes, painted into real scans.
#pragma once

#include <vector>

#include "dawson/core/progress.h"
#include "dawson/core/random.h"
#include "dawson/imaging/resample.h"
#include "dawson/synthesis/lesion_shapes.h"
#include "dawson/volume/volume.h"

namespace dawson::synthesis {

struct PaintSettings {
  double load_ml = 1;  ///< aimed at, of the painted mask
  /// Median brightness of a lesion, in robust deviations (1.4826 MAD) above the brain's median,
  /// after N4; fainter ones are drawn more often. Real scans' masks have medians of 1.8–3.3.
  double faintest = 1.8;
  double brightest = 3.3;
  /// As a heavy load looks: shapes are drawn by their volume, and cut where there is no tissue for
  /// them, as at a ventricle, instead of left out.
  bool confluent = false;
};

struct Painted {
  volume::Image scan;
  volume::Mask lesions;   ///< those that were there, and the painted ones
  volume::Mask painted;   ///< the painted ones alone: at least half of the voxel is lesion
  int count = 0;          ///< lesions painted; some may touch
  double painted_ml = 0;  ///< volume of `painted`
};

/// Draws shapes, mirrors half of them, moves them by some millimetres and takes those that come to
/// lie in normal-appearing tissue of this scan, 2 mm away from every other lesion and from the
/// brain's surface; until `load_ml` is reached or nothing more finds room. Edges are softened by
/// 0.7–1.4 mm and averaged over thick slices, a faint halo surrounds them, and the scan's own noise
/// stays. Voxels that no lesion or halo reaches are equal to the input, bit for bit.
///
/// `to_mni`: a world point of the scan ↦ MNI152 (anatomy::locate). Masks lie on the scan's grid;
/// `lesions` may be empty. Deterministic in `random`. Throws Error{input} as remove_lesions does.
Painted paint_lesion_shapes(const volume::Image& scan, const volume::Mask& lesions,
                            const volume::Mask& brain, const std::vector<LesionShape>& shapes,
                            const imaging::Affine& to_mni, const PaintSettings& settings,
                            const core::Random& random, Progress& progress);

}  // namespace dawson::synthesis
