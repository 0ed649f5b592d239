#include "dawson/evaluation/lesion_measures.h"

#include <algorithm>
#include <limits>
#include <map>

#include "dawson/lesions/lesions.h"

namespace dawson::evaluation {
namespace {

using lesions::Component;
using lesions::Components;

constexpr double undefined = std::numeric_limits<double>::quiet_NaN();

/// One side of the comparison: its components and what of them lies on the other side.
struct Side {
  Components found;
  std::size_t counted = 0;           ///< the first so many components count
  std::vector<std::uint8_t> mask;    ///< as the rule sees it
  std::vector<std::size_t> covered;  ///< by component: voxels on the other side's mask
  /// By component: voxels shared with each component of the other side, by index.
  std::vector<std::map<std::size_t, std::size_t>> shared;
};

double share(std::size_t part, std::size_t whole) {
  return static_cast<double>(part) / static_cast<double>(whole);
}

lesions::Lattice lattice_of(const volume::Grid& grid) {
  return {grid.size, grid.spacing};
}

/// The rule's smallest lesion; Anima's bound is strict.
bool counts_as_lesion(const Component& c, LesionRule rule) {
  using lesions::min_lesion_volume_mm3;
  using lesions::volume_tolerance_mm3;
  if (rule == LesionRule::dawson)
    return c.volume_mm3 >= min_lesion_volume_mm3 - volume_tolerance_mm3;
  if (rule == LesionRule::anima) return c.volume_mm3 > min_lesion_volume_mm3 + volume_tolerance_mm3;
  return true;
}

Side make_side(const volume::Mask& mask, LesionRule rule) {
  const bool corners = rule == LesionRule::dawson || rule == LesionRule::wmh2017;
  Side side;
  side.found = lesions::find_components(
      mask.data, lattice_of(mask.grid),
      corners ? lesions::Connectivity::corners : lesions::Connectivity::faces);
  const auto& all = side.found.components;
  side.counted = static_cast<std::size_t>(
      std::partition_point(all.begin(), all.end(),
                           [&](const Component& c) { return counts_as_lesion(c, rule); }) -
      all.begin());
  side.mask = mask.data;
  if (rule == LesionRule::anima) {
    for (std::size_t v = 0; v < side.mask.size(); ++v) {
      if (static_cast<std::size_t>(side.found.labels[v]) > side.counted) side.mask[v] = 0;
    }
  }
  return side;
}

void compare(Side& a, Side& b) {
  for (Side* side : {&a, &b}) {
    side->covered.assign(side->found.components.size(), 0);
    side->shared.resize(side->found.components.size());
  }
  for (std::size_t v = 0; v < a.mask.size(); ++v) {
    if (a.mask[v] == 0 || b.mask[v] == 0) continue;
    const auto in_a = static_cast<std::size_t>(a.found.labels[v] - 1);
    const auto in_b = static_cast<std::size_t>(b.found.labels[v] - 1);
    ++a.covered[in_a];
    ++b.covered[in_b];
    ++a.shared[in_a][in_b];
    ++b.shared[in_b][in_a];
  }
}

/// Anima's second test: the lesions that cover most of it must not lie too far outside.
bool covered_by_fitting_lesions(const Side& own, const Side& other, std::size_t n) {
  std::vector<std::pair<std::size_t, std::size_t>> by_overlap;  // voxels, index
  for (const auto& [index, voxels] : own.shared[n]) by_overlap.emplace_back(voxels, index);
  std::stable_sort(by_overlap.begin(), by_overlap.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  std::size_t taken = 0;
  for (const auto& [voxels, index] : by_overlap) {
    if (share(taken, own.covered[n]) >= 0.65) break;
    const std::size_t size = other.found.components[index].voxels;
    if (share(size - other.covered[index], size) > 0.70) return false;
    taken += voxels;
  }
  return true;
}

/// Voxels in common over voxels in either, with the best partner.
double best_iou(const Side& own, const Side& other, std::size_t n) {
  double best = 0;
  for (const auto& [index, voxels] : own.shared[n]) {
    const std::size_t either =
        own.found.components[n].voxels + other.found.components[index].voxels - voxels;
    best = std::max(best, share(voxels, either));
  }
  return best;
}

bool is_matched(const Side& own, const Side& other, std::size_t n, LesionRule rule) {
  const std::size_t voxels = own.found.components[n].voxels;
  switch (rule) {
    case LesionRule::dawson:
      return 10 * own.covered[n] >= voxels;  // ≥ 10 %, in whole numbers
    case LesionRule::anima:
      return 10 * own.covered[n] > voxels && covered_by_fitting_lesions(own, other, n);
    case LesionRule::wmh2017:
      return own.covered[n] > 0;
    case LesionRule::shifts:
      return best_iou(own, other, n) >= 0.25;
  }
  return false;
}

/// By component; NaN without probabilities.
std::vector<double> mean_probabilities(const Side& side, const volume::Image* probabilities) {
  const auto& all = side.found.components;
  if (probabilities == nullptr) return std::vector<double>(all.size(), undefined);
  std::vector<double> means(all.size(), 0);
  for (std::size_t v = 0; v < side.found.labels.size(); ++v) {
    const auto label = static_cast<std::size_t>(side.found.labels[v]);
    if (label != 0) means[label - 1] += probabilities->data[v];
  }
  for (std::size_t n = 0; n < all.size(); ++n) means[n] /= static_cast<double>(all[n].voxels);
  return means;
}

void append_lesions(const Side& own, const Side& other, const volume::Grid& grid, bool in_reference,
                    const volume::Image* probabilities, LesionMeasures& m) {
  const std::vector<double> means = mean_probabilities(own, probabilities);
  for (std::size_t n = 0; n < own.counted; ++n) {
    const Component& c = own.found.components[n];
    LesionMatch lesion;
    lesion.in_reference = in_reference;
    lesion.id = c.label;
    lesion.voxels = c.voxels;
    lesion.volume_ml = c.volume_mm3 / 1000.0;
    lesion.centroid_mm = grid.to_world(c.centroid);
    lesion.covered = share(own.covered[n], c.voxels);
    lesion.mean_probability = means[n];
    lesion.matched = is_matched(own, other, n, m.rule);
    for (const auto& [index, voxels] : own.shared[n]) {
      if (index < other.counted) lesion.partners.push_back(static_cast<int>(index + 1));
    }
    for (LesionCounts* counts : {&m.all, &m.by_size[size_class(c.volume_mm3)]}) {
      ++(in_reference ? counts->reference : counts->predicted);
      if (lesion.matched) ++(in_reference ? counts->found : counts->confirmed);
    }
    m.lesions.push_back(std::move(lesion));
  }
}

double f1_of(const LesionMeasures& m) {
  if (m.all.reference == 0) return undefined;
  if (m.rule == LesionRule::shifts) {
    const std::size_t wrong = m.false_lesions + m.all.reference - m.all.found;
    const std::size_t twice = 2 * m.all.confirmed;
    return twice + wrong == 0 ? 0.0 : share(twice, twice + wrong);
  }
  if (m.all.predicted == 0 || m.sensitivity + m.ppv == 0) return 0.0;
  return 2 * m.sensitivity * m.ppv / (m.sensitivity + m.ppv);
}

}  // namespace

std::string_view name_of(LesionRule rule) noexcept {
  switch (rule) {
    case LesionRule::dawson:
      return "dawson";
    case LesionRule::anima:
      return "anima";
    case LesionRule::wmh2017:
      return "wmh2017";
    case LesionRule::shifts:
      return "shifts";
  }
  return "";
}

std::optional<LesionRule> lesion_rule_from(std::string_view name) noexcept {
  for (const LesionRule rule :
       {LesionRule::dawson, LesionRule::anima, LesionRule::wmh2017, LesionRule::shifts}) {
    if (name == name_of(rule)) return rule;
  }
  return std::nullopt;
}

std::size_t size_class(double volume_mm3) noexcept {
  std::size_t n = 0;
  while (n + 1 < size_class_from_mm3.size() &&
         volume_mm3 >= size_class_from_mm3[n + 1] - lesions::volume_tolerance_mm3) {
    ++n;
  }
  return n;
}

LesionMeasures measure_lesions(const volume::Mask& reference, const volume::Mask& prediction,
                               LesionRule rule, const volume::Image* probabilities) {
  Side ours = make_side(reference, rule);
  Side theirs = make_side(prediction, rule);
  compare(ours, theirs);
  LesionMeasures m;
  m.rule = rule;
  append_lesions(ours, theirs, reference.grid, true, probabilities, m);
  append_lesions(theirs, ours, prediction.grid, false, probabilities, m);
  m.false_lesions = m.all.predicted - m.all.confirmed;
  m.sensitivity = m.all.reference == 0 ? undefined : share(m.all.found, m.all.reference);
  m.ppv = m.all.predicted == 0 ? undefined : share(m.all.confirmed, m.all.predicted);
  m.f1 = f1_of(m);
  return m;
}

}  // namespace dawson::evaluation
