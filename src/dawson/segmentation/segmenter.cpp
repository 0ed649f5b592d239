#include "dawson/segmentation/segmenter.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "dawson/segmentation/method.h"

namespace dawson::segmentation {
namespace {

// Far finer than the probabilities are calibrated, and the files are a tenth as large.
constexpr float probability_steps = 4096;

double sum_ml(const volume::Mask& mask) {
  const auto voxels =
      std::count_if(mask.data.begin(), mask.data.end(), [](std::uint8_t v) { return v != 0; });
  return static_cast<double>(voxels) * mask.grid.voxel_volume_mm3() / 1000;
}

Lesion describe(const lesions::Component& component, const volume::Grid& grid) {
  Lesion lesion;
  lesion.id = component.label;
  lesion.voxels = component.voxels;
  lesion.volume_ml = component.volume_mm3 / 1000;
  lesion.centroid_mm = grid.to_world(component.centroid);
  lesion.low = component.low;
  lesion.high = component.high;
  for (int axis = 0; axis < 3; ++axis) {
    lesion.extents_mm[axis] = (component.high[axis] - component.low[axis] + 1) * grid.spacing[axis];
  }
  return lesion;
}

}  // namespace

lesions::Lattice lattice_of(const volume::Grid& grid) {
  return {grid.size, grid.spacing};
}

std::vector<Lesion> find_lesions(const volume::Mask& mask, const volume::Image& probabilities) {
  const lesions::Components found = lesions::find_components(mask.data, lattice_of(mask.grid));
  const std::size_t counted = lesions::count_lesions(found);
  std::vector<Lesion> list;
  for (std::size_t i = 0; i < counted; ++i) {
    list.push_back(describe(found.components[i], mask.grid));
  }
  const bool known = !probabilities.data.empty();
  for (Lesion& l : list) {
    l.mean_probability = known ? 0 : std::numeric_limits<double>::quiet_NaN();
    l.peak_probability = l.mean_probability;
  }
  for (std::size_t v = 0; known && v < found.labels.size(); ++v) {
    const auto label = static_cast<std::size_t>(found.labels[v]);
    if (label == 0 || label > counted) continue;
    Lesion& l = list[label - 1];
    l.mean_probability += probabilities.data[v] / static_cast<double>(l.voxels);
    l.peak_probability = std::max<double>(l.peak_probability, probabilities.data[v]);
  }
  return list;
}

Probabilities find_probabilities(const model::Model& model, const preprocessing::Visit& visit,
                                 const SegmenterSettings& settings, Progress& progress) {
  preprocessing::Prepared prepared = model.recipe.prepare(visit, progress);
  progress.step("network", static_cast<std::size_t>(prepared.stack.slices));
  std::vector<float> probabilities =
      bundle::predict(*model.bundle.graph, prepared.stack, model.bundle.input,
                      model.bundle.temperature, settings.mirror, progress, settings.memory_mb);
  progress.step("back to the scan's grid");
  volume::Image restored = restored_probabilities(prepared, std::move(probabilities));
  progress.finish();
  return {std::move(restored), std::move(prepared.brain), std::move(prepared.sequences)};
}

volume::Image restored_probabilities(const preprocessing::Prepared& prepared,
                                     std::vector<float> probabilities) {
  volume::Image restored = preprocessing::Recipe::restore(prepared, std::move(probabilities));
  for (float& p : restored.data) p = std::round(p * probability_steps) / probability_steps;
  return restored;
}

MaskRule rule_of(const bundle::Bundle& bundle) {
  return {bundle.threshold, bundle.min_peak, bundle.min_volume_mm3};
}

volume::Mask make_mask(const volume::Image& probabilities, const MaskRule& rule) {
  volume::Mask mask(probabilities.grid);
  for (std::size_t i = 0; i < mask.data.size(); ++i) {
    mask.data[i] = probabilities.data[i] >= rule.threshold ? 1 : 0;
  }
  const lesions::Components found = lesions::find_components(mask.data, lattice_of(mask.grid));
  const std::size_t large = lesions::count_lesions(found, rule.min_volume_mm3);
  std::vector<std::uint8_t> kept(found.components.size() + 1, 0);  // by label
  for (std::size_t i = 0; i < mask.data.size(); ++i) {
    const auto label = static_cast<std::size_t>(found.labels[i]);
    if (label > 0 && label <= large && probabilities.data[i] >= rule.min_peak) kept[label] = 1;
  }
  for (std::size_t i = 0; i < mask.data.size(); ++i) {
    mask.data[i] = kept[static_cast<std::size_t>(found.labels[i])];
  }
  return mask;
}

Segmentation segment(const model::Model& model, const preprocessing::Visit& visit,
                     const SegmenterSettings& settings, Progress& progress) {
  return segment(Network(model, settings), visit, progress);
}

Network::Network(model::Model model, SegmenterSettings settings)
    : model_(std::move(model)), settings_(settings) {
  const bundle::Bundle& bundle = model_.bundle;
  facts_.name = bundle.name;
  facts_.version = bundle.version;
  facts_.sha256 = bundle.weights_sha256;
  facts_.rule = rule_of(bundle);
  facts_.temperature = bundle.temperature;
  facts_.mirrored = settings.mirror;
  facts_.sequences = model_.recipe.sequences();
  facts_.provenance = bundle.provenance;
}

Probabilities Network::find_probabilities(const preprocessing::Visit& visit,
                                          Progress& progress) const {
  return segmentation::find_probabilities(model_, visit, settings_, progress);
}

Segmentation segment(const Method& method, const preprocessing::Visit& visit, Progress& progress) {
  Probabilities found = method.find_probabilities(visit, progress);
  progress.step("lesions");
  Segmentation result;
  result.lesion_mask = make_mask(found.lesion, method.facts().rule);
  result.lesions = find_lesions(result.lesion_mask, found.lesion);
  result.lesion_volume_ml = sum_ml(result.lesion_mask);
  result.brain_volume_ml = found.brain.volume_ml();
  result.was_stripped = found.brain.was_stripped;
  result.sequences = std::move(found.sequences);
  result.probabilities = std::move(found.lesion);
  result.brain_mask = std::move(found.brain.mask);
  progress.finish();
  return result;
}

}  // namespace dawson::segmentation
