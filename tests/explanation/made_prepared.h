// A prepared scan without a scan: a stack filled by hand, and networks whose answers can be worked
// out by hand.
#pragma once

#include <functional>
#include <utility>
#include <vector>

#include "bundle/networks.h"
#include "dawson/core/random.h"
#include "dawson/explanation/explainer.h"
#include "imaging/shapes.h"

namespace dawson::explanation {

/// FLAIR of a network voxel.
using Paint = std::function<double(int x, int y, int z)>;

/// A stack whose lesion frequency is 0.1 everywhere; the scan has the same grid, all of it brain.
inline preprocessing::Prepared prepared_of(const volume::Grid& grid, const Paint& flair) {
  preprocessing::Prepared made;
  made.grid = made.scan_grid = grid;
  made.brain.mask = volume::Mask(grid, 1);
  made.stack = {2, grid.size[2], grid.size[1], grid.size[0], grid.spacing[2], {}};
  for (int z = 0; z < grid.size[2]; ++z) {
    for (int y = 0; y < grid.size[1]; ++y) {
      for (int x = 0; x < grid.size[0]; ++x) {
        made.stack.values.push_back(static_cast<float>(flair(x, y, z)));
      }
    }
  }
  made.stack.values.resize(2 * grid.voxels(), 0.1F);
  return made;
}

/// 1 mm voxels.
inline volume::Grid small_grid() {
  return test::centred({40, 36, 9}, {1, 1, 1});
}

/// Brain of −1 … 1 by chance with a lesion of 6: x 10–13, y 20–22, z 4–5.
inline bool in_lesion(int x, int y, int z) {
  return x >= 10 && x <= 13 && y >= 20 && y <= 22 && (z == 4 || z == 5);
}
inline preprocessing::Prepared scan_with_lesion() {
  core::Random random(3);
  return prepared_of(small_grid(), [&](int x, int y, int z) {
    const double tissue = random.uniform(-1, 1);
    return in_lesion(x, y, z) ? 6.0 : tissue;
  });
}

inline Region region_where(const volume::Grid& grid,
                           const std::function<bool(int x, int y, int z)>& inside) {
  Region region;
  for (int z = 0; z < grid.size[2]; ++z) {
    for (int y = 0; y < grid.size[1]; ++y) {
      for (int x = 0; x < grid.size[0]; ++x) {
        if (inside(x, y, z)) region.voxels.push_back(grid.offset(x, y, z));
      }
    }
  }
  return region;
}
inline Region lesion_region() {
  return region_where(small_grid(), in_lesion);
}

inline bundle::Bundle bundle_of(nn::Graph graph, std::vector<std::vector<double>> offsets_mm) {
  bundle::Bundle made;
  made.graph = std::make_shared<nn::Graph>(std::move(graph));
  made.input.offsets_mm = std::move(offsets_mm);
  return made;
}

/// Thresholded brightness: logit = 3 · FLAIR − 12.
inline bundle::Bundle brightness() {
  return bundle_of(bundle::pixel_network({3, 0}, -12), {{0}, {0}});
}

/// An attention network that sees 3 mm below and above, as the shipped one.
inline bundle::Bundle attention(bool with_biases) {
  nn::Graph graph = bundle::small_network(4).folded();
  core::Random random(5);
  for (const auto& [name, tensor] : graph.parameters()) {
    const std::string ending = ".bias";
    if (name.size() < ending.size() ||
        name.compare(name.size() - ending.size(), ending.size(), ending) != 0) {
      continue;
    }
    std::vector<float> values(static_cast<std::size_t>(tensor.numel()), 0.0F);
    for (float& value : values) value = with_biases ? static_cast<float>(random.normal(0, 0.1)) : 0;
    nn::assign(tensor, values);
  }
  return bundle_of(std::move(graph), {{-3, 0, 3}, {0}});
}

inline MapSettings settings_of(const std::string& composite, bool mirror = false) {
  MapSettings settings;
  settings.composite = composite;
  settings.mirror = mirror;
  return settings;
}

inline double sum_of(const std::vector<float>& values) {
  double sum = 0;
  for (const float value : values) sum += value;
  return sum;
}

}  // namespace dawson::explanation
