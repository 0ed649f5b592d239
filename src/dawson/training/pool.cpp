#include "dawson/training/pool.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "dawson/core/error.h"

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

/// Adds weight · (the slab of `thickness_mm` around z) of a byte stack to `sum`.
class SlabReader {
 public:
  SlabReader(const std::uint8_t* stack, const cache::Entry& entry, double thickness_mm)
      : stack_(stack),
        area_(static_cast<std::size_t>(entry.size[0]) * entry.size[1]),
        slices_(entry.size[2]),
        spacing_(entry.spacing_mm[2]),
        thickness_(thickness_mm) {}

  /// The slice at `offset_mm` from z0 of a scan whose slices are slabs centred on z0, linear
  /// between slabs: what bundle::cut_slice does, on a scan of that slice spacing.
  void add(double z0, double offset_mm, double weight, float* sum) const {
    const double position = offset_mm / thickness_;
    const double below = std::floor(position);
    const double share = position - below;
    if (share < 1 - 1e-9) add_slab(z0 + below * thickness_ / spacing_, weight * (1 - share), sum);
    if (share > 1e-9) add_slab(z0 + (below + 1) * thickness_ / spacing_, weight * share, sum);
  }

 private:
  void add_slab(double centre, double weight, float* sum) const {
    const int count = std::max(1, static_cast<int>(std::lround(thickness_ / spacing_)));
    const double first = centre - 0.5 * (count - 1);
    for (int i = 0; i < count; ++i) {
      const int z = std::clamp(static_cast<int>(std::lround(first + i)), 0, slices_ - 1);
      const std::uint8_t* slice = stack_ + area_ * z;
      const auto w = static_cast<float>(weight / count);
      for (std::size_t p = 0; p < area_; ++p) sum[p] += w * slice[p];
    }
  }

  const std::uint8_t* stack_;
  std::size_t area_;
  int slices_;
  double spacing_;
  double thickness_;
};

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
  slice.centre_x = pixel % slice.width + random.uniform(-0.2, 0.2) * slice.width;
  slice.centre_y = pixel / slice.width + random.uniform(-0.2, 0.2) * slice.height;
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

Pool::Pool(std::vector<PooledScan> scans, bundle::SliceInput input, double lesion_fraction)
    : scans_(std::move(scans)), input_(std::move(input)), lesion_fraction_(lesion_fraction) {
  std::map<std::string, std::vector<std::size_t>> by_patient;
  for (std::size_t i = 0; i < scans_.size(); ++i) {
    by_patient[scans_[i].entry.patient()].push_back(i);
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
    throw Error(ExitCode::input, "no training scan has a mask with anything in it", "cache",
                "check that the masks were found by dawson prepare");
  }
}

std::vector<std::string> Pool::patients() const {
  std::vector<std::string> names;
  for (const auto& indices : patients_) names.push_back(scans_[indices.front()].entry.patient());
  return names;
}

const PooledScan& Pool::draw_scan(core::Random& random) const {
  const double mark = random.uniform(0, cumulative_weight_.back());
  const auto chosen =
      std::upper_bound(cumulative_weight_.begin(), cumulative_weight_.end() - 1, mark);
  const auto& visits = patients_[static_cast<std::size_t>(chosen - cumulative_weight_.begin())];
  return scans_[visits[random.below(visits.size())]];
}

DrawnSlice Pool::draw(core::Random& random, double thick_probability, double thick_max_mm) const {
  const PooledScan& scan = draw_scan(random);
  const cache::Entry& entry = scan.entry;
  const bool on_target = !scan.target_slices.empty() && random.chance(lesion_fraction_);
  const std::vector<int>& choices = on_target ? scan.target_slices : scan.brain_slices;
  const double z = choices[random.below(choices.size())];

  const double spacing = entry.spacing_mm[2];
  const bool thicken = spacing < thinnest_to_thicken_mm && random.chance(thick_probability);
  const double thickness = thicken ? random.uniform(2.0, thick_max_mm) : spacing;

  DrawnSlice slice;
  slice.width = entry.size[0];
  slice.height = entry.size[1];
  slice.pixel_mm = entry.spacing_mm[0];
  slice.channels = input_.network_channels();
  const std::size_t area = static_cast<std::size_t>(slice.width) * slice.height;
  slice.image.assign(area * slice.channels, 0.0F);
  float* out = slice.image.data();
  for (std::size_t c = 0; c < input_.offsets_mm.size(); ++c) {
    const SlabReader reader(scan.arrays.image.data() + c * entry.voxels(), entry, thickness);
    const auto scale = static_cast<float>(entry.channels[c].scale);
    const auto offset = static_cast<float>(entry.channels[c].offset);
    for (const double offset_mm : input_.offsets_mm[c]) {
      reader.add(z, offset_mm, 1.0, out);
      for (std::size_t p = 0; p < area; ++p) out[p] = offset + scale * out[p];
      out += area;
    }
  }
  slice.target.assign(area, 0.0F);
  SlabReader(scan.arrays.target.data(), entry, thickness).add(z, 0, 1.0, slice.target.data());
  choose_centre(slice.target, random, slice);
  return slice;
}

}  // namespace dawson::training
