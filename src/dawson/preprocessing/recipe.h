// A scan on its way to the network and its probabilities on the way back: one path for training
// and use. Stored, sealed, in every cache and bundle.
#pragma once

#include <memory>
#include <string>
#include <utility>
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
  /// Read beside the FLAIR, a channel each: of other_sequences(), in that order.
  std::vector<std::string> sequences = {};
};

/// A channel of a prepared stack and the values it can take.
struct ChannelRange {
  std::string name;
  double low, high;
};
/// FLAIR, the other sequences, lesion_frequency.
std::vector<ChannelRange> stack_channels(const std::vector<std::string>& sequences = {});

/// What a network may read beside the FLAIR: T1w, T2w.
const std::vector<std::string>& other_sequences();
/// "T2w,T1w" → {"T1w", "T2w"}: other_sequences() in their order. Throws Error{usage} for a name
/// that is none of them, or stands there twice.
std::vector<std::string> sequences_named(const std::string& list);

/// A scan of another sequence, wherever it lies.
struct OtherScan {
  std::string sequence;  ///< of other_sequences()
  volume::Image image;
};

/// The scans of one visit: a FLAIR, which must outlive this, and what was taken beside it.
struct Visit {
  // NOLINTNEXTLINE(google-explicit-constructor): a FLAIR alone is a visit
  Visit(const volume::Image& flair_scan, std::vector<OtherScan> other_scans = {})
      : flair(flair_scan), others(std::move(other_scans)) {}
  const volume::Image& flair;
  std::vector<OtherScan> others;
};

/// A scan in network space.
struct Prepared {
  bundle::Stack stack;                                    ///< channels as `channels` says
  std::vector<ChannelRange> channels = stack_channels();  ///< of the recipe's sequences
  std::vector<std::string> sequences;  ///< those that were there and could be used, FLAIR first
  volume::Grid grid;                   ///< network space
  volume::Grid scan_grid;              ///< where restore() leads back to
  anatomy::Brain brain;                ///< on the scan's grid
  imaging::Affine to_mni;              ///< world of the scan → MNI152
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
  /// Another sequence is first brought to the FLAIR (imaging::register_rigid), has the FLAIR's
  /// brain and a median and deviation of its own. One that is missing is -5 everywhere, and so is,
  /// with a warning, one that cannot be brought to the FLAIR; what the recipe does not read is not
  /// looked at. Throws Error{input}: constant or empty FLAIR, no brain, no brain finder.
  [[nodiscard]] Prepared prepare(const Visit& visit, Progress& progress) const;
  /// The same with a brain that is known (phantoms).
  [[nodiscard]] Prepared prepare(const Visit& visit, anatomy::Brain brain,
                                 Progress& progress) const;

  /// Read beside the FLAIR.
  [[nodiscard]] const std::vector<std::string>& sequences() const { return settings_.sequences; }

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

/// A prepared scan as the training cache stores it, a byte a value. `target` and `brain` are on the
/// network's grid.
void fill_cache_entry(const bundle::Stack& stack, const std::vector<ChannelRange>& channels,
                      const volume::Grid& grid, const volume::Mask& target,
                      const volume::Mask& brain, cache::Entry& entry, cache::Arrays& arrays);

}  // namespace dawson::preprocessing
