#include "dawson/report/scan_facts.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "dawson/imaging/morphology.h"

namespace dawson::report {
namespace {

constexpr double tolerance = 1.05;
// The cord's section is about 100 mm²; it is meant to reach the edge.
constexpr double least_area_mm2 = 300;

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
  const auto area_mm2 = brain.data.empty() ? std::array<std::array<double, 2>, 3>{}
                                           : imaging::area_at_ends_mm2(brain);
  for (std::size_t axis = 0; axis < 3; ++axis) {
    facts.field_of_view_mm[axis] = grid.size[axis] * grid.spacing[axis];
    for (std::size_t side = 0; side < 2; ++side) {
      if (area_mm2[axis][side] < least_area_mm2) continue;
      facts.edges_reached += side == 1 ? towards[axis] : opposite(towards[axis]);
    }
  }
  return facts;
}

}  // namespace dawson::report
