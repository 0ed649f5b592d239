// Transposed convolution that doubles height and width; weight [I, O, k, k] as torch stores it.
//
// Kernel 2 (stride 2, padding 0) and kernel 4 (stride 2, padding 1) are run as an ordinary
// convolution to 4·O channels, one O for each place (a, b) of the 2×2 output pixels of an input
// pixel, which are then moved to their places. The result is the same, and only convolutions reach
// oneDNN on a CPU and exist in bfloat16.
#include <ATen/ops/constant_pad_nd.h>
#include <ATen/ops/tensor.h>

#include <cmath>

#include "dawson/nn/operation.h"

namespace dawson::nn {
namespace {

/// [I, O, 2, 2] → [4·O, I, 1, 1], places first.
at::Tensor kernel_of_two(const at::Tensor& weight) {
  return weight.permute({2, 3, 1, 0}).reshape({4 * weight.size(1), weight.size(0), 1, 1});
}

/// [I, O, 4, 4] → [4·O, I, 3, 3]. Output row 2i + a takes from input row i + d − 1 the kernel row
/// k = a + 3 − 2d where that lies in 0 … 3; a fifth row of zeros stands for the others.
at::Tensor kernel_of_four(const at::Tensor& weight) {
  const at::Tensor rows =
      at::tensor({3, 1, 4, 4, 2, 0}, at::TensorOptions(at::kLong)).to(weight.device());
  return at::constant_pad_nd(weight, {0, 1, 0, 1}, 0)
      .index_select(2, rows)
      .index_select(3, rows)
      .reshape({weight.size(0), weight.size(1), 2, 3, 2, 3})
      .permute({2, 4, 1, 0, 3, 5})
      .reshape({4 * weight.size(1), weight.size(0), 3, 3});
}

/// [N, (a, b, O), H, W] → [N, O, 2H, 2W], channels_last.
at::Tensor places_to_pixels(const at::Tensor& x) {
  const std::int64_t n = x.size(0), channels = x.size(1) / 4, h = x.size(2), w = x.size(3);
  return x.permute({0, 2, 3, 1})
      .reshape({n, h, w, 2, 2, channels})
      .permute({0, 1, 3, 2, 4, 5})
      .reshape({n, 2 * h, 2 * w, channels})
      .permute({0, 3, 1, 2});
}

/// `offset` is a bias for each of the four places, or undefined.
at::Tensor doubled(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& offset) {
  const bool four = weight.size(2) == 4;
  const at::Tensor kernel = four ? kernel_of_four(weight) : kernel_of_two(weight);
  const std::int64_t margin = four ? 1 : 0;
  return places_to_pixels(convolve(x, kernel, offset, 1, {margin, margin}, 1, 1));
}

class TransposedConvolution final : public Operation {
 public:
  const char* name() const override { return "transposed_convolution"; }

  int complete(Node& node, const std::vector<int>& input_channels) const override {
    require_inputs(node, 1);
    Settings settings(node, {"channels", "kernel", "bias", "initial"});
    const int channels = settings.integer("channels", 1);
    const int kernel = settings.integer("kernel", 1, 2);
    if (kernel != 2 && kernel != 4) refuse_node(node, "the kernel must be 2 or 4");
    settings.text("initial", {"he", "bilinear"}, "he");
    node.parameters["weight"] = zero_weight(input_channels[0], channels, kernel, kernel);
    if (settings.flag("bias", true)) node.parameters["bias"] = filled_vector(channels, 0);
    return channels;
  }

  void initialise(Node& node, core::Random& random) const override {
    const at::Tensor& weight = node.parameters.at("weight");
    const bool four = weight.size(2) == 4;
    if (node.settings["initial"] == "bilinear") {
      assign(weight, bilinear(weight));
    } else {
      // Each output pixel sees k/2 × k/2 kernel places; what follows is not always a ReLU.
      const double fan_in = static_cast<double>(weight.size(0)) * (four ? 4 : 1);
      assign_normal(weight, random, std::sqrt(1 / fan_in));
    }
    const auto bias = node.parameters.find("bias");
    if (bias != node.parameters.end()) {
      assign(bias->second, std::vector<float>(static_cast<std::size_t>(bias->second.numel()), 0));
    }
  }

  at::Tensor forward(const Node& node, const std::vector<at::Tensor>& inputs,
                     const Pass& /*pass*/) const override {
    const auto bias = node.parameters.find("bias");
    return doubled(inputs[0], node.parameters.at("weight"),
                   bias == node.parameters.end() ? at::Tensor() : bias->second.repeat({4}));
  }

  /// Its transpose is the ordinary convolution of stride 2 with the same weights.
  Shares relevance(const Node& node, const Arrived& arrived) const override {
    const at::ScalarType type = arrived.output.scalar_type();
    const auto bias = node.parameters.find("bias");
    const auto apply = [](const at::Tensor& x, const at::Tensor& weight) {
      return doubled(x, weight, {});
    };
    const auto adjoint = [](const at::Tensor& s, const at::Tensor& weight) {
      const std::int64_t margin = weight.size(2) / 2 - 1;
      return convolve(s, weight, {}, 2, {margin, margin}, 1, 1);
    };
    return share_linearly(
        {node.parameters.at("weight").to(type),
         bias == node.parameters.end() ? at::Tensor() : bias->second.to(type), apply, adjoint},
        arrived);
  }

  Shape shape(const Node& node, const std::vector<Shape>& inputs) const override {
    return {inputs[0][0], node.settings["channels"].get<int>(), 2 * inputs[0][2], 2 * inputs[0][3]};
  }
  std::int64_t flops(const Node& node, const std::vector<Shape>& inputs,
                     const Shape& output) const override {
    const std::int64_t pixels = inputs[0][0] * inputs[0][2] * inputs[0][3];
    const bool bias = node.parameters.count("bias") > 0;
    return 2 * pixels * node.parameters.at("weight").numel() +
           (bias ? output[0] * output[1] * output[2] * output[3] : 0);
  }
  std::int64_t workspace_bytes(const Node& /*node*/, const std::vector<Shape>& /*inputs*/,
                               const Shape& output) const override {
    return 4 * output[0] * output[1] * output[2] * output[3];  // the places before they move
  }
  double step(const Node& /*node*/) const override { return 0.5; }
  int reach(const Node& node) const override { return node.settings["kernel"] == 4 ? 1 : 0; }
  bool output_may_be_overwritten() const override { return true; }
  int output_axis() const override { return 1; }

 private:
  // Long et al. 2015: output channel o starts as input channel o, interpolated.
  static std::vector<float> bilinear(const at::Tensor& weight) {
    const auto in = weight.size(0), out = weight.size(1), k = weight.size(2);
    const double centre = (static_cast<double>(k) - 1) / 2;
    const auto hat = [&](std::int64_t i) {
      return 1 - std::abs(static_cast<double>(i) - centre) / (static_cast<double>(k) / 2);
    };
    std::vector<float> values(static_cast<std::size_t>(weight.numel()), 0);
    for (std::int64_t c = 0; c < std::min(in, out); ++c) {
      for (std::int64_t y = 0; y < k; ++y) {
        for (std::int64_t x = 0; x < k; ++x) {
          values[static_cast<std::size_t>(((c * out + c) * k + y) * k + x)] =
              static_cast<float>(k == 2 ? 1 : hat(y) * hat(x));
        }
      }
    }
    return values;
  }
};

}  // namespace

const Operation& transposed_convolution_operation() {
  static const TransposedConvolution operation;
  return operation;
}

}  // namespace dawson::nn
