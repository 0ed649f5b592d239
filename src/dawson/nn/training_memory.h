// The memory of a training step, from shapes alone.
#pragma once

#include <cstdint>
#include <vector>

#include "dawson/nn/compute.h"
#include "dawson/nn/operation.h"

namespace dawson::nn {

struct TrainingMemory {
  std::vector<std::int64_t> kept;  ///< by node: of what forward leaves for backward, what it made
  std::int64_t peak = 0;           ///< Cost::training_peak_bytes
};

/// `shapes` are those of the nodes' values.
TrainingMemory training_memory(const std::vector<Node>& nodes, const std::vector<Shape>& shapes,
                               ComputeType type);

}  // namespace dawson::nn
