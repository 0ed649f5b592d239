// Batch norms folded into the convolutions before them.
#include "dawson/nn/graph.h"
#include "dawson/nn/operation.h"
#include "dawson/nn/walks.h"

namespace dawson::nn {
namespace {

/// s = γ/√(σ²+ε), W ← W·s along the output channels, b ← (b−μ)s + β; reckoned in double.
void fold(const Node& norm, int output_axis, Node& convolution) {
  const at::NoGradGuard no_gradient;
  const auto wide = [](const at::Tensor& t) { return t.detach().to(at::kDouble); };
  const double epsilon = norm.settings["epsilon"].get<double>();
  const at::Tensor deviation = wide(norm.buffers.at("running_var")).add(epsilon).sqrt();
  const at::Tensor scale = wide(norm.parameters.at("weight")).div(deviation);
  const at::Tensor weight = convolution.parameters.at("weight").detach();
  std::vector<std::int64_t> along(4, 1);
  along[static_cast<std::size_t>(output_axis)] = scale.numel();
  const auto old_bias = convolution.parameters.find("bias");
  const at::Tensor bias =
      old_bias == convolution.parameters.end() ? scale.mul(0) : wide(old_bias->second);
  const at::Tensor folded_bias = bias.sub(wide(norm.buffers.at("running_mean")))
                                     .mul(scale)
                                     .add(wide(norm.parameters.at("bias")));
  convolution.parameters["weight"] = wide(weight)
                                         .mul(scale.view(along))
                                         .to(weight.scalar_type())
                                         .contiguous(at::MemoryFormat::ChannelsLast);
  convolution.parameters["bias"] = folded_bias.to(weight.scalar_type());
  convolution.settings["bias"] = true;
}

}  // namespace

Graph Graph::folded() const {
  const Uses uses = find_uses(nodes_);
  const Graph copy = clone();
  Graph result;
  std::vector<NodeId> places;  // of each old node in the result
  for (std::size_t i = 0; i < copy.nodes_.size(); ++i) {
    Node node = copy.nodes_[i];
    for (NodeId& id : node.inputs) id = places[static_cast<std::size_t>(id)];
    if (node.operation == "batch_norm") {
      const auto before = static_cast<std::size_t>(copy.nodes_[i].inputs.front());
      const int axis = find_operation(copy.nodes_[before].operation).output_axis();
      if (axis >= 0 && uses.count[before] == 1) {
        fold(node, axis, result.nodes_[static_cast<std::size_t>(node.inputs.front())]);
        places.push_back(node.inputs.front());
        continue;
      }
    }
    result.nodes_.push_back(std::move(node));
    result.channels_.push_back(copy.channels_[i]);
    places.push_back(static_cast<NodeId>(result.nodes_.size()) - 1);
  }
  return result;
}

}  // namespace dawson::nn
