#include "dawson/training/validation.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>

#include "dawson/lesions/lesions.h"

namespace dawson::training {
namespace {

constexpr double undefined = std::numeric_limits<double>::quiet_NaN();
constexpr double least_probability = 1e-7;  // what float32 still tells from 0 and from 1

double dice(const std::vector<std::uint8_t>& found, const std::vector<std::uint8_t>& target) {
  std::size_t both = 0, in_found = 0, in_target = 0;
  for (std::size_t i = 0; i < target.size(); ++i) {
    both += (found[i] != 0 && target[i] != 0) ? 1 : 0;
    in_found += found[i] != 0 ? 1 : 0;
    in_target += target[i] != 0 ? 1 : 0;
  }
  return in_found + in_target == 0
             ? 1.0
             : 2.0 * static_cast<double>(both) / static_cast<double>(in_found + in_target);
}

/// Share of the lesions of `mask` that count of which ≥ 10 % lies on `other`; NaN: there are none.
double share_covered(const std::vector<std::uint8_t>& mask, const std::vector<std::uint8_t>& other,
                     const lesions::Lattice& lattice) {
  const lesions::Components all = lesions::find_components(mask, lattice);
  const std::size_t counted = lesions::count_lesions(all);
  if (counted == 0) return undefined;
  std::vector<std::size_t> covered(all.components.size() + 1, 0);
  for (std::size_t v = 0; v < mask.size(); ++v) {
    if (other[v] != 0) ++covered[static_cast<std::size_t>(all.labels[v])];
  }
  std::size_t found = 0;
  for (std::size_t n = 0; n < counted; ++n) {
    found += 10 * covered[n + 1] >= all.components[n].voxels ? 1 : 0;
  }
  return static_cast<double>(found) / static_cast<double>(counted);
}

double loss_of(std::vector<float>& probabilities, const std::vector<std::uint8_t>& target,
               const LossSettings& settings) {
  const at::NoGradGuard no_grad;
  const auto size = static_cast<std::int64_t>(target.size());
  const at::Tensor p = at::from_blob(probabilities.data(), {size}, at::kFloat);
  const at::Tensor truth = at::tensor(at::ArrayRef<std::uint8_t>(target)).ne(0).to(at::kFloat);
  return find_loss(at::logit(p, least_probability), truth, settings).total.item<double>();
}

/// Figures of a patient's scans, those that are defined.
struct Mean {
  double sum = 0;
  int count = 0;
  void add(double value) {
    if (!std::isfinite(value)) return;
    sum += value;
    ++count;
  }
  [[nodiscard]] double value() const { return count == 0 ? undefined : sum / count; }
};

constexpr std::size_t figures = 4;
using Figures = std::array<Mean, figures>;

std::array<double, figures> mean_over_patients(const std::map<std::string, Figures>& patients) {
  Figures means;
  for (const auto& [patient, own] : patients) {
    for (std::size_t f = 0; f < figures; ++f) means[f].add(own[f].value());
  }
  return {means[0].value(), means[1].value(), means[2].value(), means[3].value()};
}

}  // namespace

LesionScores score_lesions(const std::vector<std::uint8_t>& reference,
                           const std::vector<std::uint8_t>& prediction, const cache::Entry& entry) {
  const lesions::Lattice lattice{entry.size, entry.spacing_mm};
  const double sensitivity = share_covered(reference, prediction, lattice);
  if (std::isnan(sensitivity)) return {undefined, undefined};
  const double ppv = share_covered(prediction, reference, lattice);
  if (std::isnan(ppv) || sensitivity + ppv == 0) return {sensitivity, 0};
  return {sensitivity, 2 * sensitivity * ppv / (sensitivity + ppv)};
}

Validation::Validation(std::vector<PooledScan> scans, const TrainingSettings& settings)
    : scans_(std::move(scans)),
      input_(settings.input),
      loss_(settings.loss_settings()),
      picks_(pick_slices(scans_, settings.validation_slices)),
      slices_(frame_slices(scans_, picks_)) {}

ValidationScores Validation::measure(nn::Graph& graph, Progress& progress) {
  std::map<std::string, Figures> by_patient;
  Progress quiet(nullptr);
  for (std::size_t s = 0; s < scans_.size(); ++s) {
    progress.check();
    const PooledScan& scan = scans_[s];
    const std::vector<std::uint8_t>& target = scan.arrays.target;
    std::vector<float> p = bundle::predict(graph, scan.stack(), input_, 1.0, false, quiet);
    std::vector<std::uint8_t> mask(p.size());
    std::transform(p.begin(), p.end(), mask.begin(),
                   [](float v) { return static_cast<std::uint8_t>(v >= 0.5F ? 1 : 0); });
    const LesionScores lesions = score_lesions(target, mask, scan.entry);
    Figures& own = by_patient[scan.entry.patient()];
    own[0].add(dice(mask, target));
    own[1].add(lesions.sensitivity);
    own[2].add(lesions.f1);
    own[3].add(loss_of(p, target, loss_));
    for (std::size_t n = 0; n < picks_.size(); ++n) {
      if (picks_[n].scan == s) fill_slice(slices_, n, scan, picks_[n].slice, p);
    }
  }
  const auto means = mean_over_patients(by_patient);
  return {means[0], means[1], means[2], means[3]};
}

}  // namespace dawson::training
