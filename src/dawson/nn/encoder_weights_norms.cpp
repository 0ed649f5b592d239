// Batch norms put back where a file has them folded.
#include <ATen/core/grad_mode.h>

#include "dawson/nn/encoder_weights.h"
#include "dawson/nn/operation.h"
#include "dawson/nn/walks.h"

namespace dawson::nn {
namespace {

struct FoldedPair {
  const Node* norm = nullptr;  ///< null: this node is no norm to restore
  at::Tensor bias;
};

/// The norm at `i`, with weights of the convolution before it already set to the folded ones.
FoldedPair folded_pair(const std::vector<Node>& nodes, std::size_t i, const Tensors& folded) {
  if (nodes[i].operation != "batch_norm") return {};
  const Node& convolution = nodes[static_cast<std::size_t>(nodes[i].inputs.front())];
  const auto weight = folded.find(convolution.name + ".weight");
  const auto bias = folded.find(convolution.name + ".bias");
  if (weight == folded.end() || bias == folded.end()) return {};
  convolution.parameters.at("weight").copy_(weight->second);
  return {&nodes[i], bias->second};
}

/// Over N, H and W, reckoned in double; σ² as a norm in training has it, divided by the number.
void measure(const FoldedPair& pair, const at::Tensor& value) {
  const at::Tensor wide = value.to(at::kDouble);
  const at::Tensor mean = wide.mean(at::IntArrayRef{0, 2, 3}, /*keepdim=*/true);
  const at::Tensor variance = wide.sub(mean).square().mean(at::IntArrayRef{0, 2, 3});
  const Node& norm = *pair.norm;
  norm.buffers.at("running_mean").copy_(mean.view({-1}));
  norm.buffers.at("running_var").copy_(variance);
  norm.parameters.at("weight").copy_(variance.add(norm.settings["epsilon"].get<double>()).sqrt());
  norm.parameters.at("bias").copy_(pair.bias.to(at::kDouble).add(mean.view({-1})));
}

}  // namespace

void restore_norms(Graph& graph, const Tensors& folded, const at::Tensor& slices) {
  const at::NoGradGuard no_gradient;
  const std::vector<Node>& nodes = graph.nodes();
  std::vector<FoldedPair> pairs;
  std::size_t past = 0;  // nodes beyond the last norm need not be run
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    pairs.push_back(folded_pair(nodes, i, folded));
    if (pairs.back().norm != nullptr) past = i + 1;
  }
  const Uses uses = find_uses(nodes);
  std::vector<at::Tensor> values(nodes.size());
  for (std::size_t i = 0; i < past; ++i) {
    std::vector<at::Tensor> inputs;
    for (const NodeId id : nodes[i].inputs) inputs.push_back(values[static_cast<std::size_t>(id)]);
    if (inputs.empty()) inputs.push_back(slices.contiguous(at::MemoryFormat::ChannelsLast));
    if (pairs[i].norm != nullptr) measure(pairs[i], inputs.front());
    values[i] = find_operation(nodes[i].operation).forward(nodes[i], inputs, {});
    for (const NodeId id : nodes[i].inputs) {
      const auto k = static_cast<std::size_t>(id);
      if (uses.last[k] == static_cast<int>(i)) values[k].reset();
    }
  }
}

}  // namespace dawson::nn
