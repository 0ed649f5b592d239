#include "dawson/evaluation/probability_measures.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace dawson::evaluation {
namespace {

constexpr double undefined = std::numeric_limits<double>::quiet_NaN();

/// Voxels that share one probability.
struct Group {
  double probability = 0;
  double voxels = 0;
  double lesion = 0;  ///< of those, lesion in the reference
};

/// Groups by rising probability.
std::vector<Group> group_by_probability(const volume::Mask& reference,
                                        const volume::Image& probabilities,
                                        const volume::Mask& brain) {
  std::vector<float> of_lesion;
  std::vector<float> of_rest;
  for (std::size_t v = 0; v < brain.data.size(); ++v) {
    if (brain.data[v] == 0) continue;
    (reference.data[v] != 0 ? of_lesion : of_rest).push_back(probabilities.data[v]);
  }
  std::sort(of_lesion.begin(), of_lesion.end());
  std::sort(of_rest.begin(), of_rest.end());
  std::vector<Group> groups;
  std::size_t a = 0;
  std::size_t b = 0;
  while (a < of_lesion.size() || b < of_rest.size()) {
    const bool lesion_next =
        b == of_rest.size() || (a < of_lesion.size() && of_lesion[a] <= of_rest[b]);
    const float p = lesion_next ? of_lesion[a] : of_rest[b];
    Group group{p, 0, 0};
    for (; a < of_lesion.size() && of_lesion[a] == p; ++a) ++group.lesion;
    for (; b < of_rest.size() && of_rest[b] == p; ++b) ++group.voxels;
    group.voxels += group.lesion;
    groups.push_back(group);
  }
  return groups;
}

double total_voxels(const std::vector<Group>& groups) {
  double sum = 0;
  for (const Group& g : groups) sum += g.voxels;
  return sum;
}

double total_lesion(const std::vector<Group>& groups) {
  double sum = 0;
  for (const Group& g : groups) sum += g.lesion;
  return sum;
}

/// Bins of equal mass by rising probability; a group at a border is divided in proportion.
std::vector<ReliabilityBin> reliability(const std::vector<Group>& groups) {
  std::vector<ReliabilityBin> bins;
  const double mass = total_voxels(groups) / calibration_bins;
  if (mass <= 0) return bins;
  std::size_t n = 0;
  double left = groups[0].voxels;  // of group n
  for (std::size_t b = 0; b < calibration_bins; ++b) {
    double room = mass;
    double probability = 0;
    double lesion = 0;
    while (room > 0 && n < groups.size()) {
      const double taken = std::min(room, left);
      probability += taken * groups[n].probability;
      lesion += taken * groups[n].lesion / groups[n].voxels;
      room -= taken;
      left -= taken;
      if (left <= 0) {
        ++n;
        left = n < groups.size() ? groups[n].voxels : 0;
      }
    }
    bins.push_back({mass, probability / mass, lesion / mass});
  }
  return bins;
}

/// Mean distance of said and observed; bins weigh the same (Naeini et al. 2015, equal mass).
double expected_calibration_error(const std::vector<ReliabilityBin>& bins) {
  if (bins.empty()) return undefined;
  double sum = 0;
  for (const ReliabilityBin& b : bins) sum += std::abs(b.mean_probability - b.observed_rate);
  return sum / static_cast<double>(bins.size());
}

double brier_score(const std::vector<Group>& groups) {
  double sum = 0;
  for (const Group& g : groups) {
    sum += g.lesion * (1 - g.probability) * (1 - g.probability) +
           (g.voxels - g.lesion) * g.probability * g.probability;
  }
  return groups.empty() ? undefined : sum / total_voxels(groups);
}

/// Chance that a lesion voxel ranks above another one, ties half (Mann and Whitney 1947).
double roc_auc_of(const std::vector<Group>& groups) {
  const double lesion = total_lesion(groups);
  const double rest = total_voxels(groups) - lesion;
  if (lesion == 0 || rest == 0) return undefined;
  double wins = 0;
  double rest_below = 0;
  for (const Group& g : groups) {
    const double rest_here = g.voxels - g.lesion;
    wins += g.lesion * (rest_below + 0.5 * rest_here);
    rest_below += rest_here;
  }
  return wins / (lesion * rest);
}

double average_precision(const std::vector<Group>& groups) {
  const double lesion = total_lesion(groups);
  if (lesion == 0) return undefined;
  double sum = 0;
  double hits = 0;
  double called = 0;
  for (auto g = groups.rbegin(); g != groups.rend(); ++g) {
    hits += g->lesion;
    called += g->voxels;
    sum += g->lesion / lesion * hits / called;
  }
  return sum;
}

}  // namespace

ProbabilityMeasures measure_probabilities(const volume::Mask& reference,
                                          const volume::Image& probabilities,
                                          const volume::Mask& brain) {
  const std::vector<Group> groups = group_by_probability(reference, probabilities, brain);
  const auto first_above = std::find_if(groups.begin(), groups.end(),
                                        [](const Group& g) { return g.probability > 0.01; });
  ProbabilityMeasures m;
  m.reliability_brain = reliability(groups);
  m.reliability_above_1pc = reliability(std::vector<Group>(first_above, groups.end()));
  m.ece_brain = expected_calibration_error(m.reliability_brain);
  m.ece_above_1pc = expected_calibration_error(m.reliability_above_1pc);
  m.brier = brier_score(groups);
  m.roc_auc = roc_auc_of(groups);
  m.pr_auc = average_precision(groups);
  m.thresholds = count_thresholds(reference, probabilities, brain);
  return m;
}

}  // namespace dawson::evaluation
