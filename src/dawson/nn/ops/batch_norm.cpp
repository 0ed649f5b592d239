// Batch normalisation (Ioffe and Szegedy 2015): y = (x − μ) / √(σ² + ε) · γ + β by channel.
#include <ATen/ops/batch_norm.h>

#include "dawson/nn/operation.h"

namespace dawson::nn {
namespace {

class BatchNorm final : public Operation {
 public:
  const char* name() const override { return "batch_norm"; }

  int complete(Node& node, const std::vector<int>& input_channels) const override {
    require_inputs(node, 1);
    Settings settings(node, {"epsilon", "momentum"});
    settings.real("epsilon", 1e-12, 1, 1e-5);
    settings.real("momentum", 0, 1, 0.1);
    const int channels = input_channels[0];
    node.parameters["weight"] = filled_vector(channels, 1);
    node.parameters["bias"] = filled_vector(channels, 0);
    node.buffers["running_mean"] = filled_vector(channels, 0);
    node.buffers["running_var"] = filled_vector(channels, 1);
    return channels;
  }

  void initialise(Node& node, core::Random& /*random*/) const override {
    const auto count = static_cast<std::size_t>(node.parameters.at("weight").numel());
    assign(node.parameters.at("weight"), std::vector<float>(count, 1));
    assign(node.parameters.at("bias"), std::vector<float>(count, 0));
    assign(node.buffers.at("running_mean"), std::vector<float>(count, 0));
    assign(node.buffers.at("running_var"), std::vector<float>(count, 1));
  }

  at::Tensor forward(const Node& node, const std::vector<at::Tensor>& inputs,
                     const Pass& pass) const override {
    return at::batch_norm(inputs[0], node.parameters.at("weight"), node.parameters.at("bias"),
                          node.buffers.at("running_mean"), node.buffers.at("running_var"),
                          pass.training, node.settings["momentum"].get<double>(),
                          node.settings["epsilon"].get<double>(), /*cudnn_enabled=*/true);
  }

  std::int64_t flops(const Node& /*node*/, const std::vector<Shape>& /*inputs*/,
                     const Shape& output) const override {
    return 2 * output[0] * output[1] * output[2] * output[3];
  }
  bool keeps_input(std::size_t /*input*/) const override { return true; }
  bool output_may_be_overwritten() const override { return true; }

  /// One that no convolution could take in (Graph::folded): x·s + (β − μ·s), s = γ / √(σ² + ε).
  Shares relevance(const Node& node, const Arrived& arrived) const override {
    const double epsilon = node.settings["epsilon"].get<double>();
    const at::Tensor scale =
        node.parameters.at("weight").div(node.buffers.at("running_var").add(epsilon).sqrt_());
    const at::Tensor offset =
        node.parameters.at("bias").sub(node.buffers.at("running_mean").mul(scale));
    const auto multiply = [](const at::Tensor& t, const at::Tensor& weight) {
      return t.mul(weight);
    };
    return share_linearly({scale.view({1, -1, 1, 1}), offset, multiply, multiply}, arrived);
  }
};

}  // namespace

const Operation& batch_norm_operation() {
  static const BatchNorm operation;
  return operation;
}

}  // namespace dawson::nn
