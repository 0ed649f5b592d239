// What covering a place takes from a decision (Zeiler and Fergus 2014).
#include <algorithm>
#include <array>
#include <cmath>

#include "dawson/explanation/explainer.h"

namespace dawson::explanation {
namespace {

/// Voxels of the stack, both ends included.
struct Cube {
  std::array<int, 3> low, high;  // x, y, z
};

/// Cubes side by side over the box around `voxels`.
std::vector<Cube> cubes_over(const std::vector<std::size_t>& voxels, const volume::Grid& grid) {
  std::array<int, 3> low = grid.size, high{-1, -1, -1}, edge{};
  for (const std::size_t voxel : voxels) {
    const auto row = static_cast<std::size_t>(grid.size[0]);
    const std::size_t area = row * static_cast<std::size_t>(grid.size[1]);
    const std::array<int, 3> at{static_cast<int>(voxel % row), static_cast<int>(voxel % area / row),
                                static_cast<int>(voxel / area)};
    for (std::size_t a = 0; a < 3; ++a) {
      low[a] = std::min(low[a], at[a]);
      high[a] = std::max(high[a], at[a]);
    }
  }
  for (std::size_t a = 0; a < 3; ++a) {
    edge[a] = std::max(1, static_cast<int>(std::lround(occlusion_edge_mm / grid.spacing[a])));
  }
  std::vector<Cube> cubes;
  for (int z = low[2]; z <= high[2]; z += edge[2]) {
    for (int y = low[1]; y <= high[1]; y += edge[1]) {
      for (int x = low[0]; x <= high[0]; x += edge[0]) {
        cubes.push_back(
            {{x, y, z},
             {std::min(x + edge[0], grid.size[0]) - 1, std::min(y + edge[1], grid.size[1]) - 1,
              std::min(z + edge[2], grid.size[2]) - 1}});
      }
    }
  }
  return cubes;
}

/// The region's slices whose network channels read any slice of the cube.
std::vector<int> readers(const Cube& cube, const std::vector<int>& slices,
                         const bundle::Stack& stack, const bundle::SliceInput& input) {
  std::vector<int> found;
  for (const int z : slices) {
    for (const double offset : input.offsets_mm.front()) {
      const bundle::SlicePlace place = bundle::slice_place(stack, z, offset);
      if (place.above < cube.low[2] || place.below > cube.high[2]) continue;
      found.push_back(z);
      break;
    }
  }
  return found;
}

}  // namespace

void Explainer::occlude(const Region& region, bool healthy, Map& map, Progress& progress) const {
  constexpr float brain_median = 0;  // of standardised intensities
  const volume::Grid& grid = prepared_.grid;
  const std::vector<int> slices = region.slices(grid);
  const std::vector<std::size_t> around = neighbourhood(region, prepared_, input_);
  std::vector<std::uint8_t> covered(grid.voxels(), 0);
  for (const std::size_t voxel : around) covered[voxel] = 1;
  const std::vector<Cube> cubes = cubes_over(around, grid);
  map.decision = decision(prepared_.stack, region);
  const double sign = healthy ? -1 : 1;

  progress.step("occlusion", cubes.size());
  bundle::Stack stack = prepared_.stack;
  for (const Cube& cube : cubes) {
    progress.advance();
    std::vector<std::size_t> voxels;
    for (int z = cube.low[2]; z <= cube.high[2]; ++z) {
      for (int y = cube.low[1]; y <= cube.high[1]; ++y) {
        for (int x = cube.low[0]; x <= cube.high[0]; ++x) {
          const std::size_t voxel = grid.offset(x, y, z);
          if (covered[voxel] != 0) voxels.push_back(voxel);
        }
      }
    }
    const Region reached = region.within(readers(cube, slices, stack, input_), grid);
    if (voxels.empty() || reached.voxels.empty()) continue;
    const double before = decision(prepared_.stack, reached);
    for (const std::size_t voxel : voxels) stack.values[voxel] = brain_median;
    const double drop = sign * (before - decision(stack, reached)) *
                        static_cast<double>(reached.size()) / static_cast<double>(region.size());
    for (const std::size_t voxel : voxels) {
      map.values.values[voxel] = static_cast<float>(drop / static_cast<double>(voxels.size()));
      stack.values[voxel] = prepared_.stack.values[voxel];
    }
  }
  progress.finish();
}

}  // namespace dawson::explanation
