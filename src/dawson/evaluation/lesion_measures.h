// How many lesions were found, and how many of those found are there.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dawson/volume/volume.h"

namespace dawson::evaluation {

/// When a lesion counts, and when it counts as found. Tools differ; the rule is always stated.
enum class LesionRule {
  /// Ours: 26-connected, ≥ 3 mm³; found (or true) when ≥ 10 % of it lies on the whole other mask.
  dawson,
  /// Commowick et al. 2018 (Anima): face-connected, > 3 mm³, smaller ones removed from both masks;
  /// found when > 10 % is covered and the other side's lesions that cover it, taken largest overlap
  /// first until 65 % of the covered part, each lie at most 70 % outside the mask.
  anima,
  /// Kuijf et al. 2019 (WMH challenge): 26-connected, any size; found when one voxel is covered.
  wmh2017,
  /// Shifts challenge (Malinin et al. 2022): face-connected, any size; found when the IoU with some
  /// lesion of the other side is ≥ 0.25. F1 is 2·true / (2·true + false + missed).
  shifts,
};

/// "dawson", "anima", "wmh2017", "shifts".
std::string_view name_of(LesionRule rule) noexcept;
std::optional<LesionRule> lesion_rule_from(std::string_view name) noexcept;

/// One lesion that counts under the rule, of either mask: a row of lesions.tsv.
struct LesionMatch {
  bool in_reference = false;  ///< else predicted
  int id = 0;                 ///< 1, 2, … by volume, ties by first voxel; each side its own
  std::size_t voxels = 0;
  double volume_ml = 0;
  volume::Vector3 centroid_mm{};  ///< world, RAS+
  double covered = 0;             ///< share of its voxels on the other mask, 0–1
  double mean_probability = 0;    ///< over its voxels; NaN without probabilities
  bool matched = false;           ///< a reference lesion found, or a predicted one true
  std::vector<int> partners;      ///< ids of counted lesions of the other side that it touches
};

/// Classes of lesion volume in mm³: [3, 10), [10, 50), [50, 100), [100, 500), ≥ 500.
inline constexpr std::array<double, 5> size_class_from_mm3{3, 10, 50, 100, 500};
inline constexpr std::array<const char*, 5> size_class_names{"3_10", "10_50", "50_100", "100_500",
                                                             "over_500"};
/// The class of a volume; smaller ones belong to the first. The same tolerance as for counting.
std::size_t size_class(double volume_mm3) noexcept;

struct LesionCounts {
  std::size_t reference = 0;  ///< counted lesions of the reference
  std::size_t found = 0;      ///< of those, found
  std::size_t predicted = 0;
  std::size_t confirmed = 0;  ///< of the predicted, true
};

struct LesionMeasures {
  LesionRule rule = LesionRule::dawson;
  LesionCounts all;
  std::array<LesionCounts, 5> by_size;
  std::size_t false_lesions = 0;  ///< predicted and not true
  double sensitivity = 0;         ///< NaN where the reference has none
  double ppv = 0;                 ///< NaN where none was predicted
  /// Harmonic mean of the two; 0 where the reference has lesions and none was predicted; NaN where
  /// the reference has none.
  double f1 = 0;
  std::vector<LesionMatch> lesions;  ///< the reference's, then the predicted
};

/// All on one grid; `probabilities` may be null.
LesionMeasures measure_lesions(const volume::Mask& reference, const volume::Mask& prediction,
                               LesionRule rule = LesionRule::dawson,
                               const volume::Image* probabilities = nullptr);

}  // namespace dawson::evaluation
