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

/// Calibrated lesion probabilities on the scan's own grid, in steps of 1/4096, and the brain they
/// were found in.
struct Probabilities {
  volume::Image lesion;
  anatomy::Brain brain;
  std::vector<std::string> sequences;  ///< that the network read, FLAIR first
};
Probabilities find_probabilities(const model::Model& model, const preprocessing::Visit& visit,
                                 const SegmenterSettings& settings, Progress& progress);

/// Probabilities of network space on the scan's grid, in those steps.
volume::Image restored_probabilities(const preprocessing::Prepared& prepared,
                                     std::vector<float> probabilities);

/// How probabilities become a mask: hysteresis (Canny 1986) and a smallest size. What is at least
/// `threshold` forms components; one is kept when it somewhere reaches `min_peak` and is no smaller
/// than `min_volume_mm3`. A look-alike is often large and nowhere certain.
struct MaskRule {
  double threshold = 0.5;
  double min_peak = 0;
  double min_volume_mm3 = lesions::min_lesion_volume_mm3;
};
/// The rule of a model, on its calibrated probabilities.
MaskRule rule_of(const bundle::Bundle& bundle);
volume::Mask make_mask(const volume::Image& probabilities, const MaskRule& rule);

/// The whole way of one scan. Throws Error{input} when the FLAIR cannot be used; another sequence
/// that cannot is a warning.
Segmentation segment(const model::Model& model, const preprocessing::Visit& visit,
                     const SegmenterSettings& settings, Progress& progress);

/// The lattice of a grid, for the rules of lesions/.
lesions::Lattice lattice_of(const volume::Grid& grid);

}  // namespace dawson::segmentation
