// How one node shares its relevance among its inputs: what the operations build theirs from.
#pragma once

#include <ATen/core/Tensor.h>

#include <functional>
#include <vector>

#include "dawson/nn/relevance.h"

namespace dawson::nn {

/// The relevance that lies on a node's value, and what it is shared by.
struct Arrived {
  const std::vector<at::Tensor>& inputs;
  const at::Tensor& output;     ///< the node's value
  const at::Tensor& whole;      ///< the same where inputs and output are but a window of it
  const at::Tensor& relevance;  ///< in the output's shape
  const RuleSettings& rule;
  const InputBounds& bounds;  ///< of the network's input, which z_bounded nodes read
};

/// What each input gets, in its shape; undefined stands for nothing. The sums are over all
/// elements.
struct Shares {
  std::vector<at::Tensor> inputs;
  double bias = 0;        ///< sum absorbed by the bias
  double stabiliser = 0;  ///< sum absorbed by stabilised denominators
};

/// A node as a linear map W x + b of one input. `weight` may have any shape that the two functions
/// take; its elements are split by sign. Maps without weights have a scalar 1.
struct LinearMap {
  at::Tensor weight;
  at::Tensor bias;  ///< [C], undefined: none
  /// W x without the bias, in the shape of the node's value.
  std::function<at::Tensor(const at::Tensor& x, const at::Tensor& weight)> apply;
  /// Wᵀ s, in the shape of the node's input.
  std::function<at::Tensor(const at::Tensor& s, const at::Tensor& weight)> adjoint;
};

/// By any rule; for z_bounded the bounds must be there for each channel of the input.
Shares share_linearly(const LinearMap& map, const Arrived& arrived);
/// Of a sum of inputs of one shape, each with a weight of 1.
Shares share_sum(const Arrived& arrived);

}  // namespace dawson::nn
