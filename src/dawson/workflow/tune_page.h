// What a search found: table, best setting, picture and page.
#pragma once

#include <filesystem>
#include <vector>

#include "dawson/workflow/ledger.h"
#include "dawson/workflow/tune.h"

namespace dawson::workflow {

/// `rungs`: the trials of each rung that was run. Writes table.tsv (+ .json), best.toml and
/// importance.png (where a trial was done) and tune.md to `out`. Throws Error{output}.
void write_tune_results(const TuneSettings& settings, const std::vector<Point>& points,
                        const std::vector<std::vector<std::size_t>>& rungs, const Ledger& ledger,
                        const std::filesystem::path& out);

}  // namespace dawson::workflow
