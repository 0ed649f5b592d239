// The encoders against PyTorch: encoder_levels.json holds what tests/reference/encoders.py found
// with the weights and the picture that `made` gives here as there.
#include "dawson/nn/encoders.h"

#include <ATen/core/grad_mode.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "dawson/core/error.h"
#include "dawson/nn/mobilenet_v2.h"
#include "nn/tensors.h"

namespace dawson::nn {
namespace {

const std::string prefix = "encoder.";

/// Numbers in 0 … 1 that follow from the name: FNV-1a, then a 32-bit mixing.
std::vector<double> made(const std::string& name, std::int64_t count) {
  std::uint32_t seed = 2166136261U;
  for (const char c : name) seed = (seed ^ static_cast<unsigned char>(c)) * 16777619U;
  std::vector<double> numbers;
  for (std::uint32_t i = 0; i < static_cast<std::uint32_t>(count); ++i) {
    std::uint32_t x = seed + i * 0x9E3779B9U;
    x = (x ^ x >> 16U) * 0x7FEB352DU;
    x = (x ^ x >> 15U) * 0x846CA68BU;
    x ^= x >> 16U;
    numbers.push_back((x >> 8U) * 0x1p-24);
  }
  return numbers;
}

void make(const at::Tensor& tensor, const std::string& name) {
  const auto ends = [&](const std::string& end) {
    return name.size() >= end.size() && name.substr(name.size() - end.size()) == end;
  };
  std::vector<float> values;
  for (const double u : made(name, tensor.numel())) {
    double value = (2 * u - 1) * 0.3;
    if (tensor.dim() == 4) {
      const std::int64_t fan_in = tensor.size(1) * tensor.size(2) * tensor.size(3);
      value = (2 * u - 1) * std::sqrt(6.0 / static_cast<double>(fan_in));
    } else if (ends("running_var") || ends("weight")) {
      value = 0.5 + u;
    }
    values.push_back(static_cast<float>(value));
  }
  assign(tensor, values);
}

/// The trunk, with MobileNetV2's last convolution as a level more.
EncoderLevels add_trunk(Graph& graph, const std::string& name) {
  NetworkSettings settings;
  settings.encoder = name;
  const NodeId input = graph.input(3);
  if (name.rfind("mobilenet_v2", 0) != 0) return add_encoder(graph, settings, input);
  const auto padding =
      name == "mobilenet_v2" ? MobileNetPadding::torchvision : MobileNetPadding::tensorflow;
  EncoderLevels levels = add_mobilenet_v2(graph, prefix, input, padding, true);
  levels.values.push_back(static_cast<NodeId>(graph.nodes().size()) - 1);
  levels.strides.push_back(32);
  return levels;
}

std::vector<at::Tensor> values_of_all_nodes(const Graph& graph, const at::Tensor& x) {
  std::vector<at::Tensor> values;
  for (const Node& node : graph.nodes()) {
    std::vector<at::Tensor> inputs;
    for (const NodeId id : node.inputs) inputs.push_back(values[static_cast<std::size_t>(id)]);
    if (inputs.empty()) inputs.push_back(x.contiguous(at::MemoryFormat::ChannelsLast));
    values.push_back(find_operation(node.operation).forward(node, inputs, {}));
  }
  return values;
}

void expect_as_described(const at::Tensor& value, const core::Json& expected) {
  ASSERT_EQ(value.sizes().vec(), expected["shape"].get<std::vector<std::int64_t>>());
  const at::Tensor flat = value.contiguous().to(at::kDouble).view({-1});
  const double* const found = flat.data_ptr<double>();
  const double largest = expected["largest"];
  for (std::size_t i = 0; i < expected["places"].size(); ++i) {
    ASSERT_NEAR(found[expected["places"][i].get<std::size_t>()],
                expected["values"][i].get<double>(), 1e-4 * largest);
  }
  const std::vector<double> weights = made("projection", flat.numel());
  double projection = 0, magnitude = 0;
  for (std::int64_t i = 0; i < flat.numel(); ++i) {
    projection += found[i] * (2 * weights[static_cast<std::size_t>(i)] - 1);
    magnitude += std::abs(found[i]);
  }
  const double whole = expected["magnitude"];
  EXPECT_NEAR(magnitude, whole, 1e-5 * whole);
  EXPECT_NEAR(projection, expected["projection"].get<double>(), 1e-5 * whole);
}

class Encoders : public ::testing::TestWithParam<const char*> {};

TEST_P(Encoders, HavePyTorchsValuesAtEveryLevel) {
  const core::Json all =
      core::read_json(std::string(DAWSON_SOURCE_DIR) + "/tests/nn/encoder_levels.json");
  const core::Json& expected = all["encoders"][GetParam()];
  Graph graph;
  const EncoderLevels levels = add_trunk(graph, GetParam());
  std::int64_t parameters = 0;
  for (const auto& item : graph.parameters()) parameters += item.second.numel();
  EXPECT_EQ(parameters, expected["parameters"].get<std::int64_t>());
  for (const auto& [name, tensor] : graph.tensors()) make(tensor, name.substr(prefix.size()));
  const at::Tensor picture =
      zero_weight(all["picture"][0], all["picture"][1], all["picture"][2], all["picture"][3]);
  std::vector<float> pixels;
  for (const double u : made("picture", picture.numel())) {
    pixels.push_back(static_cast<float>(4 * u - 2));
  }
  assign(picture, pixels);

  const at::NoGradGuard no_gradient;
  const std::vector<at::Tensor> values = values_of_all_nodes(graph, picture);
  ASSERT_EQ(levels.values.size(), expected["levels"].size());
  ASSERT_EQ(levels.strides.size(), levels.values.size());
  for (std::size_t i = 0; i < levels.values.size(); ++i) {
    SCOPED_TRACE(expected["levels"][i]["node"].get<std::string>());
    const at::Tensor& value = values[static_cast<std::size_t>(levels.values[i])];
    EXPECT_EQ(value.size(2) * levels.strides[i], picture.size(2));
    expect_as_described(value, expected["levels"][i]);
  }
}

// 14,714,688 · 11,176,512 · 23,508,032 · 2,223,872: torchvision's trunks, counted by PyTorch there.
INSTANTIATE_TEST_SUITE_P(All, Encoders,
                         ::testing::Values("vgg16", "resnet18", "resnet50", "mobilenet_v2",
                                           "mobilenet_v2_tf"),
                         [](const auto& test) { return std::string(test.param); });

TEST(LightEncoder, HasALevelBeforeEachPoolingAndOneAfterTheLast) {
  NetworkSettings settings;
  settings.width = 8;
  settings.levels = 3;
  Graph graph;
  const EncoderLevels levels = add_encoder(graph, settings, graph.input(2));
  EXPECT_EQ(levels.strides, (std::vector<int>{1, 2, 4, 8}));
  const Cost cost = graph.cost(1, 32, 64);
  for (std::size_t i = 0; i < 4; ++i) {
    const NodeCost& node = cost.nodes[static_cast<std::size_t>(levels.values[i])];
    EXPECT_EQ(node.shape, (std::vector<std::int64_t>{1, 8 << i, 32 >> i, 64 >> i}));
  }
}

TEST(Encoder, RefusesUnknownNames) {
  NetworkSettings settings;
  settings.encoder = "vgg19";
  Graph graph;
  const NodeId input = graph.input(3);
  EXPECT_THROW(add_encoder(graph, settings, input), Error);
}

}  // namespace
}  // namespace dawson::nn
