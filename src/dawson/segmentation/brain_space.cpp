#include "dawson/segmentation/brain_space.h"

#include <algorithm>

#include "dawson/core/error.h"

namespace dawson::segmentation {
namespace {

volume::Image channel(const cache::Entry& entry, const cache::Arrays& arrays,
                      const volume::Grid& grid, const char* name) {
  const auto found = std::find_if(entry.channels.begin(), entry.channels.end(),
                                  [&](const cache::Channel& c) { return c.name == name; });
  if (found == entry.channels.end()) {
    throw Error(ExitCode::input, std::string("has no channel '") + name + "'", entry.stem,
                "prepare the cache with this version");
  }
  const auto first = static_cast<std::size_t>(found - entry.channels.begin()) * entry.voxels();
  volume::Image image(grid);
  for (std::size_t v = 0; v < image.data.size(); ++v) {
    image.data[v] = static_cast<float>(found->offset + found->scale * arrays.image[first + v]);
  }
  return image;
}

}  // namespace

std::vector<std::size_t> BrainSpace::voxels() const {
  std::vector<std::size_t> inside;
  for (std::size_t v = 0; v < brain.data.size(); ++v) {
    if (brain.data[v] != 0) inside.push_back(v);
  }
  return inside;
}

BrainSpace brain_space(const preprocessing::Prepared& prepared) {
  const auto voxels = static_cast<std::ptrdiff_t>(prepared.grid.voxels());
  const auto& values = prepared.stack.values;
  BrainSpace space;
  space.flair =
      volume::Image(prepared.grid, std::vector<float>(values.begin(), values.begin() + voxels));
  space.frequency =
      volume::Image(prepared.grid, std::vector<float>(values.end() - voxels, values.end()));
  space.brain = preprocessing::Recipe::carry(prepared.brain.mask, prepared.grid);
  space.to_mni = prepared.to_mni;
  return space;
}

BrainSpace brain_space(const cache::Entry& entry, const cache::Arrays& arrays,
                       const anatomy::Atlas& atlas, Progress& progress) {
  const volume::Grid grid = volume::grid_from_affine(entry.size, entry.affine);
  BrainSpace space;
  space.flair = channel(entry, arrays, grid, "FLAIR");
  space.frequency = channel(entry, arrays, grid, "lesion_frequency");
  space.brain = volume::Mask(grid, arrays.brain);
  Progress quiet = progress.child();  // preparing has already warned of a poor fit
  space.to_mni = anatomy::locate(space.brain, atlas, quiet).fixed_to_moving;
  return space;
}

}  // namespace dawson::segmentation
