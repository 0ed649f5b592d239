// From probabilities to a mask: the threshold, smallest lesion and temperature of a model, chosen
// on predictions of patients that the model has not seen.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "dawson/core/json.h"
#include "dawson/core/progress.h"

namespace dawson::workflow {

struct Decision {
  double threshold = 0.5;  ///< on calibrated probabilities
  double min_volume_mm3 = 3;
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
  std::vector<double> dice, lesion_f1;  ///< a value a rule; F1 NaN where undefined
  std::vector<double> cross_entropy;    ///< a value a temperature, mean over brain voxels
};

/// The candidates: thresholds on raw probabilities × smallest volumes.
std::vector<Decision> candidate_rules();

RuleScores score_rules(const Prediction& prediction);

/// The rule with the best mean of (Dice + lesion F1) / 2 over patients, and the temperature with
/// the least cross-entropy; scans of `without_fold` are left out (-1: none).
Decision choose(const std::vector<RuleScores>& scores, int without_fold);

/// The threshold on probabilities before calibration (temperature 1).
double raw_threshold(const Decision& decision);

core::Json to_json(const Decision& decision);

}  // namespace dawson::workflow
