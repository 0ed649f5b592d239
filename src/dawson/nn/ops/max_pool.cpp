#include <ATen/ops/max_pool2d.h>
#include <ATen/ops/max_pool2d_with_indices.h>
#include <ATen/ops/max_pool2d_with_indices_backward.h>

#include "dawson/nn/operation.h"

namespace dawson::nn {
namespace {

/// The largest of each size × size square; rows and columns left over are dropped.
class MaxPool final : public Operation {
 public:
  const char* name() const override { return "max_pool"; }
  int complete(Node& node, const std::vector<int>& input_channels) const override {
    require_inputs(node, 1);
    Settings(node, {"size"}).integer("size", 1, 2);
    return input_channels[0];
  }
  at::Tensor forward(const Node& node, const std::vector<at::Tensor>& inputs,
                     const Pass& /*pass*/) const override {
    const auto size = node.settings["size"].get<std::int64_t>();
    return at::max_pool2d(inputs[0], {size, size});
  }
  Shape shape(const Node& node, const std::vector<Shape>& inputs) const override {
    const auto size = node.settings["size"].get<std::int64_t>();
    return {inputs[0][0], inputs[0][1], inputs[0][2] / size, inputs[0][3] / size};
  }
  std::int64_t flops(const Node& /*node*/, const std::vector<Shape>& inputs,
                     const Shape& /*output*/) const override {
    return inputs[0][0] * inputs[0][1] * inputs[0][2] * inputs[0][3];
  }
  double step(const Node& node) const override { return node.settings["size"].get<double>(); }
  /// All to the largest, the first of equals.
  Shares relevance(const Node& node, const Arrived& arrived) const override {
    const auto size = node.settings["size"].get<std::int64_t>();
    const at::Tensor& x = arrived.inputs[0];
    const at::Tensor winner = std::get<1>(at::max_pool2d_with_indices(x, {size, size}));
    return {{at::max_pool2d_with_indices_backward(arrived.relevance, x, {size, size}, {size, size},
                                                  {0, 0}, {1, 1}, /*ceil_mode=*/false, winner)},
            0,
            0};
  }
};

}  // namespace

const Operation& max_pool_operation() {
  static const MaxPool operation;
  return operation;
}

}  // namespace dawson::nn
