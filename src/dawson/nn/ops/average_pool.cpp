#include <ATen/ops/avg_pool2d.h>
#include <ATen/ops/avg_pool2d_backward.h>
#include <ATen/ops/ones.h>

#include "dawson/nn/operation.h"

namespace dawson::nn {
namespace {

/// The mean of each size × size square; rows and columns left over are dropped.
class AveragePool final : public Operation {
 public:
  const char* name() const override { return "average_pool"; }
  int complete(Node& node, const std::vector<int>& input_channels) const override {
    require_inputs(node, 1);
    Settings(node, {"size"}).integer("size", 1, 2);
    return input_channels[0];
  }
  at::Tensor forward(const Node& node, const std::vector<at::Tensor>& inputs,
                     const Pass& /*pass*/) const override {
    const auto size = node.settings["size"].get<std::int64_t>();
    return at::avg_pool2d(inputs[0], {size, size});
  }
  Shape shape(const Node& node, const std::vector<Shape>& inputs) const override {
    const auto size = node.settings["size"].get<std::int64_t>();
    return {inputs[0][0], inputs[0][1], inputs[0][2] / size, inputs[0][3] / size};
  }
  std::int64_t flops(const Node& /*node*/, const std::vector<Shape>& inputs,
                     const Shape& /*output*/) const override {
    return inputs[0][0] * inputs[0][1] * inputs[0][2] * inputs[0][3];
  }
  bool keeps_input(std::size_t /*input*/) const override { return true; }
  double step(const Node& node) const override { return node.settings["size"].get<double>(); }
  Shares relevance(const Node& node, const Arrived& arrived) const override {
    const auto size = node.settings["size"].get<std::int64_t>();
    const at::Tensor& like = arrived.inputs[0];
    const auto apply = [size](const at::Tensor& x, const at::Tensor& weight) {
      return at::avg_pool2d(x, {size, size}).mul_(weight);
    };
    const auto adjoint = [&](const at::Tensor& s, const at::Tensor& weight) {
      return at::avg_pool2d_backward(s, like, {size, size}, {size, size}, {0, 0},
                                     /*ceil_mode=*/false, /*count_include_pad=*/true,
                                     /*divisor_override=*/{})
          .mul_(weight);
    };
    return share_linearly({at::ones({}, like.options()), {}, apply, adjoint}, arrived);
  }
};

}  // namespace

const Operation& average_pool_operation() {
  static const AveragePool operation;
  return operation;
}

}  // namespace dawson::nn
