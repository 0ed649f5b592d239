#include <ATen/ops/add.h>

#include "dawson/nn/operation.h"

namespace dawson::nn {
namespace {

/// The sum of two inputs of the same shape.
class Add final : public Operation {
 public:
  const char* name() const override { return "add"; }
  int complete(Node& node, const std::vector<int>& input_channels) const override {
    require_inputs(node, 2);
    Settings(node, {});
    if (input_channels[0] != input_channels[1]) {
      refuse_node(node, "cannot add " + std::to_string(input_channels[1]) + " channels to " +
                            std::to_string(input_channels[0]));
    }
    return input_channels[0];
  }
  at::Tensor forward(const Node& /*node*/, const std::vector<at::Tensor>& inputs,
                     const Pass& pass) const override {
    if (!pass.may_overwrite) return at::add(inputs[0], inputs[1]);
    at::Tensor sum = inputs[0];
    return sum.add_(inputs[1]);
  }
  Shape shape(const Node& node, const std::vector<Shape>& inputs) const override {
    if (inputs[0] != inputs[1]) refuse_node(node, "the inputs differ in height or width");
    return inputs[0];
  }
  std::int64_t flops(const Node& /*node*/, const std::vector<Shape>& /*inputs*/,
                     const Shape& output) const override {
    return output[0] * output[1] * output[2] * output[3];
  }
  bool output_may_be_overwritten() const override { return true; }
  bool hands_gradient_on() const override { return true; }
  bool overwrites() const override { return true; }
  Shares relevance(const Node& /*node*/, const Arrived& arrived) const override {
    return share_sum(arrived);
  }
};

}  // namespace

const Operation& add_operation() {
  static const Add operation;
  return operation;
}

}  // namespace dawson::nn
