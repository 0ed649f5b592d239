// Relevance volumes that `explain` wrote, as the case page shows them. Private to this room.
#pragma once

#include <filesystem>

#include "dawson/volume/volume.h"

namespace dawson::report {

/// The last volume of the file, which is the sum over the network's inputs. Throws Error{input}
/// when it cannot be read or does not lie on `grid`.
volume::Image read_relevance(const std::filesystem::path& file, const volume::Grid& grid);

/// The magnitude shown in full colour: the 99.9th percentile of those that are not 0; 0 when all
/// are.
double relevance_scale(const volume::Image& relevance);

}  // namespace dawson::report
