#include "dawson/evaluation/voxel_measures.h"

#include <limits>

namespace dawson::evaluation {
namespace {

constexpr double undefined = std::numeric_limits<double>::quiet_NaN();

double ratio(std::size_t part, std::size_t whole) {
  return whole == 0 ? undefined : static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

Counts count_voxels(const volume::Mask& reference, const volume::Mask& prediction,
                    const volume::Mask* region) {
  // One of four bins a voxel: 2 for the reference, 1 for the prediction.
  std::size_t bins[4] = {0, 0, 0, 0};
  for (std::size_t v = 0; v < reference.data.size(); ++v) {
    if (region != nullptr && region->data[v] == 0) continue;
    ++bins[(reference.data[v] != 0 ? 2U : 0U) + (prediction.data[v] != 0 ? 1U : 0U)];
  }
  return {bins[3], bins[1], bins[2], bins[0]};
}

double dice(const Counts& c) noexcept {
  const std::size_t sum = c.reference() + c.predicted();
  return sum == 0 ? 1.0 : ratio(2 * c.true_positive, sum);
}

double sensitivity(const Counts& c) noexcept {
  return ratio(c.true_positive, c.reference());
}

double positive_predictive_value(const Counts& c) noexcept {
  return ratio(c.true_positive, c.predicted());
}

double specificity(const Counts& c) noexcept {
  return ratio(c.true_negative, c.true_negative + c.false_positive);
}

double accuracy(const Counts& c) noexcept {
  return ratio(c.true_positive + c.true_negative, c.total());
}

double normalised_dice(const Counts& c, double load) noexcept {
  if (c.reference() + c.predicted() == 0) return 1.0;
  const auto tp = static_cast<double>(c.true_positive);
  const auto fp = static_cast<double>(c.false_positive);
  const auto fn = static_cast<double>(c.false_negative);
  double weight = 1.0;
  if (c.reference() > 0 && c.false_positive > 0) {  // then the rest is not empty either
    const auto rest = static_cast<double>(c.false_positive + c.true_negative);
    weight = (1.0 - load) * (tp + fn) / (load * rest);
  }
  return 2.0 * tp / (2.0 * tp + weight * fp + fn);
}

VoxelMeasures measure_voxels(const volume::Mask& reference, const volume::Mask& prediction,
                             const volume::Mask* brain) {
  VoxelMeasures m;
  m.whole = count_voxels(reference, prediction);
  if (brain != nullptr) {
    m.brain = count_voxels(reference, prediction, brain);
    m.lesion_voxels_outside_brain = m.whole.true_positive + m.whole.false_positive +
                                    m.whole.false_negative - m.brain.true_positive -
                                    m.brain.false_positive - m.brain.false_negative;
  }
  const Counts& region = brain != nullptr ? m.brain : m.whole;
  m.dice = dice(m.whole);
  m.sensitivity = sensitivity(region);
  m.ppv = positive_predictive_value(region);
  m.specificity = brain != nullptr ? specificity(m.brain) : undefined;
  m.accuracy = brain != nullptr ? accuracy(m.brain) : undefined;
  m.ndsc = normalised_dice(m.whole);
  m.ndsc_brain = brain != nullptr ? normalised_dice(m.brain) : undefined;
  const double voxel_ml = reference.grid.voxel_volume_mm3() / 1000.0;
  m.reference_ml = static_cast<double>(m.whole.reference()) * voxel_ml;
  m.predicted_ml = static_cast<double>(m.whole.predicted()) * voxel_ml;
  m.volume_difference_ml = m.predicted_ml - m.reference_ml;
  m.volume_difference_percent =
      m.whole.reference() == 0 ? undefined : 100.0 * m.volume_difference_ml / m.reference_ml;
  return m;
}

}  // namespace dawson::evaluation
