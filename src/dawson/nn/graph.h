// A network as a graph that can be walked: a list of named nodes, built by small functions.
//
// Forward, cost, folding of batch norms, relevance and the text in model.json are walks over the
// same list. An operation is one file in nn/ops; adding one touches no walk.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "dawson/core/json.h"
#include "dawson/core/random.h"
#include "dawson/nn/graph_cost.h"

namespace dawson::nn {

using NodeId = int;
using Tensors = std::map<std::string, at::Tensor>;  ///< by name, "encoder.0.conv.weight"

/// One operation. `operation` is its name in model.json; `settings` holds what the operation needs
/// (channels, kernel, stride, padding, …); `inputs` are nodes that stand earlier in the list.
struct Node {
  std::string name;
  std::string operation;
  std::vector<NodeId> inputs;
  core::Json settings;
  Tensors parameters;  ///< by local name ("weight", "bias"): trained
  Tensors buffers;     ///< "running_mean", …: not trained, stored
};

class Graph {
 public:
  /// The first node, [N, channels, H, W].
  NodeId input(int channels);
  /// Appends an operation; output channels follow from it. Throws Error{defect} for an unknown
  /// operation, inputs that do not exist or channels that do not fit.
  NodeId add(std::string name, const std::string& operation, std::vector<NodeId> inputs,
             core::Json settings = core::Json::object());

  [[nodiscard]] const std::vector<Node>& nodes() const noexcept { return nodes_; }
  [[nodiscard]] int channels(NodeId node) const { return channels_.at(static_cast<size_t>(node)); }
  [[nodiscard]] int input_channels() const { return channels_.front(); }

  /// Fresh weights: He-normal for convolutions before a ReLU, bilinear for `bilinear` transposed
  /// convolutions, ones and zeros for norms (He et al. 2015; Long et al. 2015).
  void initialise(core::Random& random);

  /// x [N,C,H,W] float → the last node's value, [N,1,H,W] logits for our networks. Any H and W that
  /// are multiples of `stride()`. In training mode batch norms use and update batch statistics and
  /// dropout is active (from torch's default generator). channels_last inside. Activations are
  /// freed as soon as no later node needs them (outside of autograd).
  [[nodiscard]] at::Tensor forward(const at::Tensor& x, bool training = false);
  /// Product of all down-samplings on the deepest path: H and W must be multiples of this.
  /// Throws Error{model} where it is more than 1024.
  [[nodiscard]] int stride() const;

  /// Trained tensors, in a fixed order, as "node.local".
  [[nodiscard]] std::vector<std::pair<std::string, at::Tensor>> parameters() const;
  /// All stored tensors (parameters and buffers) by name.
  [[nodiscard]] Tensors tensors() const;
  /// Copies values in. Throws Error{model} naming each missing, extra or misshapen tensor.
  void load(const Tensors& tensors);

  /// The same function with every batch norm folded into the convolution before it
  /// (s = γ/√(σ²+ε), W ← W·s, b ← (b−μ)s + β); outputs agree to 1e-5.
  [[nodiscard]] Graph folded() const;
  /// Parameters, FLOPs and memory for one input [batch, input_channels, height, width]; nothing is
  /// run. `type` is what training passes are reckoned in (compute.h). H and W are multiples of
  /// `stride()`; otherwise throws Error{usage}. Throws Error{model} where a value would be empty,
  /// or larger than any memory.
  [[nodiscard]] Cost cost(int batch, int height, int width,
                          ComputeType type = ComputeType::float32) const;
  /// A deep copy: tensors are cloned.
  [[nodiscard]] Graph clone() const;

  /// The graph's description without weights, and back. Throws Error{model} on what does not fit.
  [[nodiscard]] core::Json describe() const;
  static Graph from_description(const core::Json& description);

 private:
  std::vector<Node> nodes_;
  std::vector<int> channels_;
};

}  // namespace dawson::nn
