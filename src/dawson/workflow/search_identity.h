// What decides the figures of a search.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "dawson/core/json.h"
#include "dawson/workflow/tune.h"

namespace dawson::workflow {

/// The listing of the scans with a lesion mask, in short: names and sizes of the scans, of what
/// lies beside them and of their masks, wherever the trees lie. Contents are not read. Throws as
/// labelled_scans.
std::string listing_hash(const std::vector<std::filesystem::path>& trees);

/// Version, rungs, what the trials share, the listings of the data and of each extra tree, the
/// split, and the points: where one differs, figures of before are not those of this search.
core::Json search_identity(const TuneSettings& settings, const std::vector<Point>& points);

/// The parts in which two identities differ, in words: "iterations, batch and the data"; empty
/// where there are none.
std::string differences(const core::Json& one, const core::Json& other);

}  // namespace dawson::workflow
