// Model + scan → probabilities → lesions.
#pragma once

#include "dawson/core/progress.h"
#include "dawson/lesions/lesions.h"
#include "dawson/model/model.h"
#include "dawson/segmentation/result.h"

namespace dawson::segmentation {

struct SegmenterSettings {
  bool mirror = true;      ///< average with the left–right mirrored head
  double memory_mb = 800;  ///< for the network's activations
};

/// Calibrated lesion probabilities on the scan's own grid, in steps of 1/4096, and the brain they were found in.
struct Probabilities {
  volume::Image lesion;
  anatomy::Brain brain;
};
Probabilities find_probabilities(const model::Model& model, const volume::Image& flair,
                                 const SegmenterSettings& settings, Progress& progress);

/// The mask at `threshold`, without components below `min_volume_mm3`.
volume::Mask threshold_mask(const volume::Image& probabilities, double threshold,
                            double min_volume_mm3);

/// The whole way of one scan. Throws Error{input} when the scan cannot be used.
Segmentation segment(const model::Model& model, const volume::Image& flair,
                     const SegmenterSettings& settings, Progress& progress);

/// The lattice of a grid, for the rules of lesions/.
lesions::Lattice lattice_of(const volume::Grid& grid);

}  // namespace dawson::segmentation
