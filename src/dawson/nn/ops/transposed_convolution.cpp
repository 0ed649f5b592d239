// Transposed convolution that enlarges height and width by a factor s; weight [I, O, k, k] as torch
// stores it.
//
// A kernel of s (stride s, padding 0) or of 2s (stride s, padding s/2) is run as an ordinary
// convolution to s²·O channels, one O for each place (a, b) of the s×s output pixels of an input
// pixel, which are then moved to their places. The result is the same, and only convolutions reach
// oneDNN on a CPU and exist in bfloat16.
#include <ATen/ops/constant_pad_nd.h>
#include <ATen/ops/tensor.h>

#include <cmath>

#include "dawson/nn/operation.h"

namespace dawson::nn {
namespace {

bool reaches_over(const at::Tensor& weight, std::int64_t factor) {
  return weight.size(2) == 2 * factor;
}

/// [I, O, s, s] → [s²·O, I, 1, 1], places first.
at::Tensor kernel_within(const at::Tensor& weight, std::int64_t s) {
  return weight.permute({2, 3, 1, 0}).reshape({s * s * weight.size(1), weight.size(0), 1, 1});
}

/// [I, O, 2s, 2s] → [s²·O, I, 3, 3]. Output row s·i + a takes from input row i + d − 1 the kernel
/// row k = a + 3s/2 − s·d where that lies in 0 … 2s − 1; one more row of zeros stands for the
/// others.
at::Tensor kernel_reaching_over(const at::Tensor& weight, std::int64_t s) {
  std::vector<std::int64_t> places;
  for (std::int64_t a = 0; a < s; ++a) {
    for (std::int64_t d = 0; d < 3; ++d) {
      const std::int64_t k = a + 3 * s / 2 - s * d;
      places.push_back(k >= 0 && k < 2 * s ? k : 2 * s);
    }
  }
  const at::Tensor rows = at::tensor(places, at::TensorOptions(at::kLong)).to(weight.device());
  return at::constant_pad_nd(weight, {0, 1, 0, 1}, 0)
      .index_select(2, rows)
      .index_select(3, rows)
      .reshape({weight.size(0), weight.size(1), s, 3, s, 3})
      .permute({2, 4, 1, 0, 3, 5})
      .reshape({s * s * weight.size(1), weight.size(0), 3, 3});
}

/// [N, (a, b, O), H, W] → [N, O, s·H, s·W], channels_last.
at::Tensor places_to_pixels(const at::Tensor& x, std::int64_t s) {
  const std::int64_t n = x.size(0), channels = x.size(1) / (s * s), h = x.size(2), w = x.size(3);
  return x.permute({0, 2, 3, 1})
      .reshape({n, h, w, s, s, channels})
      .permute({0, 1, 3, 2, 4, 5})
      .reshape({n, s * h, s * w, channels})
      .permute({0, 3, 1, 2});
}

/// `bias` [O] or undefined.
at::Tensor enlarged(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias,
                    std::int64_t factor) {
  const bool over = reaches_over(weight, factor);
  const at::Tensor kernel =
      over ? kernel_reaching_over(weight, factor) : kernel_within(weight, factor);
  const std::int64_t margin = over ? 1 : 0;
  const at::Tensor offset = bias.defined() ? bias.repeat({factor * factor}) : bias;
  return places_to_pixels(convolve(x, kernel, offset, 1, {margin, margin}, 1, 1), factor);
}

std::int64_t factor_of(const Node& node) {
  return node.settings["factor"].get<std::int64_t>();
}

class TransposedConvolution final : public Operation {
 public:
  const char* name() const override { return "transposed_convolution"; }

  int complete(Node& node, const std::vector<int>& input_channels) const override {
    require_inputs(node, 1);
    Settings settings(node, {"channels", "factor", "kernel", "bias", "initial", "initial_bias"});
    const int channels = settings.integer("channels", 1);
    const int factor = settings.integer("factor", 2, 2);
    const int kernel = settings.integer("kernel", 1, factor);
    if (factor > 64 || factor % 2 != 0) refuse_node(node, "the factor must be even, 2 to 64");
    if (kernel != factor && kernel != 2 * factor) {
      refuse_node(node, "the kernel must be the factor or twice that");
    }
    settings.text("initial", {"he", "bilinear"}, "he");
    settings.real("initial_bias", -100, 100, 0.0);
    node.parameters["weight"] = zero_weight(input_channels[0], channels, kernel, kernel);
    if (settings.flag("bias", true)) node.parameters["bias"] = filled_vector(channels, 0);
    return channels;
  }

  void initialise(Node& node, core::Random& random) const override {
    const at::Tensor& weight = node.parameters.at("weight");
    if (node.settings["initial"] == "bilinear") {
      assign(weight, bilinear(weight, reaches_over(weight, factor_of(node))));
    } else {
      // An output pixel sees one place of the kernel, or 2×2; what follows is not always a ReLU.
      const double fan_in =
          static_cast<double>(weight.size(0)) * (reaches_over(weight, factor_of(node)) ? 4 : 1);
      assign_normal(weight, random, std::sqrt(1 / fan_in));
    }
    const auto bias = node.parameters.find("bias");
    if (bias != node.parameters.end()) {
      assign(bias->second, std::vector<float>(static_cast<std::size_t>(bias->second.numel()),
                                              node.settings["initial_bias"].get<float>()));
    }
  }

  at::Tensor forward(const Node& node, const std::vector<at::Tensor>& inputs,
                     const Pass& /*pass*/) const override {
    const auto bias = node.parameters.find("bias");
    return enlarged(inputs[0], node.parameters.at("weight"),
                    bias == node.parameters.end() ? at::Tensor() : bias->second, factor_of(node));
  }

  /// Its transpose is the ordinary convolution of that stride with the same weights.
  Shares relevance(const Node& node, const Arrived& arrived) const override {
    const at::ScalarType type = arrived.output.scalar_type();
    const auto bias = node.parameters.find("bias");
    const std::int64_t factor = factor_of(node);
    const auto apply = [factor](const at::Tensor& x, const at::Tensor& weight) {
      return enlarged(x, weight, {}, factor);
    };
    const auto adjoint = [factor](const at::Tensor& s, const at::Tensor& weight) {
      const std::int64_t margin = (weight.size(2) - factor) / 2;
      return convolve(s, weight, {}, static_cast<int>(factor), {margin, margin}, 1, 1);
    };
    return share_linearly(
        {node.parameters.at("weight").to(type),
         bias == node.parameters.end() ? at::Tensor() : bias->second.to(type), apply, adjoint},
        arrived);
  }

  Shape shape(const Node& node, const std::vector<Shape>& inputs) const override {
    const std::int64_t factor = factor_of(node);
    return {inputs[0][0], node.settings["channels"].get<int>(), factor * inputs[0][2],
            factor * inputs[0][3]};
  }
  std::int64_t flops(const Node& node, const std::vector<Shape>& inputs,
                     const Shape& output) const override {
    const std::int64_t pixels = inputs[0][0] * inputs[0][2] * inputs[0][3];
    const bool bias = node.parameters.count("bias") > 0;
    return 2 * pixels * node.parameters.at("weight").numel() + (bias ? elements(output) : 0);
  }
  std::int64_t workspace_bytes(const Node& /*node*/, const std::vector<Shape>& /*inputs*/,
                               const Shape& output) const override {
    return 4 * elements(output);  // the places before they move
  }
  double step(const Node& node) const override { return 1 / static_cast<double>(factor_of(node)); }
  int reach(const Node& node) const override {
    return reaches_over(node.parameters.at("weight"), factor_of(node)) ? 1 : 0;
  }
  bool keeps_input(std::size_t /*input*/) const override { return true; }
  /// The kernel as the convolution takes it.
  std::int64_t kept_bytes(const Node& node, const std::vector<Shape>& /*inputs*/,
                          const Shape& /*output*/, int width) const override {
    const at::Tensor& weight = node.parameters.at("weight");
    const std::int64_t spread = reaches_over(weight, factor_of(node)) ? 9 : 4;
    return width * weight.numel() * spread / 4;
  }
  /// The gradient of the places.
  std::int64_t backward_bytes(const Node& /*node*/, const std::vector<Shape>& /*inputs*/,
                              const Shape& output, int width) const override {
    return width * elements(output);
  }
  bool output_may_be_overwritten() const override { return true; }
  int output_axis() const override { return 1; }

 private:
  // Long et al. 2015: output channel o starts as input channel o, interpolated.
  // With a kernel of the factor alone that is a repetition.
  static std::vector<float> bilinear(const at::Tensor& weight, bool over) {
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
              static_cast<float>(over ? hat(y) * hat(x) : 1);
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
