// A scan on its way to the network and its probabilities on the way back: one path for training
// and use. Stored, sealed, in every cache and bundle.
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "dawson/anatomy/brain.h"
#include "dawson/anatomy/location.h"
#include "dawson/bundle/slices.h"
#include "dawson/cache/cache.h"
#include "dawson/core/json.h"
#include "dawson/core/progress.h"
#include "dawson/volume/volume.h"

namespace dawson::preprocessing {

/// The numbers of a recipe.
struct RecipeSettings {
  double in_plane_mm = 1.0;      ///< pixel of the network's slices
  double slice_mm = 1.0;         ///< slice distance for scans that are about isotropic
  double margin_mm = 10.0;       ///< kept around the brain
  double brain_margin_mm = 2.0;  ///< the image is kept this far beyond the brain mask
  bool remove_bias = true;       ///< N4
};

/// A channel of a prepared stack and the values it can take.
struct ChannelRange {
  const char* name;
  double low, high;
};
inline constexpr std::array<ChannelRange, 2> stack_channels{
    {{"FLAIR", anatomy::lowest_intensity, anatomy::highest_intensity}, {"lesion_frequency", 0, 1}}};

/// A scan in network space.
struct Prepared {
  bundle::Stack stack;     ///< channels as in stack_channels
  volume::Grid grid;       ///< network space
  volume::Grid scan_grid;  ///< where restore() leads back to
  anatomy::Brain brain;    ///< on the scan's grid
};

class Recipe {
 public:
  /// Without a `brain_finder` only scans whose brain is known can be prepared.
  Recipe(RecipeSettings settings, std::shared_ptr<const anatomy::BrainFinder> brain_finder,
         std::shared_ptr<const anatomy::Atlas> atlas);

  /// The recipe that `json` (from a cache or a bundle) describes. Throws Error{model} when it is of
  /// another kind or version, or was made with another atlas. The brain model may differ, with a
  /// warning left to the caller: folds' models have their own.
  static Recipe from_json(const core::Json& json,
                          std::shared_ptr<const anatomy::BrainFinder> brain_finder,
                          std::shared_ptr<const anatomy::Atlas> atlas);
  [[nodiscard]] core::Json to_json() const;

  /// Geometry → brain → bias field → intensity → slices. Intensities are centred on the brain's
  /// median, divided by its robust deviation, clipped to -5 … 11; outside the brain they are -5.
  /// Throws Error{input}: constant or empty image, no brain, no brain finder.
  [[nodiscard]] Prepared prepare(const volume::Image& scan, Progress& progress) const;
  /// The same with a brain that is known (phantoms).
  [[nodiscard]] Prepared prepare(const volume::Image& scan, anatomy::Brain brain,
                                 Progress& progress) const;

  /// Probabilities of the network's slices on the scan's own grid, voxel for voxel (linear).
  [[nodiscard]] static volume::Image restore(const Prepared& prepared,
                                             std::vector<float> probabilities);

  /// A mask of the scan on the network's grid: covered by at least half.
  [[nodiscard]] static volume::Mask carry(const volume::Mask& mask, const volume::Grid& grid);

 private:
  RecipeSettings settings_;
  std::shared_ptr<const anatomy::BrainFinder> brain_finder_;
  std::shared_ptr<const anatomy::Atlas> atlas_;
};

/// A prepared scan as the training cache stores it. `target` and `brain` are on the network's grid.
void fill_cache_entry(const bundle::Stack& stack, const volume::Grid& grid,
                      const volume::Mask& target, const volume::Mask& brain, cache::Entry& entry,
                      cache::Arrays& arrays);

}  // namespace dawson::preprocessing
