#include "dawson/nn/operation.h"

namespace dawson::nn {
namespace {

/// The mean of each channel: [N, C, 1, 1].
class GlobalAveragePool final : public Operation {
 public:
  const char* name() const override { return "global_average_pool"; }
  int complete(Node& node, const std::vector<int>& input_channels) const override {
    require_inputs(node, 1);
    Settings(node, {});
    return input_channels[0];
  }
  at::Tensor forward(const Node& /*node*/, const std::vector<at::Tensor>& inputs,
                     const Pass& /*pass*/) const override {
    return inputs[0].mean(at::IntArrayRef{2, 3}, /*keepdim=*/true);
  }
  Shape shape(const Node& /*node*/, const std::vector<Shape>& inputs) const override {
    return {inputs[0][0], inputs[0][1], 1, 1};
  }
  std::int64_t flops(const Node& /*node*/, const std::vector<Shape>& inputs,
                     const Shape& /*output*/) const override {
    return inputs[0][0] * inputs[0][1] * inputs[0][2] * inputs[0][3];
  }
};

}  // namespace

const Operation& global_average_pool_operation() {
  static const GlobalAveragePool operation;
  return operation;
}

}  // namespace dawson::nn
