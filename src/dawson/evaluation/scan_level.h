// "Does this scan show a lesion?": the decision for a whole scan.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "dawson/core/json.h"
#include "dawson/evaluation/statistics.h"

namespace dawson::evaluation {

/// One scan's decision and the truth.
struct ScanDecision {
  std::string patient;
  double score = 0;          ///< CaseMeasures::scan_score; NaN where it is not known
  bool has_lesion = false;   ///< the reference has a counted lesion
  bool said_lesion = false;  ///< at least one counted lesion was predicted
};

/// A share of scans: each patient's own, then the mean over patients.
struct ScanShare {
  double value = 0;                  ///< NaN without such scans
  std::optional<Interval> interval;  ///< Wilson (1927) over patients, from five patients on
  std::size_t scans = 0, patients = 0;
};

struct ScanLevel {
  std::size_t with_lesions = 0, without_lesions = 0;  ///< scans, by the reference
  std::size_t without_score = 0;                      ///< scans that the ROC curve leaves out
  ScanShare
      sensitivity;  ///< of scans with lesions, those in which one was predicted, rightly or not
  ScanShare specificity;  ///< of scans without lesions, those in which none was
  /// Chance that a scan with lesions scores above one without, ties half; NaN where either is
  /// missing.
  double roc_auc = 0;
  /// Bootstrap over patients, with five patients or more on each side; none where all scans of one
  /// kind score above all of the other, since resampling then tells nothing.
  std::optional<Interval> roc_auc_interval;
  /// (1 − specificity, sensitivity) as the score's threshold falls, from (0, 0) to (1, 1); empty
  /// where roc_auc is NaN.
  std::vector<std::pair<double, double>> roc;
};

ScanLevel judge_scans(const std::vector<ScanDecision>& scans,
                      const BootstrapSettings& settings = {});

/// As it stands in summary.json under "scan_level": {"score", "with_lesions", "without_lesions",
/// "without_score", "sensitivity": {"mean", "interval", "patients", "scans"}, "specificity": …,
/// "roc_auc": {"mean", "interval"}, "roc": [[x, y], …]}; what is undefined is null.
core::Json scan_level_json(const ScanLevel& level);

}  // namespace dawson::evaluation
