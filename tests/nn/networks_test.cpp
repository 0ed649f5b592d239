#include "dawson/nn/networks.h"

#include <ATen/core/grad_mode.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <tuple>

#include "dawson/core/error.h"
#include "dawson/core/json.h"
#include "dawson/nn/blocks.h"
#include "nn/reference.h"
#include "nn/tensors.h"

namespace dawson::nn {
namespace {

using reference::Array;

at::Tensor picture(int n, int c, int h, int w) {
  core::Random random(5);
  return random_tensor({n, c, h, w}, random).to(at::kFloat);
}

TEST(AttentionFcn, IsAsLightAsItSays) {
  const Graph graph = build({});
  const Cost cost = graph.cost(1, 192, 192);
  EXPECT_GT(cost.parameters, 1'500'000);
  EXPECT_LT(cost.parameters, 2'500'000);
  EXPECT_LT(cost.flops, 4'000'000'000);
  EXPECT_EQ(graph.stride(), 16);
  std::int64_t counted = 0;
  for (const auto& item : graph.parameters()) counted += item.second.numel();
  EXPECT_EQ(counted, cost.parameters);
}

TEST(AttentionFcn, StartsNearThePriorOfLesion) {
  Graph graph = build({});
  EXPECT_FLOAT_EQ(graph.tensors().at("head.bias")[0].item<float>(), -4);
  const at::NoGradGuard no_gradient;
  // In training mode, as the first step sees it: log-odds of −4 are 1.8 %.
  const double p = graph.forward(picture(2, 4, 64, 64), true).sigmoid().mean().item<double>();
  EXPECT_GT(p, 0.002);
  EXPECT_LT(p, 0.2);
}

TEST(AttentionFcn, TakesEveryWidthAndDepth) {
  const at::NoGradGuard no_gradient;
  for (const int width : {3, 8, 24}) {
    for (const int levels : {1, 3, 5}) {
      NetworkSettings settings;
      settings.width = width;
      settings.levels = levels;
      settings.input_channels = 1;
      Graph graph = build(settings);
      const int side = 2 << levels;
      EXPECT_EQ(graph.stride(), 1 << levels);
      EXPECT_EQ(graph.forward(picture(1, 1, side, 2 * side)).sizes().vec(),
                (std::vector<std::int64_t>{1, 1, side, 2 * side}));
    }
  }
}

TEST(AttentionFcn, IsTheGraphOfTheShippedModels) {
  const auto sorted = [](const Graph& graph) {  // the order of settings does not matter
    return nlohmann::json::parse(graph.describe().dump());
  };
  for (const auto& [name, width, dropout] :
       {std::tuple{"lesion", 16, 0.1}, std::tuple{"brain", 8, 0.0}}) {
    const core::Json model =
        core::read_json(std::filesystem::path(DAWSON_SOURCE_DIR) / "models" / name / "model.json");
    const Graph shipped = Graph::from_description(model.at("network"));
    NetworkSettings settings;
    settings.input_channels = shipped.input_channels();
    settings.width = width;
    settings.dropout = dropout;
    EXPECT_EQ(sorted(build_without_weights(settings)), sorted(shipped)) << name;
  }
}

TEST(AttentionGate, IsSkipTimesSigmoidOfTheSum) {
  Graph graph;
  const NodeId skip = graph.input(3);
  const NodeId gating = graph.add("gating", "average_pool", {skip});
  attention_gate(graph, "gate", skip, gating, 2);
  core::Random random(4);
  randomise(graph, random);
  const at::Tensor x = picture(2, 3, 6, 4);
  const at::NoGradGuard no_gradient;
  const Array found(graph.forward(x));

  const auto node = [&](const std::string& name) -> const Node& { return node_of(graph, name); };
  const Array whole(x);
  const Array coarse = reference::pool(node("gating"), {whole}, false);
  Array sum = reference::add({}, {reference::convolution(node("gate.theta"), {whole}),
                                  reference::convolution(node("gate.phi"), {coarse})});
  sum = reference::each(sum, [](double v) { return std::max(v, 0.0); });
  const Array psi = reference::each(reference::convolution(node("gate.psi"), {sum}),
                                    [](double v) { return 1 / (1 + std::exp(-v)); });
  const Array open = reference::upsample_bilinear(node("gate.gate"), {psi});
  const Array expected = reference::multiply({}, {whole, open});
  ASSERT_EQ(found.size, expected.size);
  for (std::size_t i = 0; i < expected.data.size(); ++i) {
    ASSERT_NEAR(found.data[i], expected.data[i], 1e-5);
  }
}

TEST(AttentionGate, OpensAndShuts) {
  Graph graph;
  const NodeId skip = graph.input(3);
  const NodeId gating = graph.add("gating", "average_pool", {skip});
  attention_gate(graph, "gate", skip, gating, 2);
  const at::Tensor x = picture(1, 3, 8, 8);
  const at::NoGradGuard no_gradient;
  graph.tensors().at("gate.psi.bias").fill_(50);
  EXPECT_LT(difference(graph.forward(x), x), 1e-6);
  graph.tensors().at("gate.psi.bias").fill_(-50);
  EXPECT_LT(graph.forward(x).abs().max().item<double>(), 1e-6);
}

TEST(Networks, RefusesUnknownNamesWithTheNearest) {
  NetworkSettings settings;
  settings.architecture = "atention_fcn";
  try {
    (void)build(settings);
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ExitCode::usage);
    EXPECT_NE(std::string(e.what()).find("'attention_fcn'"), std::string::npos) << e.what();
  }
  settings = {};
  settings.encoder = "mobilenet";
  try {
    (void)build(settings);
    FAIL();
  } catch (const Error& e) {
    EXPECT_NE(std::string(e.what()).find("'mobilenet_v2'"), std::string::npos) << e.what();
  }
  settings = {};
  settings.encoder = "transformer";
  try {
    (void)build(settings);
    FAIL();
  } catch (const Error& e) {
    EXPECT_NE(std::string(e.what()).find("known are light, mobilenet_v2"), std::string::npos)
        << e.what();
  }
}

TEST(Networks, RefuseNumbersThatMakeNone) {
  const auto refused = [](const std::function<void(NetworkSettings&)>& change) {
    NetworkSettings settings;
    change(settings);
    try {
      (void)build(settings);
    } catch (const Error& e) {
      return e.code() == ExitCode::usage;
    }
    return false;
  };
  EXPECT_TRUE(refused([](auto& s) { s.levels = 9; }));
  EXPECT_TRUE(refused([](auto& s) { s.width = 0; }));
  EXPECT_TRUE(refused([](auto& s) { s.input_channels = 0; }));
  EXPECT_TRUE(refused([](auto& s) { s.dropout = 1; }));
  EXPECT_TRUE(refused([](auto& s) { s.fully_connected = true; }));
  EXPECT_TRUE(refused([](auto& s) {
    s.architecture = "fcn8s";
    s.levels = 2;
  }));
}

}  // namespace
}  // namespace dawson::nn
