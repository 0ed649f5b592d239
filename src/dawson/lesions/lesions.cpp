#include "dawson/lesions/lesions.h"

#include <algorithm>
#include <numeric>
#include <stdexcept>

namespace dawson::lesions {
namespace {

/// Labels that turn out to be one component. A root is always the smallest of its set, so the
/// root of a set is the label that its first voxel in the array was given.
class UnionFind {
 public:
  std::int32_t add() {
    parent_.push_back(static_cast<std::int32_t>(parent_.size()));
    return parent_.back();
  }
  std::int32_t root(std::int32_t label) {
    while (parent_[index(label)] != label) {
      parent_[index(label)] = parent_[index(parent_[index(label)])];
      label = parent_[index(label)];
    }
    return label;
  }
  std::int32_t join(std::int32_t a, std::int32_t b) {
    a = root(a);
    b = root(b);
    if (a > b) std::swap(a, b);
    parent_[index(b)] = a;
    return a;
  }
  [[nodiscard]] std::size_t size() const noexcept { return parent_.size(); }

 private:
  static std::size_t index(std::int32_t label) { return static_cast<std::size_t>(label); }
  std::vector<std::int32_t> parent_{0};  // 0 is the background
};

struct Neighbour {
  int di, dj, dk;
  std::ptrdiff_t step;
};

/// The neighbours that come earlier in the array: a scan meets every touching pair once.
std::vector<Neighbour> earlier_neighbours(const Lattice& lattice, Connectivity connectivity) {
  const int most_axes = connectivity == Connectivity::faces   ? 1
                        : connectivity == Connectivity::edges ? 2
                                                              : 3;
  std::vector<Neighbour> found;
  for (int dk = -1; dk <= 0; ++dk) {
    for (int dj = -1; dj <= 1; ++dj) {
      for (int di = -1; di <= 1; ++di) {
        const bool earlier = dk < 0 || dj < 0 || (dj == 0 && di < 0);
        const int axes = (di != 0) + (dj != 0) + (dk != 0);
        if ((dk == 0 && dj > 0) || !earlier || axes > most_axes) continue;
        const std::ptrdiff_t row = lattice.size[0];
        const std::ptrdiff_t slice = row * lattice.size[1];
        found.push_back({di, dj, dk, di + dj * row + dk * slice});
      }
    }
  }
  return found;
}

/// First pass: a provisional label for each voxel, touching labels joined.
UnionFind label_provisionally(const std::vector<std::uint8_t>& mask, const Lattice& lattice,
                              Connectivity connectivity, std::vector<std::int32_t>& labels) {
  const auto [ni, nj, nk] = lattice.size;
  const std::vector<Neighbour> neighbours = earlier_neighbours(lattice, connectivity);
  UnionFind sets;
  std::size_t here = 0;
  for (int k = 0; k < nk; ++k) {
    for (int j = 0; j < nj; ++j) {
      for (int i = 0; i < ni; ++i, ++here) {
        if (mask[here] == 0) continue;
        std::int32_t label = 0;
        for (const Neighbour& n : neighbours) {
          const int ii = i + n.di;
          const int jj = j + n.dj;
          if (ii < 0 || ii >= ni || jj < 0 || jj >= nj || k + n.dk < 0) continue;
          const std::int32_t other = labels[here + static_cast<std::size_t>(n.step)];
          if (other == 0 || other == label) continue;
          label = label == 0 ? other : sets.join(label, other);
        }
        labels[here] = label != 0 ? label : sets.add();
      }
    }
  }
  return sets;
}

void grow(Component& c, int i, int j, int k) {
  const std::array<int, 3> at{i, j, k};
  for (std::size_t axis = 0; axis < 3; ++axis) {
    c.low[axis] = c.voxels == 0 ? at[axis] : std::min(c.low[axis], at[axis]);
    c.high[axis] = c.voxels == 0 ? at[axis] : std::max(c.high[axis], at[axis]);
    c.centroid[axis] += at[axis];
  }
  ++c.voxels;
}

/// Second pass: components in the order of their first voxel, and labels that count them from 1.
std::vector<Component> collect(UnionFind& sets, const Lattice& lattice,
                               std::vector<std::int32_t>& labels) {
  std::vector<std::int32_t> number_of(sets.size(), 0);
  std::vector<Component> components;
  const auto [ni, nj, nk] = lattice.size;
  std::size_t here = 0;
  for (int k = 0; k < nk; ++k) {
    for (int j = 0; j < nj; ++j) {
      for (int i = 0; i < ni; ++i, ++here) {
        if (labels[here] == 0) continue;
        std::int32_t& number = number_of[static_cast<std::size_t>(sets.root(labels[here]))];
        if (number == 0) {
          components.emplace_back().first_voxel = here;
          number = static_cast<std::int32_t>(components.size());
        }
        labels[here] = number;
        grow(components[static_cast<std::size_t>(number - 1)], i, j, k);
      }
    }
  }
  for (Component& c : components) {
    c.volume_mm3 = static_cast<double>(c.voxels) * lattice.voxel_volume_mm3();
    for (double& x : c.centroid) x /= static_cast<double>(c.voxels);
  }
  return components;
}

/// Largest first, ties by first voxel, in which order `components` stand when they come in.
void order_by_size(Components& found) {
  std::vector<std::size_t> order(found.components.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return found.components[a].voxels > found.components[b].voxels;
  });
  std::vector<Component> sorted;
  std::vector<std::int32_t> new_label(found.components.size() + 1, 0);
  for (const std::size_t old : order) {
    sorted.push_back(found.components[old]);
    sorted.back().label = static_cast<std::int32_t>(sorted.size());
    new_label[old + 1] = sorted.back().label;
  }
  found.components = std::move(sorted);
  for (std::int32_t& label : found.labels) label = new_label[static_cast<std::size_t>(label)];
}

}  // namespace

std::size_t Lattice::voxels() const noexcept {
  return static_cast<std::size_t>(size[0]) * static_cast<std::size_t>(size[1]) *
         static_cast<std::size_t>(size[2]);
}

double Lattice::voxel_volume_mm3() const noexcept {
  return spacing_mm[0] * spacing_mm[1] * spacing_mm[2];
}

Components find_components(const std::vector<std::uint8_t>& mask, const Lattice& lattice,
                           Connectivity connectivity) {
  if (mask.size() != lattice.voxels()) {
    throw std::invalid_argument("mask and lattice differ in size");
  }
  Components found;
  found.labels.assign(mask.size(), 0);
  UnionFind sets = label_provisionally(mask, lattice, connectivity, found.labels);
  found.components = collect(sets, lattice, found.labels);
  order_by_size(found);
  return found;
}

std::size_t count_lesions(const Components& components, double min_volume_mm3) {
  const auto& all = components.components;
  const auto end = std::partition_point(all.begin(), all.end(), [&](const Component& c) {
    return c.volume_mm3 >= min_volume_mm3 - volume_tolerance_mm3;
  });
  return static_cast<std::size_t>(end - all.begin());
}

std::vector<std::uint8_t> without_small(const std::vector<std::uint8_t>& mask,
                                        const Lattice& lattice, double min_volume_mm3) {
  const Components found = find_components(mask, lattice);
  const auto kept = static_cast<std::int32_t>(count_lesions(found, min_volume_mm3));
  std::vector<std::uint8_t> result = mask;
  for (std::size_t v = 0; v < result.size(); ++v) {
    if (found.labels[v] > kept) result[v] = 0;
  }
  return result;
}

}  // namespace dawson::lesions
