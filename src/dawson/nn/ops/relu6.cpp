#include <ATen/ops/clamp.h>
#include <ATen/ops/hardtanh.h>

#include "dawson/nn/operation.h"

namespace dawson::nn {
namespace {

/// min(max(x, 0), 6) (Sandler et al. 2018).
class Relu6 final : public Operation {
 public:
  const char* name() const override { return "relu6"; }
  int complete(Node& node, const std::vector<int>& input_channels) const override {
    require_inputs(node, 1);
    Settings(node, {});
    return input_channels[0];
  }
  at::Tensor forward(const Node& /*node*/, const std::vector<at::Tensor>& inputs,
                     const Pass& pass) const override {
    // torch 1.13 has no backward of hardtanh in bfloat16.
    if (inputs[0].scalar_type() == at::kBFloat16) return at::clamp(inputs[0], 0, 6);
    if (!pass.may_overwrite) return at::hardtanh(inputs[0], 0, 6);
    at::Tensor x = inputs[0];
    return at::hardtanh_(x, 0, 6);
  }
  std::int64_t flops(const Node& /*node*/, const std::vector<Shape>& /*inputs*/,
                     const Shape& output) const override {
    return 2 * output[0] * output[1] * output[2] * output[3];
  }
  bool keeps_input(std::size_t /*input*/) const override { return true; }
  bool overwrites() const override { return true; }
};

}  // namespace

const Operation& relu6_operation() {
  static const Relu6 operation;
  return operation;
}

}  // namespace dawson::nn
