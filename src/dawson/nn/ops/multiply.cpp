#include <ATen/ops/mul.h>

#include "dawson/nn/operation.h"

namespace dawson::nn {
namespace {

/// A gate: inputs signal [N, C, H, W] and gate [N, 1, H, W] or [N, C, H, W]. Which of the two is
/// the gate matters to relevance: it goes to the signal (the first) alone.
class Multiply final : public Operation {
 public:
  const char* name() const override { return "multiply"; }
  int complete(Node& node, const std::vector<int>& input_channels) const override {
    require_inputs(node, 2);
    Settings(node, {});
    if (input_channels[1] != 1 && input_channels[1] != input_channels[0]) {
      refuse_node(node, "a gate of " + std::to_string(input_channels[1]) +
                            " channels does not fit a signal of " +
                            std::to_string(input_channels[0]));
    }
    return input_channels[0];
  }
  at::Tensor forward(const Node& /*node*/, const std::vector<at::Tensor>& inputs,
                     const Pass& /*pass*/) const override {
    return at::mul(inputs[0], inputs[1]);
  }
  Shape shape(const Node& node, const std::vector<Shape>& inputs) const override {
    if (inputs[0][2] != inputs[1][2] || inputs[0][3] != inputs[1][3]) {
      refuse_node(node, "signal and gate differ in height or width");
    }
    return inputs[0];
  }
  std::int64_t flops(const Node& /*node*/, const std::vector<Shape>& /*inputs*/,
                     const Shape& output) const override {
    return output[0] * output[1] * output[2] * output[3];
  }
  bool keeps_input(std::size_t /*input*/) const override { return true; }
  /// The gate's gradient before its sum over channels.
  std::int64_t backward_bytes(const Node& /*node*/, const std::vector<Shape>& inputs,
                              const Shape& output, int width) const override {
    return inputs[1][1] == output[1] ? 0 : width * elements(output);
  }
  bool output_may_be_overwritten() const override { return true; }
  Shares relevance(const Node& /*node*/, const Arrived& arrived) const override {
    return {{arrived.relevance, {}}, 0, 0};
  }
  bool passes_relevance_to(std::size_t input) const override { return input == 0; }
};

}  // namespace

const Operation& multiply_operation() {
  static const Multiply operation;
  return operation;
}

}  // namespace dawson::nn
