// How well a network does on scans it does not train on, while it trains.
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "dawson/cache/cache.h"
#include "dawson/core/progress.h"
#include "dawson/nn/graph.h"
#include "dawson/training/pool.h"
#include "dawson/training/settings.h"
#include "dawson/training/sight.h"

namespace dawson::training {

/// Means over patients of the means over a patient's scans, NaN where no scan defines one. At a
/// probability of 0.5, in network space, lesions by the rule of the `lesions` room.
struct ValidationScores {
  double dice = std::numeric_limits<double>::quiet_NaN();  ///< 1 where both are empty
  double lesion_sensitivity = std::numeric_limits<double>::quiet_NaN();
  double lesion_f1 = std::numeric_limits<double>::quiet_NaN();
  double loss = std::numeric_limits<double>::quiet_NaN();  ///< the run's own, on whole scans
};

/// Lesions of a reference and a prediction that count, and those of them that agree.
struct LesionScores {
  double sensitivity = 0;  ///< share of reference lesions of which ≥ 10 % is covered; NaN: none
  /// Harmonic mean of sensitivity and the share of predicted lesions of which ≥ 10 % lies on the
  /// reference; 0 where nothing was predicted, NaN where the reference has no lesion.
  double f1 = 0;
};
LesionScores score_lesions(const std::vector<std::uint8_t>& reference,
                           const std::vector<std::uint8_t>& prediction, const cache::Entry& entry);

/// The validation scans of a run.
class Validation {
 public:
  Validation(std::vector<PooledScan> scans, const TrainingSettings& settings);
  [[nodiscard]] bool empty() const noexcept { return scans_.empty(); }
  /// Runs `graph` over every scan, in float32 and with one prediction a slice. All scores are NaN
  /// where there are no scans.
  ValidationScores measure(nn::Graph& graph, Progress& progress);
  /// The slices with most target, as the network last measured saw them.
  [[nodiscard]] const SliceSet& slices() const noexcept { return slices_; }

 private:
  std::vector<PooledScan> scans_;
  bundle::SliceInput input_;
  LossSettings loss_;
  std::vector<SlicePick> picks_;
  SliceSet slices_;
};

}  // namespace dawson::training
