#include "dawson/report/scan_facts.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace dawson::report {
namespace {

constexpr double tolerance = 1.05;
// The cord's section is about 100 mm²; it is meant to reach the edge.
constexpr double least_area_mm2 = 300;

/// Brain voxels on the array's first (0) and last (1) layer along an axis.
std::array<std::size_t, 2> on_outer_layers(const volume::Mask& brain, std::size_t axis) {
  std::array<std::size_t, 2> counts{};
  const volume::Index3& size = brain.grid.size;
  const std::size_t u = (axis + 1) % 3, v = (axis + 2) % 3;
  for (std::size_t side = 0; side < 2; ++side) {
    volume::Index3 at{};
    at[axis] = side == 0 ? 0 : size[axis] - 1;
    for (at[u] = 0; at[u] < size[u]; ++at[u]) {
      for (at[v] = 0; at[v] < size[v]; ++at[v]) {
        if (brain.at(at[0], at[1], at[2]) != 0) ++counts[side];
      }
    }
  }
  return counts;
}

char opposite(char direction) {
  constexpr std::string_view pairs = "RLAPSI";
  return pairs[pairs.find(direction) ^ 1U];
}

}  // namespace

ScanFacts scan_facts(const volume::Grid& grid, const volume::Mask& brain) {
  ScanFacts facts;
  const auto coarsest = static_cast<std::size_t>(grid.coarsest_axis());
  facts.slice_mm = grid.spacing[coarsest];
  facts.in_plane_mm[0] = grid.spacing[coarsest == 0 ? 1 : 0];
  facts.in_plane_mm[1] = grid.spacing[coarsest == 2 ? 1 : 2];
  if (facts.slice_mm <= 1 * tolerance) {
    facts.protocol = Protocol::core_3d;
  } else if (facts.slice_mm <= 3 * tolerance) {
    facts.protocol = Protocol::acceptable_2d;
  }
  facts.coarse_in_plane = std::max(facts.in_plane_mm[0], facts.in_plane_mm[1]) > 1 * tolerance;
  const std::string towards = grid.orientation();
  for (std::size_t axis = 0; axis < 3; ++axis) {
    facts.field_of_view_mm[axis] = grid.size[axis] * grid.spacing[axis];
    if (brain.data.empty()) continue;
    const double area = grid.voxel_volume_mm3() / grid.spacing[axis];
    const auto counts = on_outer_layers(brain, axis);
    for (std::size_t side = 0; side < 2; ++side) {
      if (static_cast<double>(counts[side]) * area < least_area_mm2) continue;
      facts.edges_reached += side == 1 ? towards[axis] : opposite(towards[axis]);
    }
  }
  return facts;
}

}  // namespace dawson::report
