// The bundle that a finished run leaves.
#pragma once

#include <filesystem>

#include "dawson/bundle/bundle.h"
#include "dawson/nn/graph.h"
#include "dawson/training/run_data.h"

namespace dawson::training {

/// Writes run/model/, named after the run's folder, with half-precision weights. Its provenance is
/// what `record` (settings.json) says of settings and model to begin with, and the data's record.
/// `initial` (may be null) hands on threshold, temperature and smallest lesion, and stands in the
/// card. Throws Error{output}.
void write_model(const std::filesystem::path& run, nn::Graph graph, const bundle::SliceInput& input,
                 const RunData& data, const core::Json& record, int iterations,
                 const bundle::Bundle* initial);

}  // namespace dawson::training
