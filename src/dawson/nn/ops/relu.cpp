#include <ATen/ops/relu.h>

#include "dawson/nn/operation.h"

namespace dawson::nn {
namespace {

/// max(x, 0).
class Relu final : public Operation {
 public:
  const char* name() const override { return "relu"; }
  int complete(Node& node, const std::vector<int>& input_channels) const override {
    require_inputs(node, 1);
    Settings(node, {});
    return input_channels[0];
  }
  at::Tensor forward(const Node& /*node*/, const std::vector<at::Tensor>& inputs,
                     const Pass& pass) const override {
    if (!pass.may_overwrite) return at::relu(inputs[0]);
    at::Tensor x = inputs[0];
    return at::relu_(x);
  }
  std::int64_t flops(const Node& /*node*/, const std::vector<Shape>& /*inputs*/,
                     const Shape& output) const override {
    return output[0] * output[1] * output[2] * output[3];
  }
  bool keeps_output() const override { return true; }
  bool overwrites() const override { return true; }
};

}  // namespace

const Operation& relu_operation() {
  static const Relu operation;
  return operation;
}

}  // namespace dawson::nn
