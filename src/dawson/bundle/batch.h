// Slices of a stack as a batch that a network takes, and the way back.
#pragma once

#include <vector>

#include "dawson/bundle/slices.h"

namespace dawson::bundle {

/// Height and width of a batch: a stack's, padded at the bottom and right to sizes that the network
/// takes (multiples of its stride).
struct Frame {
  int height = 0, width = 0;
};
Frame frame_for(const nn::Graph& graph, const Stack& stack);

/// Throws Error{defect} unless stack, slice input and network fit one another.
void require_fit(const nn::Graph& graph, const Stack& stack, const SliceInput& input);

/// Network channels of these slices: [slices, channels, frame]. Padding holds each stack channel's
/// first value.
void cut_batch(const Stack& stack, const SliceInput& input, Frame frame,
               const std::vector<int>& slices, std::vector<float>& batch);

/// The transpose of cut_slice: adds `values` [channels, frame], that belong to the network channels
/// of slice `z`, to `sum` [C, Z, Y, X] of a stack of this size where each came from. What lies on
/// padding is added to the nearest pixel, so that sums are kept.
void add_back(const Stack& stack, const SliceInput& input, Frame frame, int z, const float* values,
              std::vector<float>& sum);

}  // namespace dawson::bundle
