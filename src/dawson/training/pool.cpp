#include "dawson/training/pool.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "dawson/core/error.h"
#include "dawson/training/slab_reader.h"

namespace dawson::training {
namespace {

// Thin scans only: a scan whose slices are already thicker than this is left as it is.
constexpr double thinnest_to_thicken_mm = 2.0;

std::vector<int> slices_with(const std::vector<std::uint8_t>& mask, const cache::Entry& e) {
  std::vector<int> slices;
  const std::size_t area = static_cast<std::size_t>(e.size[0]) * e.size[1];
  for (int z = 0; z < e.size[2]; ++z) {
    const auto begin = mask.begin() + static_cast<std::ptrdiff_t>(area * z);
    if (std::any_of(begin, begin + static_cast<std::ptrdiff_t>(area),
                    [](std::uint8_t v) { return v != 0; })) {
      slices.push_back(z);
    }
  }
  return slices;
}

std::vector<int> all_slices(const cache::Entry& e) {
  std::vector<int> slices(static_cast<std::size_t>(e.size[2]));
  std::iota(slices.begin(), slices.end(), 0);
  return slices;
}

void centre_near(double x, double y, core::Random& random, DrawnSlice& slice) {
  slice.centre_x = x + random.uniform(-0.2, 0.2) * slice.width;
  slice.centre_y = y + random.uniform(-0.2, 0.2) * slice.height;
}

/// A pixel to centre the patch on: a target pixel of the slice, or the middle of the slice.
void choose_centre(const std::vector<float>& target, core::Random& random, DrawnSlice& slice) {
  std::vector<int> candidates;
  for (std::size_t p = 0; p < target.size(); ++p) {
    if (target[p] > 0.5F) candidates.push_back(static_cast<int>(p));
  }
  slice.centre_x = 0.5 * slice.width + random.uniform(-0.15, 0.15) * slice.width;
  slice.centre_y = 0.5 * slice.height + random.uniform(-0.15, 0.15) * slice.height;
  if (candidates.empty() || random.chance(0.5)) return;
  const int pixel = candidates[random.below(candidates.size())];
  centre_near(pixel % slice.width, pixel / slice.width, random, slice);
}

}  // namespace

bundle::Stack PooledScan::stack() const {
  bundle::Stack stack;
  stack.channels = static_cast<int>(entry.channels.size());
  stack.width = entry.size[0];
  stack.height = entry.size[1];
  stack.slices = entry.size[2];
  stack.slice_spacing_mm = entry.spacing_mm[2];
  stack.values.resize(arrays.image.size());
  const std::size_t voxels = entry.voxels();
  for (std::size_t c = 0; c < entry.channels.size(); ++c) {
    const auto scale = static_cast<float>(entry.channels[c].scale);
    const auto offset = static_cast<float>(entry.channels[c].offset);
    for (std::size_t v = c * voxels; v < (c + 1) * voxels; ++v) {
      stack.values[v] = offset + scale * arrays.image[v];
    }
  }
  return stack;
}

std::vector<PooledScan> load_scans(const cache::Cache& cache,
                                   const std::vector<std::string>& patients, double weight) {
  for (const std::string& patient : patients) {
    if (std::none_of(cache.entries().begin(), cache.entries().end(),
                     [&](const cache::Entry& e) { return e.patient() == patient; })) {
      throw Error(ExitCode::input, "the cache holds no scan of this patient", patient);
    }
  }
  std::vector<PooledScan> scans;
  for (const cache::Entry& entry : cache.entries()) {
    if (!patients.empty() &&
        std::find(patients.begin(), patients.end(), entry.patient()) == patients.end()) {
      continue;
    }
    PooledScan scan{weight, entry, cache.load(entry), {}, {}};
    // A brain network must also learn where there is none: neck and vertex.
    scan.brain_slices =
        cache.target() == "brain" ? all_slices(entry) : slices_with(scan.arrays.brain, entry);
    scan.target_slices = slices_with(scan.arrays.target, entry);
    if (scan.brain_slices.empty()) {
      throw Error(ExitCode::input, "shows no brain in the cache", entry.stem);
    }
    scans.push_back(std::move(scan));
  }
  return scans;
}

Sampling sampling_of(const TrainingSettings& settings) {
  const AugmentationSettings& a = settings.augmentation;
  return {settings.lesion_fraction, settings.lesion_balance, settings.lesion_power,
          a.lesion_fade_probability > 0 || a.lesion_removal_probability > 0};
}

Pool::Pool(std::vector<PooledScan> scans, bundle::SliceInput input, const Sampling& sampling)
    : scans_(std::move(scans)), input_(std::move(input)), sampling_(sampling) {
  // A patient's derived scans (lesions removed or painted) have a weight of their own: were they
  // visits like the others, they would be drawn more often than the real ones.
  std::map<std::pair<std::string, double>, std::vector<std::size_t>> by_patient;
  for (std::size_t i = 0; i < scans_.size(); ++i) {
    by_patient[{scans_[i].entry.patient(), scans_[i].weight}].push_back(i);
  }
  for (auto& [patient, indices] : by_patient) {
    const double before = cumulative_weight_.empty() ? 0 : cumulative_weight_.back();
    cumulative_weight_.push_back(before + scans_[indices.front()].weight);
    patients_.push_back(std::move(indices));
  }
  if (patients_.empty()) throw Error(ExitCode::input, "there are no scans to train on");
  const bool any_target = std::any_of(scans_.begin(), scans_.end(),
                                      [](const auto& s) { return !s.target_slices.empty(); });
  if (!any_target) {
    throw Error(ExitCode::input, "no scan to draw from has a mask with anything in it");
  }
  if (sampling_.lesion_balance <= 0) return;
  for (const PooledScan& s : scans_) {
    lesions_.emplace_back(s.arrays.target, s.entry, sampling_.lesion_power);
  }
}

std::vector<std::string> Pool::patients() const {
  std::vector<std::string> names;
  for (const auto& indices : patients_) {
    const std::string name = scans_[indices.front()].entry.patient();
    if (names.empty() || names.back() != name) names.push_back(name);
  }
  return names;
}

std::size_t Pool::draw_scan(core::Random& random) const {
  const double mark = random.uniform(0, cumulative_weight_.back());
  const auto chosen =
      std::upper_bound(cumulative_weight_.begin(), cumulative_weight_.end() - 1, mark);
  const auto& visits = patients_[static_cast<std::size_t>(chosen - cumulative_weight_.begin())];
  return visits[random.below(visits.size())];
}

DrawnSlice Pool::cut(const PooledScan& scan, int z, double thickness) const {
  const cache::Entry& entry = scan.entry;
  DrawnSlice slice;
  slice.width = entry.size[0];
  slice.height = entry.size[1];
  slice.pixel_mm = entry.spacing_mm[0];
  slice.channels = input_.network_channels();
  slice.centre_x = 0.5 * slice.width;
  slice.centre_y = 0.5 * slice.height;
  const std::size_t area = static_cast<std::size_t>(slice.width) * slice.height;
  slice.image.assign(area * slice.channels, 0.0F);
  if (sampling_.lesion_channels) slice.lesions.assign(area * slice.channels, 0.0F);
  const SlabReader target(scan.arrays.target.data(), entry, thickness);
  std::size_t begin = 0;
  for (std::size_t c = 0; c < input_.offsets_mm.size(); ++c) {
    const SlabReader reader(scan.arrays.image.data() + c * entry.voxels(), entry, thickness);
    const auto scale = static_cast<float>(entry.channels[c].scale);
    const auto offset = static_cast<float>(entry.channels[c].offset);
    for (const double offset_mm : input_.offsets_mm[c]) {
      float* out = slice.image.data() + begin;
      reader.add(z, offset_mm, 1.0, out);
      for (std::size_t p = 0; p < area; ++p) out[p] = offset + scale * out[p];
      if (sampling_.lesion_channels) target.add(z, offset_mm, 1.0, slice.lesions.data() + begin);
      begin += area;
    }
  }
  slice.target.assign(area, 0.0F);
  target.add(z, 0, 1.0, slice.target.data());
  if (std::none_of(slice.lesions.begin(), slice.lesions.end(), [](float m) { return m > 0; })) {
    slice.lesions.clear();
  }
  return slice;
}

DrawnSlice Pool::cut(std::size_t scan, int z) const {
  return cut(scans_.at(scan), z, scans_.at(scan).entry.spacing_mm[2]);
}

PlaceInScan Pool::draw_brain_slice(core::Random& random) const {
  const std::size_t scan = draw_scan(random);
  const PooledScan& s = scans_[scan];
  return {scan, s.brain_slices[random.below(s.brain_slices.size())], s.entry.size[0] / 2,
          s.entry.size[1] / 2};
}

DrawnSlice Pool::draw(core::Random& random, double thick_probability, double thick_max_mm,
                      const std::optional<PlaceInScan>& at) const {
  std::size_t chosen = draw_scan(random);
  const bool on_target =
      !scans_[chosen].target_slices.empty() && random.chance(sampling_.lesion_fraction);
  const std::vector<int>& choices =
      on_target ? scans_[chosen].target_slices : scans_[chosen].brain_slices;
  int z = choices[random.below(choices.size())];

  std::optional<PlaceInScan> near = at;
  if (!near && on_target && !lesions_.empty() && random.chance(sampling_.lesion_balance)) {
    near = lesions_[chosen].draw(random);
    near->scan = chosen;
  }
  if (near) {
    chosen = near->scan;
    z = near->z;
  }
  const PooledScan& scan = scans_.at(chosen);
  const double spacing = scan.entry.spacing_mm[2];
  const bool thicken = spacing < thinnest_to_thicken_mm && random.chance(thick_probability);
  DrawnSlice slice = cut(scan, z, thicken ? random.uniform(2.0, thick_max_mm) : spacing);
  if (near) {
    centre_near(near->x, near->y, random, slice);
  } else {
    choose_centre(slice.target, random, slice);
  }
  return slice;
}

}  // namespace dawson::training
