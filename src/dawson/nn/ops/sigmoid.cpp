#include <ATen/ops/sigmoid.h>

#include "dawson/nn/operation.h"

namespace dawson::nn {
namespace {

/// 1 / (1 + e⁻ˣ), counted as 4 operations.
class Sigmoid final : public Operation {
 public:
  const char* name() const override { return "sigmoid"; }
  int complete(Node& node, const std::vector<int>& input_channels) const override {
    require_inputs(node, 1);
    Settings(node, {});
    return input_channels[0];
  }
  at::Tensor forward(const Node& /*node*/, const std::vector<at::Tensor>& inputs,
                     const Pass& pass) const override {
    if (!pass.may_overwrite) return at::sigmoid(inputs[0]);
    at::Tensor x = inputs[0];
    return at::sigmoid_(x);
  }
  std::int64_t flops(const Node& /*node*/, const std::vector<Shape>& /*inputs*/,
                     const Shape& output) const override {
    return 4 * output[0] * output[1] * output[2] * output[3];
  }
  bool keeps_output() const override { return true; }
  bool overwrites() const override { return true; }
};

}  // namespace

const Operation& sigmoid_operation() {
  static const Sigmoid operation;
  return operation;
}

}  // namespace dawson::nn
