// A scan of another sequence on its way to the network. Private to this room.
#pragma once

#include <optional>
#include <string>

#include "dawson/preprocessing/recipe.h"

namespace dawson::preprocessing {

/// image / field, voxel by voxel.
void divide(volume::Image& image, const volume::Image& field);

/// Centred and scaled inside the brain, clipped; the lowest value outside `kept`.
void standardise(volume::Image& image, const volume::Mask& brain, const volume::Mask& kept);

/// The scan on `slices`, brought to the FLAIR and standardised by itself within the FLAIR's
/// `brain`; the lowest intensity beyond it. Values are resampled once. Nothing, with a warning that
/// says why, when it cannot be brought there.
std::optional<volume::Image> bring_to_flair(const std::string& sequence, const volume::Image& scan,
                                            const volume::Image& flair, const volume::Mask& brain,
                                            const volume::Grid& slices,
                                            const RecipeSettings& settings, Progress& progress);

}  // namespace dawson::preprocessing
