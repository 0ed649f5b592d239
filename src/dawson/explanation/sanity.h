// Whether a map says something about the network and the scan: checks that a wrong map fails.
#pragma once

#include <array>
#include <vector>

#include "dawson/explanation/explainer.h"

namespace dawson::explanation {

/// Shares of the neighbourhood's voxels that are deleted, most relevant first.
inline constexpr std::array<double, 7> deleted_shares{0.0025, 0.005, 0.01, 0.02, 0.04, 0.08, 0.16};
/// Shares of the network's convolutions, from the output down, whose weights are drawn anew.
inline constexpr std::array<double, 3> randomised_shares{0.1, 0.5, 1.0};

struct Sanity {
  /// The voxel of most relevance lies in the region or within 2 mm of it (pointing game: Zhang et
  /// al. 2018), and how far off it lies, mm.
  bool points_at_region = false;
  double pointing_distance_mm = 0;
  /// By how much the decision (mean logit; its negative for `healthy`) falls when the most relevant
  /// voxels of the neighbourhood are replaced by the brain's median, and when as many drawn at
  /// random are.
  std::vector<double> drop_most_relevant, drop_random;
  /// Their means over deleted_shares (Samek et al. 2017): relevance should be well above random.
  double mean_drop_most_relevant = 0, mean_drop_random = 0;
  /// Spearman's correlation in the neighbourhood with the maps of networks whose last layers are
  /// drawn anew (Adebayo et al. 2018): it should fall. NaN where one of the maps is constant.
  std::vector<double> rank_correlation;
};

/// Checks `map` of `region`, made with `settings`. `random` decides draws of voxels and weights.
/// Randomised networks are not asked by occlusion, which would take minutes: rank_correlation is
/// then empty.
Sanity check(const Explainer& explainer, const Region& region, const Map& map,
             const MapSettings& settings, const core::Random& random, Progress& progress);

/// At most `count` slices of the region, evenly spaced: checks of large lesions stay affordable.
Region thinned(const Region& region, const volume::Grid& grid, std::size_t count);

/// Spearman's rank correlation, ties sharing their mean rank; NaN where either is constant.
double rank_correlation(const std::vector<float>& a, const std::vector<float>& b);

}  // namespace dawson::explanation
