#include "dawson/synthesis/lesion_removal.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "dawson/core/error.h"
#include "dawson/imaging/morphology.h"
#include "dawson/synthesis/crop.h"
#include "dawson/synthesis/normal_tissue.h"
#include "dawson/synthesis/texture.h"

namespace dawson::synthesis {

using volume::Grid;
using volume::Image;
using volume::Mask;

namespace {

constexpr double room_mm = 12;          // kept around the brain, so that borders mirror nothing
constexpr double fluid_deviations = 2;  // below the level of white matter: fluid, or partly so
constexpr double fluid_sigma_mm = 0.7;

/// Share of the new value at each voxel: 1 in lesions and near them, falling to 0 at faded_mm.
Image share_of_new(const Mask& lesions, const Mask& brain, const RemovalSettings& settings) {
  Image share = imaging::distance_to_mm(lesions);
  for (std::size_t v = 0; v < share.data.size(); ++v) {
    const double mm = share.data[v];
    const double t = (mm - settings.filled_mm) / (settings.faded_mm - settings.filled_mm);
    const double fade = 0.5 * (1 + std::cos(std::numbers::pi * std::clamp(t, 0.0, 1.0)));
    share.data[v] =
        lesions.data[v] != 0 || brain.data[v] != 0 ? static_cast<float>(t < 1 ? fade : 0) : 0.0F;
  }
  return share;
}

/// Dark voxels joined by faces to dark voxels beyond the margin: ventricles, sulci, the outside.
/// Dark middles of lesions are not.
Mask reachable_fluid(const Image& scan, const NormalTissue& tissue, const Mask& margin) {
  Image corrected = scan;
  for (std::size_t v = 0; v < corrected.data.size(); ++v) {
    corrected.data[v] /= tissue.field.data[v];
  }
  corrected = imaging::smooth(corrected, fluid_sigma_mm);
  const auto depth = static_cast<float>(fluid_deviations * tissue.deviation);
  const auto is_dark = [&](std::size_t v) {
    return corrected.data[v] < tissue.level.data[v] - depth;
  };
  Mask fluid(scan.grid);
  std::vector<std::size_t> front;
  for (std::size_t v = 0; v < fluid.data.size(); ++v) {
    if (margin.data[v] != 0 || !is_dark(v)) continue;
    fluid.data[v] = 1;
    front.push_back(v);
  }
  const Grid& grid = scan.grid;
  const auto row = static_cast<std::size_t>(grid.size[0]);
  const std::size_t slice = row * static_cast<std::size_t>(grid.size[1]);
  while (!front.empty()) {
    const std::size_t v = front.back();
    front.pop_back();
    const auto visit = [&](bool inside, std::size_t n) {
      if (!inside || fluid.data[n] != 0 || !is_dark(n)) return;
      fluid.data[n] = 1;
      front.push_back(n);
    };
    const std::size_t i = v % row;
    const std::size_t j = v / row % static_cast<std::size_t>(grid.size[1]);
    visit(i > 0, v - 1);
    visit(i + 1 < row, v + 1);
    visit(j > 0, v - row);
    visit(j + 1 < static_cast<std::size_t>(grid.size[1]), v + row);
    visit(v >= slice, v - slice);
    visit(v + slice < fluid.data.size(), v + slice);
  }
  return fluid;
}

void check_grids(const Image& scan, const Mask& lesions, const Mask& brain) {
  if (!volume::same_grid(scan.grid, lesions.grid)) {
    throw Error(ExitCode::input, "the lesion mask does not lie on the scan's grid");
  }
  if (!volume::same_grid(scan.grid, brain.grid)) {
    throw Error(ExitCode::input, "the brain mask does not lie on the scan's grid");
  }
}

}  // namespace

LesionFree remove_lesions(const Image& scan, const Mask& lesions, const Mask& brain,
                          const core::Random& random, Progress& progress,
                          const RemovalSettings& settings) {
  check_grids(scan, lesions, brain);
  LesionFree result{scan, Mask(scan.grid)};
  Mask both = brain;
  for (std::size_t v = 0; v < both.data.size(); ++v) both.data[v] |= lesions.data[v];
  const Box box = box_of(both, room_mm);
  if (box_of(lesions, 0).empty()) return result;

  progress.step("learning normal tissue");
  const Image part = cropped(scan, box);
  const Mask own_brain = cropped(brain, box);
  const Image share = share_of_new(cropped(lesions, box), own_brain, settings);
  Mask margin(part.grid);
  for (std::size_t v = 0; v < margin.data.size(); ++v) margin.data[v] = share.data[v] > 0;
  const NormalTissue tissue = find_normal_tissue(part, margin, own_brain, progress);

  progress.step("filling lesions");
  const Mask fluid = reachable_fluid(part, tissue, margin);
  for (std::size_t v = 0; v < margin.data.size(); ++v) {
    if (fluid.data[v] != 0) margin.data[v] = 0;
  }
  const Image texture =
      sample_texture(tissue.residual, tissue.white, margin, random.stream("texture"));
  const float lowest = *std::min_element(scan.data.begin(), scan.data.end());
  for_part(scan.grid, box, [&](std::size_t whole, std::size_t v) {
    if (margin.data[v] == 0) return;
    const float old = 1 - share.data[v];
    const float value = tissue.level.data[v] + old * tissue.residual.data[v] +
                        std::sqrt(1 - old * old) * texture.data[v];
    result.scan.data[whole] = std::max(lowest, value * tissue.field.data[v]);
    result.filled.data[whole] = 1;
  });
  progress.finish();
  return result;
}

}  // namespace dawson::synthesis
