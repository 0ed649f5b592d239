#include <ATen/ops/max_pool2d.h>
#include <ATen/ops/max_pool2d_with_indices.h>
#include <ATen/ops/max_pool2d_with_indices_backward.h>

#include <algorithm>

#include "dawson/nn/operation.h"

namespace dawson::nn {
namespace {

struct Pooled {
  std::int64_t size, stride, padding;
  /// Rows or columns that do not fill a square are dropped.
  std::int64_t extent(std::int64_t before) const {
    return (before + 2 * padding - size) / stride + 1;
  }
};

// Descriptions written before there were strides have the size alone; `complete` fills them up.
Pooled read(const Node& node) {
  const core::Json& s = node.settings;
  return {s["size"].get<std::int64_t>(), s["stride"].get<std::int64_t>(),
          s["padding"].get<std::int64_t>()};
}

/// The largest of each size × size square, `stride` pixels apart (side by side unless said
/// otherwise), after `padding` pixels all round that never win.
class MaxPool final : public Operation {
 public:
  const char* name() const override { return "max_pool"; }
  int complete(Node& node, const std::vector<int>& input_channels) const override {
    require_inputs(node, 1);
    Settings settings(node, {"size", "stride", "padding"});
    const int size = settings.integer("size", 1, 2);
    settings.integer("stride", 1, size);
    if (2 * settings.integer("padding", 0, 0) > size) {
      refuse_node(node, "the padding is more than half the size");  // a square of padding alone
    }
    return input_channels[0];
  }
  at::Tensor forward(const Node& node, const std::vector<at::Tensor>& inputs,
                     const Pass& /*pass*/) const override {
    const auto [size, stride, padding] = read(node);
    return at::max_pool2d(inputs[0], {size, size}, {stride, stride}, {padding, padding});
  }
  Shape shape(const Node& node, const std::vector<Shape>& inputs) const override {
    const Pooled p = read(node);
    return {inputs[0][0], inputs[0][1], p.extent(inputs[0][2]), p.extent(inputs[0][3])};
  }
  /// Each pixel is looked at once where squares lie side by side.
  std::int64_t flops(const Node& node, const std::vector<Shape>& inputs,
                     const Shape& output) const override {
    const Pooled p = read(node);
    if (p.stride == p.size && p.padding == 0) {
      return inputs[0][0] * inputs[0][1] * inputs[0][2] * inputs[0][3];
    }
    return output[0] * output[1] * output[2] * output[3] * p.size * p.size;
  }
  bool keeps_input(std::size_t /*input*/) const override { return true; }
  /// The places of the maxima, 64 bits each.
  std::int64_t kept_bytes(const Node& /*node*/, const std::vector<Shape>& /*inputs*/,
                          const Shape& output, int /*width*/) const override {
    return 8 * elements(output);
  }
  double step(const Node& node) const override { return static_cast<double>(read(node).stride); }
  int reach(const Node& node) const override {
    const Pooled p = read(node);
    return static_cast<int>(std::max({std::int64_t{0}, p.padding, p.size - p.stride - p.padding}));
  }
  /// All to the largest, the first of equals.
  Shares relevance(const Node& node, const Arrived& arrived) const override {
    const auto [size, stride, padding] = read(node);
    const at::Tensor& x = arrived.inputs[0];
    const at::Tensor winner = std::get<1>(
        at::max_pool2d_with_indices(x, {size, size}, {stride, stride}, {padding, padding}));
    return {{at::max_pool2d_with_indices_backward(arrived.relevance, x, {size, size},
                                                  {stride, stride}, {padding, padding}, {1, 1},
                                                  /*ceil_mode=*/false, winner)},
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
