// What a network costs, from shapes alone: known before anything runs.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "dawson/nn/compute.h"

namespace dawson::nn {

class Graph;

/// What one node costs for an input of a given size.
struct NodeCost {
  std::string name;
  std::string operation;
  std::int64_t parameters = 0;
  std::int64_t flops = 0;           ///< a multiply-add counts as 2
  std::int64_t output_bytes = 0;    ///< float32
  std::vector<std::int64_t> shape;  ///< [N,C,H,W]
  /// In a training pass: of what forward leaves for backward, what this node made — its value,
  /// masks, places of maxima, weights narrowed to bfloat16.
  std::int64_t kept_bytes = 0;
  /// In training, whatever the batch: weights, gradients and the states beside them
  /// (`training_copies` float32 numbers a parameter).
  std::int64_t state_bytes = 0;
};

/// Numbers held for each parameter while a network trains: the weight, its gradient, two moments
/// of Adam (Kingma and Ba 2015), the moving average of the weights and its best so far.
constexpr std::int64_t training_copies = 6;

struct Cost {
  std::vector<NodeCost> nodes;
  std::int64_t parameters = 0;
  std::int64_t flops = 0;       ///< of one forward pass; a training step takes about three times
  std::int64_t peak_bytes = 0;  ///< activations alive at once in inference, plus parameters
  /// Most bytes of tensors alive at once in a training step: the state of all parameters, what
  /// forward keeps for backward, and the gradients and copies that backward holds on its way from
  /// the last node to the first; or, if that is more, the state and what an update of the largest
  /// parameter holds. The allocator's pieces, a GPU's context (about 0.3 GiB) and workspaces that
  /// its convolutions ask for come on top.
  std::int64_t training_peak_bytes = 0;
};

/// The largest batch of [height, width] inputs whose peak, in training or in use, is within
/// `bytes`; 0 where one does not fit. `height` and `width` are multiples of the graph's stride.
int largest_batch(const Graph& graph, int height, int width, std::int64_t bytes, bool training,
                  ComputeType type = ComputeType::float32);

}  // namespace dawson::nn
