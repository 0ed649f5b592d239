// Random tensors for tests.
#pragma once

#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "dawson/core/random.h"
#include "dawson/nn/operation.h"

namespace dawson::nn {

/// Normal values, double.
inline at::Tensor random_tensor(at::IntArrayRef shape, core::Random& random, double deviation = 1) {
  const at::Tensor tensor = at::empty(shape, at::TensorOptions(at::kDouble));
  assign_normal(tensor, random, deviation);
  return tensor;
}

inline at::Tensor random_like(const at::Tensor& tensor, core::Random& random) {
  const at::Tensor made = tensor.detach().clone();
  assign_normal(made, random, 1);
  return made;
}

/// Every parameter and buffer of the graph: norms off their identity, variances positive.
inline void randomise(Graph& graph, core::Random& random) {
  const at::NoGradGuard no_gradient;
  for (const auto& [name, tensor] : graph.tensors()) {
    const bool norm = name.find(".norm.") != std::string::npos;
    if (!norm) {
      assign_normal(tensor, random, tensor.dim() == 4 ? 0.2 : 0.3);
    } else if (name.find("running_var") != std::string::npos ||
               name.find("weight") != std::string::npos) {
      assign_normal(tensor, random, 0.2);
      tensor.abs_().add_(0.5);
    } else {
      assign_normal(tensor, random, 0.3);
    }
  }
}

inline const Node& node_of(const Graph& graph, const std::string& name) {
  for (const Node& candidate : graph.nodes()) {
    if (candidate.name == name) return candidate;
  }
  throw std::out_of_range(name);
}

/// The largest difference between elements.
inline double difference(const at::Tensor& a, const at::Tensor& b) {
  return a.to(at::kDouble).sub(b.to(at::kDouble)).abs().max().item<double>();
}

}  // namespace dawson::nn
