// From scores to probabilities, and how good a score can get: on voxels with known labels.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "dawson/core/json.h"

namespace dawson::segmentation {

/// Sampled voxels of one scan: `weight` is how many voxels of the brain each stands for.
struct ScoredVoxels {
  std::string patient;
  int fold = 0;
  std::vector<float> score, weight;
  std::vector<std::uint8_t> lesion;
};

/// p = 1 / (1 + exp(-slope · (score − cut))).
struct Calibration {
  double cut = 0;
  double slope = 1;
  [[nodiscard]] float operator()(float score) const;
};
core::Json to_json(const Calibration& calibration);

/// The cut with the best mean Dice over patients (a patient's scans first), of 200 between the
/// scores of lesions.
struct BestCut {
  double cut = 0;
  double dice = 0;
};
BestCut best_cut(const std::vector<ScoredVoxels>& scans);

/// The best cut at p = 0.5, so that every method's thresholds mean the same to the decision rule
/// that is chosen later; the slope is that of a logistic regression on the score (Platt 1999), each
/// scan weighing the same. Voxels that a method rules out (scores of no_lesion) are left out of it.
Calibration calibrate(const std::vector<ScoredVoxels>& scans);

}  // namespace dawson::segmentation
