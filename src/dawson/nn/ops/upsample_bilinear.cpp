#include <ATen/ops/arange.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/upsample_bilinear2d.h>
#include <ATen/ops/upsample_bilinear2d_backward.h>

#include "dawson/nn/device.h"
#include "dawson/nn/operation.h"

namespace dawson::nn {
namespace {

/// What each of factor·size new places takes of the old ones, [factor·size, size].
at::Tensor weights_along(std::int64_t size, std::int64_t factor, const at::TensorOptions& options) {
  const at::Tensor place =
      at::arange(factor * size, options).add(0.5).div(factor).sub(0.5).clamp(0, size - 1);
  const at::Tensor old = at::arange(size, options);
  return place.unsqueeze(1).sub(old).abs().neg().add(1).clamp_min(0);
}

/// The same as products of matrices: torch's own backward on a GPU adds in any order.
at::Tensor upsampled_in_order(const at::Tensor& x, std::int64_t factor) {
  const at::TensorOptions exact = x.options().dtype(at::kFloat);
  const at::Tensor rows = weights_along(x.size(2), factor, exact).to(x.scalar_type());
  const at::Tensor columns = weights_along(x.size(3), factor, exact).to(x.scalar_type());
  return at::matmul(at::matmul(rows, x), columns.t()).contiguous(at::MemoryFormat::ChannelsLast);
}

/// Larger by `factor`, linear between the centres of pixels, repeated beyond the outermost.
class UpsampleBilinear final : public Operation {
 public:
  const char* name() const override { return "upsample_bilinear"; }
  int complete(Node& node, const std::vector<int>& input_channels) const override {
    require_inputs(node, 1);
    Settings(node, {"factor"}).integer("factor", 1, 2);
    return input_channels[0];
  }
  at::Tensor forward(const Node& node, const std::vector<at::Tensor>& inputs,
                     const Pass& pass) const override {
    const auto factor = node.settings["factor"].get<std::int64_t>();
    const at::Tensor& x = inputs[0];
    const auto scale = static_cast<double>(factor);
    if (is_deterministic() && pass.training) return upsampled_in_order(x, factor);
    return at::upsample_bilinear2d(x, {factor * x.size(2), factor * x.size(3)},
                                   /*align_corners=*/false, scale, scale);
  }
  Shape shape(const Node& node, const std::vector<Shape>& inputs) const override {
    const auto factor = node.settings["factor"].get<std::int64_t>();
    return {inputs[0][0], inputs[0][1], factor * inputs[0][2], factor * inputs[0][3]};
  }
  std::int64_t flops(const Node& /*node*/, const std::vector<Shape>& /*inputs*/,
                     const Shape& output) const override {
    return 7 * output[0] * output[1] * output[2] * output[3];  // 4 products, 3 sums
  }
  int reach(const Node& /*node*/) const override { return 1; }
  double step(const Node& node) const override { return 1 / node.settings["factor"].get<double>(); }
  Shares relevance(const Node& node, const Arrived& arrived) const override {
    const at::Tensor& like = arrived.inputs[0];
    const auto apply = [&](const at::Tensor& x, const at::Tensor& weight) {
      return forward(node, {x}, {}).mul_(weight);
    };
    const auto adjoint = [&](const at::Tensor& s, const at::Tensor& weight) {
      const auto scale = node.settings["factor"].get<double>();
      return at::upsample_bilinear2d_backward(s, s.sizes().slice(2), like.sizes(),
                                              /*align_corners=*/false, scale, scale)
          .mul_(weight);
    };
    return share_linearly({at::ones({}, like.options()), {}, apply, adjoint}, arrived);
  }
};

}  // namespace

const Operation& upsample_bilinear_operation() {
  static const UpsampleBilinear operation;
  return operation;
}

}  // namespace dawson::nn
