// How well a network does on scans it does not train on, while it trains.
#pragma once

#include <vector>

#include "dawson/bundle/slices.h"
#include "dawson/core/progress.h"
#include "dawson/nn/graph.h"
#include "dawson/training/pool.h"

namespace dawson::training {

/// Dice at 0.5 in network space, as evaluation has it (1 when both are empty): the mean over
/// patients of the mean over a patient's scans. `scans` must not be empty.
double validation_dice(nn::Graph& graph, const std::vector<PooledScan>& scans,
                       const bundle::SliceInput& input, Progress& progress);

}  // namespace dawson::training
