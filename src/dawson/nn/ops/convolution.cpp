// Convolution [O, I/groups, k, k]. The padding may differ by side: TensorFlow's "SAME" pads an even
// image before a stride of 2 at the right and bottom only.
#include <ATen/ops/constant_pad_nd.h>
#include <ATen/ops/convolution_backward.h>
#include <ATen/ops/empty.h>

#include <algorithm>
#include <cmath>

#include "dawson/nn/operation.h"

namespace dawson::nn {
namespace {

struct Convolved {
  int kernel, stride, dilation, groups;
  std::array<int, 4> padding;  // left, right, top, bottom
  bool symmetric() const { return padding[0] == padding[1] && padding[2] == padding[3]; }
};

Convolved read(const Node& node) {
  const core::Json& s = node.settings;
  return {s["kernel"].get<int>(), s["stride"].get<int>(), s["dilation"].get<int>(),
          s["groups"].get<int>(), s["padding"].get<std::array<int, 4>>()};
}

std::int64_t extent(std::int64_t size, int before, int after, const Convolved& c) {
  return (size + before + after - c.dilation * (c.kernel - 1) - 1) / c.stride + 1;
}

/// Rows and columns of zeros that torch adds itself: all of them, or none where the sides differ.
std::array<std::int64_t, 2> own_padding(const Convolved& c) {
  if (!c.symmetric()) return {0, 0};
  return {c.padding[2], c.padding[0]};
}

at::Tensor convolve_padded(const Convolved& c, const at::Tensor& x, const at::Tensor& weight,
                           const at::Tensor& bias) {
  const auto [left, right, top, bottom] = c.padding;
  return convolve(c.symmetric() ? x : at::constant_pad_nd(x, {left, right, top, bottom}, 0), weight,
                  bias, c.stride, own_padding(c), c.dilation, c.groups);
}

/// The transpose of `convolve_padded`: each output's value times the weights on what it saw.
at::Tensor spread_back(const Convolved& c, const at::Tensor& s, const at::Tensor& weight,
                       const at::Tensor& x) {
  const auto [left, right, top, bottom] = c.padding;
  const bool symmetric = c.symmetric();
  // Only its shape is read.
  const at::Tensor seen =
      symmetric
          ? x
          : at::empty({x.size(0), x.size(1), x.size(2) + top + bottom, x.size(3) + left + right},
                      x.options(), at::MemoryFormat::ChannelsLast);
  const auto padding = own_padding(c);
  const at::Tensor back = std::get<0>(at::convolution_backward(
      s, seen, weight, {}, {c.stride, c.stride}, padding, {c.dilation, c.dilation},
      /*transposed=*/false, {0, 0}, c.groups, {true, false, false}));
  return symmetric ? back : back.narrow(2, top, x.size(2)).narrow(3, left, x.size(3));
}

class Convolution final : public Operation {
 public:
  const char* name() const override { return "convolution"; }

  int complete(Node& node, const std::vector<int>& input_channels) const override {
    require_inputs(node, 1);
    Settings settings(node, {"channels", "kernel", "stride", "padding", "dilation", "groups",
                             "bias", "before", "initial_bias"});
    const int channels = settings.integer("channels", 1);
    const int kernel = settings.integer("kernel", 1);
    settings.integer("stride", 1, 1);
    settings.padding(0);
    settings.integer("dilation", 1, 1);
    const int groups = settings.integer("groups", 1, 1);
    if (input_channels[0] % groups != 0 || channels % groups != 0) {
      refuse_node(node, std::to_string(input_channels[0]) + " input and " +
                            std::to_string(channels) + " output channels do not divide into " +
                            std::to_string(groups) + " groups");
    }
    settings.text("before", {"relu", "linear"}, "relu");
    const bool bias = settings.flag("bias", true);
    settings.real("initial_bias", -100, 100, 0.0);
    node.parameters["weight"] = zero_weight(channels, input_channels[0] / groups, kernel, kernel);
    if (bias) node.parameters["bias"] = filled_vector(channels, 0);
    return channels;
  }

  void initialise(Node& node, core::Random& random) const override {
    // He et al. 2015: variance 2 / fan-in before a ReLU, 1 / fan-in otherwise.
    const at::Tensor& weight = node.parameters.at("weight");
    const double gain = node.settings["before"] == "relu" ? 2 : 1;
    const double fan_in = static_cast<double>(weight[0].numel());
    assign_normal(weight, random, std::sqrt(gain / fan_in));
    const auto bias = node.parameters.find("bias");
    if (bias == node.parameters.end()) return;
    assign(bias->second, std::vector<float>(static_cast<std::size_t>(bias->second.numel()),
                                            node.settings["initial_bias"].get<float>()));
  }

  at::Tensor forward(const Node& node, const std::vector<at::Tensor>& inputs,
                     const Pass& /*pass*/) const override {
    const auto bias = node.parameters.find("bias");
    return convolve_padded(read(node), inputs[0], node.parameters.at("weight"),
                           bias == node.parameters.end() ? at::Tensor() : bias->second);
  }

  Shape shape(const Node& node, const std::vector<Shape>& inputs) const override {
    const Convolved c = read(node);
    return {inputs[0][0], node.settings["channels"].get<int>(),
            extent(inputs[0][2], c.padding[2], c.padding[3], c),
            extent(inputs[0][3], c.padding[0], c.padding[1], c)};
  }

  std::int64_t flops(const Node& node, const std::vector<Shape>& /*inputs*/,
                     const Shape& output) const override {
    const std::int64_t pixels = output[0] * output[2] * output[3];
    const auto bias = node.parameters.find("bias");
    return 2 * pixels * node.parameters.at("weight").numel() +
           (bias == node.parameters.end() ? 0 : pixels * output[1]);
  }

  std::int64_t workspace_bytes(const Node& node, const std::vector<Shape>& inputs,
                               const Shape& output) const override {
    const Convolved c = read(node);
    const Shape& x = inputs[0];
    if (c.kernel == 1 && c.stride > 1) return 4 * x[0] * x[1] * output[2] * output[3];  // the grid
    if (c.symmetric()) return 0;
    return 4 * x[0] * x[1] * (x[2] + c.padding[2] + c.padding[3]) *
           (x[3] + c.padding[0] + c.padding[1]);
  }

  bool keeps_input(std::size_t /*input*/) const override { return true; }
  /// The input with zeros round it where torch does not add them itself, or the pixels of it that a
  /// 1×1 convolution with a stride reads (see `convolve`); and the weight where it is
  /// not used as it is stored.
  std::int64_t kept_bytes(const Node& node, const std::vector<Shape>& inputs, const Shape& output,
                          int width) const override {
    const std::int64_t weight = node.parameters.at("weight").numel();
    return workspace_bytes(node, inputs, output) / 4 * width + (width == 4 ? 0 : width * weight);
  }
  double step(const Node& node) const override { return node.settings["stride"].get<double>(); }
  int reach(const Node& node) const override {
    const Convolved c = read(node);
    const int after = c.dilation * (c.kernel - 1) - (c.stride - 1);
    const int left = c.padding[0], top = c.padding[2];
    return std::max({0, left, top, after - left, after - top});
  }
  bool output_may_be_overwritten() const override { return true; }
  int output_axis() const override { return 0; }

  Shares relevance(const Node& node, const Arrived& arrived) const override {
    const at::ScalarType type = arrived.output.scalar_type();
    const auto bias = node.parameters.find("bias");
    const auto apply = [&](const at::Tensor& x, const at::Tensor& weight) {
      return convolve_padded(read(node), x, weight, {});
    };
    const auto adjoint = [&](const at::Tensor& s, const at::Tensor& weight) {
      return spread_back(read(node), s, weight, arrived.inputs[0]);
    };
    return share_linearly(
        {node.parameters.at("weight").to(type),
         bias == node.parameters.end() ? at::Tensor() : bias->second.to(type), apply, adjoint},
        arrived);
  }
};

}  // namespace

const Operation& convolution_operation() {
  static const Convolution operation;
  return operation;
}

}  // namespace dawson::nn
