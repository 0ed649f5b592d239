// ROC, precision-recall and reliability curves of a cohort, from few numbers a case.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "dawson/core/json.h"
#include "dawson/evaluation/statistics.h"
#include "dawson/volume/volume.h"

namespace dawson::evaluation {

/// Rising from 0 to 1, 161 whole multiples of 1/4096, denser towards both ends: at these the
/// counts of a case are exact.
const std::vector<double>& curve_thresholds();

/// The brain's voxels of one case by probability p: entry n is for
/// curve_thresholds()[n] ≤ p < curve_thresholds()[n + 1], the last for p = 1. A few kB a case,
/// whatever the scan's size.
struct ThresholdCounts {
  std::vector<std::uint32_t> lesion;         ///< voxels that are lesion in the reference
  std::vector<std::uint32_t> rest;           ///< the others
  std::vector<double> sum_of_probabilities;  ///< over both
};

/// All on one grid; probabilities beyond 0–1 by rounding count as 0 or 1.
ThresholdCounts count_thresholds(const volume::Mask& reference, const volume::Image& probabilities,
                                 const volume::Mask& brain);

/// One case's counts and whose they are. `counts` must outlive the call it is handed to.
struct CaseCounts {
  std::string patient;
  const ThresholdCounts* counts = nullptr;
};

/// A curve averaged at fixed x: each case's, the mean of a patient's visits, the mean over
/// patients.
struct Curve {
  std::vector<double> x;          ///< rising
  std::vector<double> mean;       ///< y
  std::vector<double> low, high;  ///< 95 % band, bootstrap over patients; empty below five patients
  std::vector<double> pooled;     ///< y of all cases' voxels together: heavy loads rule it
  double pooled_area = 0;         ///< of the pooled curve, at the grid of thresholds
  std::size_t cases = 0, patients = 0;  ///< that have such a curve
};

/// Sensitivity (y) against the share of other voxels called lesion (x), over the brain; linear
/// between thresholds. x is dense near 0, where it matters: lesions fill less than 1 % of a brain.
/// Cases without lesion voxels, or without others, have none. All empty where no case has one.
Curve roc_curve(const std::vector<CaseCounts>& cases, const BootstrapSettings& settings = {});

/// Precision (y) against sensitivity (x, 0.01 … 1); between thresholds true and false positives are
/// taken linearly (Davis and Goadrich 2006). Cases without lesion voxels have none.
Curve precision_recall_curve(const std::vector<CaseCounts>& cases,
                             const BootstrapSettings& settings = {});

/// Voxels of all cases whose probability lies in [from, to).
struct PooledReliabilityBin {
  double from = 0, to = 0;
  double voxels = 0;
  double mean_probability = 0;  ///< what was said; NaN without voxels
  double observed_rate = 0;     ///< share that is lesion in the reference; NaN without voxels
  Interval interval;            ///< of observed_rate, bootstrap over patients; NaN below five
};

/// Sixteen bins of equal width; the last holds p = 1 too.
std::vector<PooledReliabilityBin> pooled_reliability(const std::vector<CaseCounts>& cases,
                                                     const BootstrapSettings& settings = {});

/// {"roc": {"x", "mean", "low", "high", "pooled": [numbers], "pooled_area", "cases", "patients"},
///  "precision_recall": the same, "reliability": [{"from", "to", "voxels", "mean_probability",
///  "observed_rate", "interval": [low, high] or null}]}; low and high are null below five patients.
/// null where no case has probabilities. It stands in summary.json under "curves".
core::Json curves_json(const std::vector<CaseCounts>& cases,
                       const BootstrapSettings& settings = {});

}  // namespace dawson::evaluation
