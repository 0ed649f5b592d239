#include "dawson/training/sight.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>

#include "dawson/cache/npy.h"
#include "dawson/core/json.h"
#include "dawson/training/run_folder.h"

namespace dawson::training {
namespace {

constexpr double least_distance_mm = 5;  // between two slices of a scan that are both worth showing
constexpr std::size_t planes = 3;

std::size_t area_of(const cache::Entry& e) {
  return static_cast<std::size_t>(e.size[0]) * static_cast<std::size_t>(e.size[1]);
}

/// Slices of one patient's scans, most target first.
std::vector<SlicePick> ranked(const std::vector<PooledScan>& scans,
                              const std::vector<std::size_t>& of_patient) {
  std::vector<SlicePick> picks;
  for (const std::size_t s : of_patient) {
    const std::size_t area = area_of(scans[s].entry);
    for (const int z : scans[s].target_slices) {
      const auto begin = scans[s].arrays.target.begin() + static_cast<std::ptrdiff_t>(area * z);
      const auto pixels = std::count_if(begin, begin + static_cast<std::ptrdiff_t>(area),
                                        [](std::uint8_t v) { return v != 0; });
      picks.push_back({s, z, static_cast<std::size_t>(pixels)});
    }
  }
  std::stable_sort(picks.begin(), picks.end(), [](const SlicePick& a, const SlicePick& b) {
    return a.target_pixels > b.target_pixels;
  });
  return picks;
}

/// True when the voxel axis runs, in the main, to the right, anterior or superior: a picture that
/// doctors read has those at its left and top.
bool runs_against_picture(const cache::Entry& e, std::size_t axis) {
  double most = 0;
  for (const auto& row : e.affine) {
    if (std::abs(row[axis]) > std::abs(most)) most = row[axis];
  }
  return most > 0;
}

}  // namespace

std::vector<SlicePick> pick_slices(const std::vector<PooledScan>& scans, int per_patient,
                                   std::size_t most) {
  std::map<std::string, std::vector<std::size_t>> patients;
  for (std::size_t s = 0; s < scans.size(); ++s) patients[scans[s].entry.patient()].push_back(s);
  std::vector<SlicePick> chosen;
  if (patients.empty() || per_patient < 1) return chosen;
  const std::size_t share = std::max<std::size_t>(1, most / patients.size());
  for (const auto& [name, of_patient] : patients) {
    std::vector<SlicePick> own;
    for (const SlicePick& pick : ranked(scans, of_patient)) {
      if (own.size() == std::min<std::size_t>(share, static_cast<std::size_t>(per_patient))) break;
      const double spacing = scans[pick.scan].entry.spacing_mm[2];
      const bool near = std::any_of(own.begin(), own.end(), [&](const SlicePick& p) {
        return p.scan == pick.scan && std::abs(p.slice - pick.slice) * spacing < least_distance_mm;
      });
      if (!near) own.push_back(pick);
    }
    for (const SlicePick& pick : own) {
      if (chosen.size() < most) chosen.push_back(pick);
    }
  }
  return chosen;
}

SliceSet frame_slices(const std::vector<PooledScan>& scans, const std::vector<SlicePick>& picks) {
  SliceSet set;
  for (const SlicePick& pick : picks) {
    const cache::Entry& e = scans[pick.scan].entry;
    set.width = std::max(set.width, static_cast<std::size_t>(e.size[0]));
    set.height = std::max(set.height, static_cast<std::size_t>(e.size[1]));
    set.names.push_back(e.stem + ", slice " + std::to_string(pick.slice));
  }
  set.bytes.assign(picks.size() * planes * set.height * set.width, 0);
  return set;
}

void fill_slice(SliceSet& set, std::size_t index, const PooledScan& scan, int slice,
                const std::vector<float>& probabilities) {
  const auto width = static_cast<std::size_t>(scan.entry.size[0]);
  const auto height = static_cast<std::size_t>(scan.entry.size[1]);
  const std::size_t plane = set.height * set.width;
  const bool turn_x = runs_against_picture(scan.entry, 0);
  const bool turn_y = runs_against_picture(scan.entry, 1);
  std::uint8_t* out = set.bytes.data() + index * planes * plane;
  std::size_t from = width * height * static_cast<std::size_t>(slice);
  for (std::size_t y = 0; y < height; ++y) {
    for (std::size_t x = 0; x < width; ++x, ++from) {
      const std::size_t to =
          (turn_y ? height - 1 - y : y) * set.width + (turn_x ? width - 1 - x : x);
      out[to] = scan.arrays.image[from];
      out[plane + to] = static_cast<std::uint8_t>(std::lround(255.0F * probabilities[from]));
      out[2 * plane + to] = scan.arrays.target[from] != 0 ? 1 : 0;
    }
  }
}

void write_slices(const std::filesystem::path& run, const SliceSet& set, int iteration) {
  replace_folder(run, "validation", [&](const std::filesystem::path& folder) {
    cache::write_npy(folder / "slices.npy", set.bytes,
                     {set.names.size(), planes, set.height, set.width});
    core::write_json(folder / "slices.json", {{"iteration", iteration},
                                              {"slices", set.names},
                                              {"planes", {"image", "probability", "target"}},
                                              {"height", set.height},
                                              {"width", set.width}});
  });
}

}  // namespace dawson::training
