// What traditional methods read of a scan: the network's space, its brain and its place in MNI152.
#pragma once

#include <vector>

#include "dawson/cache/cache.h"
#include "dawson/preprocessing/recipe.h"

namespace dawson::segmentation {

/// A scan as preprocessing::Recipe prepares it, all on the one grid of network space.
struct BrainSpace {
  volume::Image flair;      ///< bias removed; robust deviations from the brain's median
  volume::Image frequency;  ///< of lesions in others, 0–1 (anatomy::Atlas)
  volume::Mask brain;
  imaging::Affine to_mni;  ///< world of the scan → MNI152, mm

  /// Offsets of the brain's voxels, ascending.
  [[nodiscard]] std::vector<std::size_t> voxels() const;
};

/// For use: of a scan that was prepared.
BrainSpace brain_space(const preprocessing::Prepared& prepared);

/// For fitting: of a cached scan, whose intensities are in steps of 0.06 deviations. Throws
/// Error{input} when the cache lacks a channel or its brain is no whole brain.
BrainSpace brain_space(const cache::Entry& entry, const cache::Arrays& arrays,
                       const anatomy::Atlas& atlas, Progress& progress);

}  // namespace dawson::segmentation
