// The files of other sequences that lie beside a FLAIR.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "dawson/core/json.h"
#include "dawson/core/progress.h"
#include "dawson/dataset/bids.h"
#include "dawson/preprocessing/recipe.h"

namespace dawson::workflow {

/// By sequence: "T1w", "T2w".
using OtherFiles = std::map<std::string, std::filesystem::path>;

/// What a BIDS tree holds beside a FLAIR.
OtherFiles other_files(const dataset::Scan& scan);

/// Reads those that are `wanted`, in that order. Throws Error{input} for a file that cannot be
/// read; what was repaired is a warning.
std::vector<preprocessing::OtherScan> read_others(const OtherFiles& files,
                                                  const std::vector<std::string>& wanted,
                                                  Progress& progress);

/// For a run record: name, path relative to `folder`, SHA-256, and whether it is among `used`, of
/// each file that was `wanted`.
core::Json others_record(const OtherFiles& files, const std::vector<std::string>& wanted,
                         const std::vector<std::string>& used, const std::filesystem::path& folder);

/// The files that a run record in `folder` says were used. Throws Error{input} when one is no
/// longer there or has changed.
OtherFiles recorded_others(const core::Json& run, const std::filesystem::path& folder);

}  // namespace dawson::workflow
