// Slices on their way into the network, as tensors. Private to this room.
#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

#include "dawson/bundle/batch.h"
#include "dawson/explanation/explainer.h"
#include "dawson/nn/graph.h"

namespace dawson::explanation {

struct Explainer::Network {
  nn::Graph graph;  ///< batch norms folded
};

/// Some slices, and where the region lies in them.
struct Batch {
  bundle::Frame frame;
  at::Tensor x;       ///< [N, C, H, W]
  at::Tensor weight;  ///< [N, 1, H, W]: 1/n at the region's voxels, n: of the whole region
};
Batch cut(const bundle::Stack& stack, const bundle::SliceInput& input, const nn::Graph& graph,
          const std::vector<int>& slices, const Region& region);

}  // namespace dawson::explanation
