#include "dawson/quality/fingerprint.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "dawson/anatomy/brain.h"

namespace dawson::quality {
namespace {

constexpr int side = 38;  // cubes along an axis of the lattice
constexpr double cube_mm = 6;
constexpr int farthest = 2;  // cubes that the centres may lie apart: a cropped scan's do
constexpr std::size_t ranks = 33;
constexpr double most_apart = 0.35;  // of the quantiles, in the mean: the rest is not compared
// Correlations. Of 19 FLAIR scans those of one person lay at 0.73 – 0.86, of two at most at 0.63;
// one scan changed in six ways lay at 0.87 – 1 with itself.
constexpr double same_scan_from = 0.865, same_head_from = 0.68;
constexpr std::size_t least_shared = 300;  // cubes

std::size_t cube(int x, int y, int z) {
  return std::size_t(x) + std::size_t(side) * (std::size_t(y) + std::size_t(side) * std::size_t(z));
}

/// Calls `visit(voxel, mm)` for each brain voxel; millimetres run along the voxel axes, each
/// counted as the world axis that it is nearest to, so that a flipped array is a flipped lattice
/// however oblique the scan is.
template <typename Visit>
void for_each_brain_voxel(const volume::Mask& brain, const Visit& visit) {
  const volume::Grid& grid = brain.grid;
  const std::string towards = grid.orientation();
  std::array<std::size_t, 3> world{};
  std::array<double, 3> step{};
  for (std::size_t a = 0; a < 3; ++a) {
    world[a] = std::string("RAS").find(towards[a]) != std::string::npos
                   ? std::string("RAS").find(towards[a])
                   : std::string("LPI").find(towards[a]);
    step[a] = (std::string("RAS").find(towards[a]) != std::string::npos ? 1 : -1) * grid.spacing[a];
  }
  volume::Index3 at{};
  for (at[2] = 0; at[2] < grid.size[2]; ++at[2]) {
    for (at[1] = 0; at[1] < grid.size[1]; ++at[1]) {
      for (at[0] = 0; at[0] < grid.size[0]; ++at[0]) {
        const std::size_t v = grid.offset(at[0], at[1], at[2]);
        if (brain.data[v] == 0) continue;
        volume::Vector3 mm{};
        for (std::size_t a = 0; a < 3; ++a) mm[world[a]] = step[a] * at[a];
        visit(v, mm);
      }
    }
  }
}

std::vector<float> lattice_of(const volume::Image& scan, const volume::Mask& brain,
                              const anatomy::RobustScale& scale) {
  volume::Vector3 centre{0, 0, 0};
  double count = 0;
  for_each_brain_voxel(brain, [&](std::size_t, const volume::Vector3& at) {
    for (std::size_t a = 0; a < 3; ++a) centre[a] += at[a];
    ++count;
  });
  for (double& c : centre) c /= count;
  std::vector<float> sums(std::size_t(side) * side * side, 0);
  std::vector<float> counts(sums.size(), 0);
  for_each_brain_voxel(brain, [&](std::size_t v, const volume::Vector3& at) {
    std::array<int, 3> place{};
    for (std::size_t a = 0; a < 3; ++a) {
      place[a] = int(std::floor((at[a] - centre[a]) / cube_mm)) + side / 2;
      if (place[a] < 0 || place[a] >= side) return;
    }
    const std::size_t c = cube(place[0], place[1], place[2]);
    sums[c] += float((scan.data[v] - scale.median) / scale.deviation);
    ++counts[c];
  });
  const float most = *std::max_element(counts.begin(), counts.end());
  for (std::size_t c = 0; c < sums.size(); ++c) {
    sums[c] =
        counts[c] < 0.5F * most ? std::numeric_limits<float>::quiet_NaN() : sums[c] / counts[c];
  }
  return sums;
}

using Cube = std::array<int, 3>;

std::vector<Cube> known_cubes(const std::vector<float>& lattice) {
  std::vector<Cube> known;
  for (int z = farthest; z < side - farthest; ++z) {
    for (int y = farthest; y < side - farthest; ++y) {
      for (int x = farthest; x < side - farthest; ++x) {
        if (!std::isnan(lattice[cube(x, y, z)])) known.push_back({x, y, z});
      }
    }
  }
  return known;
}

/// b flipped, then moved, against the known cubes of a.
double correlation_of(const std::vector<Cube>& known, const std::vector<float>& a,
                      const std::vector<float>& b, unsigned flips, const Cube& shift) {
  double n = 0, sa = 0, sb = 0, saa = 0, sbb = 0, sab = 0;
  for (const Cube& at : known) {
    Cube there = at;
    for (unsigned axis = 0; axis < 3; ++axis) {
      there[axis] -= shift[axis];
      if ((flips >> axis & 1U) != 0) there[axis] = side - 1 - there[axis];
    }
    const double va = a[cube(at[0], at[1], at[2])];
    const double vb = b[cube(there[0], there[1], there[2])];
    if (std::isnan(vb)) continue;
    ++n;
    sa += va;
    sb += vb;
    saa += va * va;
    sbb += vb * vb;
    sab += va * vb;
  }
  if (n < double(least_shared)) return 0;
  const double spread = (saa - sa * sa / n) * (sbb - sb * sb / n);
  return spread > 0 ? (sab - sa * sb / n) / std::sqrt(spread) : 0;
}

/// The best place of b, from the middle upwards.
double best_correlation(const std::vector<Cube>& known, const std::vector<float>& a,
                        const std::vector<float>& b, unsigned flips) {
  Cube shift{0, 0, 0};
  double best = correlation_of(known, a, b, flips, shift);
  for (bool better = true; better;) {
    better = false;
    for (std::size_t axis = 0; axis < 3; ++axis) {
      for (const int step : {-1, 1}) {
        Cube next = shift;
        next[axis] += step;
        if (std::abs(next[axis]) > farthest) continue;
        const double r = correlation_of(known, a, b, flips, next);
        if (r <= best) continue;
        best = r;
        shift = next;
        better = true;
      }
    }
  }
  return best;
}

std::string words_of(unsigned flips) {
  if (flips == 0) return "as it is";
  std::string words = "flipped";
  bool first = true;
  for (unsigned axis = 0; axis < 3; ++axis) {
    if ((flips >> axis & 1U) == 0) continue;
    words += (first ? " " : " and ") +
             std::string(std::array{"left to right", "front to back", "top to bottom"}[axis]);
    first = false;
  }
  return words;
}

}  // namespace

Fingerprint fingerprint_of(const volume::Image& scan, const volume::Mask& brain) {
  const anatomy::RobustScale scale = anatomy::robust_scale(scan, brain);
  std::vector<float> values;
  for (std::size_t v = 0; v < brain.data.size(); ++v) {
    if (brain.data[v] != 0) {
      values.push_back(float((scan.data[v] - scale.median) / scale.deviation));
    }
  }
  std::sort(values.begin(), values.end());
  Fingerprint print;
  for (std::size_t r = 0; r < ranks; ++r) {
    print.quantiles.push_back(values[r * (values.size() - 1) / (ranks - 1)]);
  }
  // The extremes are of single voxels, which noise and a crop change.
  print.quantiles.erase(print.quantiles.begin());
  print.quantiles.pop_back();
  print.lattice = lattice_of(scan, brain, scale);
  return print;
}

std::optional<Likeness> likeness(const Fingerprint& a, const Fingerprint& b) {
  double apart = 0;
  for (std::size_t r = 0; r < a.quantiles.size(); ++r) {
    apart += std::abs(a.quantiles[r] - b.quantiles[r]) / double(a.quantiles.size());
  }
  if (apart > most_apart) return {};
  const std::vector<Cube> known = known_cubes(a.lattice);
  Likeness best;
  for (unsigned flips = 0; flips < 8; ++flips) {
    const double r = best_correlation(known, a.lattice, b.lattice, flips);
    if (r > best.correlation) best = {r, r >= same_scan_from, words_of(flips)};
  }
  if (best.correlation < same_head_from) return {};
  return best;
}

}  // namespace dawson::quality
