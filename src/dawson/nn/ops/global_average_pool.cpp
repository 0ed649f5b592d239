#include <ATen/ops/ones.h>

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
  Shares relevance(const Node& /*node*/, const Arrived& arrived) const override {
    const at::Tensor& like = arrived.inputs[0];
    const auto apply = [](const at::Tensor& x, const at::Tensor& weight) {
      return x.mean(at::IntArrayRef{2, 3}, /*keepdim=*/true).mul_(weight);
    };
    const auto adjoint = [&](const at::Tensor& s, const at::Tensor& weight) {
      const auto pixels = static_cast<double>(like.size(2) * like.size(3));
      return s.mul(weight).div_(pixels).expand_as(like);
    };
    return share_linearly({at::ones({}, like.options()), {}, apply, adjoint}, arrived);
  }
};

}  // namespace

const Operation& global_average_pool_operation() {
  static const GlobalAveragePool operation;
  return operation;
}

}  // namespace dawson::nn
