// From probabilities to a mask: the rule and temperature of a model, chosen on predictions of
// patients that the model has not seen.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "dawson/core/json.h"
#include "dawson/core/progress.h"
#include "dawson/segmentation/segmenter.h"

namespace dawson::workflow {

struct Decision {
  segmentation::MaskRule rule;  ///< on calibrated probabilities
  double temperature = 1;
};

/// One scan's out-of-fold prediction and its truth, as files.
struct Prediction {
  std::string patient;  ///< source/participant
  int fold = 0;
  std::filesystem::path probabilities, reference, brain;
};

/// What every candidate rule scores on one scan, and its calibration sums; computed once a scan.
struct RuleScores {
  std::string patient;
  int fold = 0;
  std::vector<double> dice, lesion_f1, false_lesions;  ///< a value a rule; F1 NaN where undefined
  std::vector<double> cross_entropy;  ///< a value a temperature, mean over brain voxels
};

/// The candidates, on raw probabilities: thresholds × higher peaks (or none) × smallest volumes.
std::vector<segmentation::MaskRule> candidate_rules();

RuleScores score_rules(const Prediction& prediction);

/// Of the rules whose (Dice + lesion F1) / 2, as a mean over patients, is within `as_good` of the
/// best, the one with the fewest false lesions a scan; and the temperature with the least
/// cross-entropy. Scans of `without_fold` are left out (-1: none).
inline constexpr double as_good = 0.005;
Decision choose(const std::vector<RuleScores>& scores, int without_fold);

/// The rule on probabilities before calibration (temperature 1).
segmentation::MaskRule raw_rule(const Decision& decision);

core::Json to_json(const Decision& decision);

}  // namespace dawson::workflow
