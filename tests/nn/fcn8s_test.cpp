#include <ATen/core/grad_mode.h>
#include <gtest/gtest.h>

#include "dawson/nn/networks.h"
#include "nn/reference.h"
#include "nn/tensors.h"

namespace dawson::nn {
namespace {

using reference::Array;

at::Tensor picture(int n, int c, int h, int w) {
  core::Random random(5);
  return random_tensor({n, c, h, w}, random).to(at::kFloat);
}

TEST(Fcn8s, FusesScoresAtStrides32And16And8) {
  NetworkSettings settings;
  settings.architecture = "fcn8s";
  settings.encoder = "resnet18";
  settings.input_channels = 1;
  const Graph graph = build_without_weights(settings);
  for (const auto& [score, channels] :
       {std::pair{"score.32", 512}, std::pair{"score.16", 256}, std::pair{"score.8", 128}}) {
    EXPECT_EQ(node_of(graph, score).parameters.at("weight").sizes().vec(),
              (std::vector<std::int64_t>{1, channels, 1, 1}));
  }
  EXPECT_EQ(node_of(graph, "head").parameters.at("weight").sizes().vec(),
            (std::vector<std::int64_t>{1, 1, 16, 16}));
  const Cost cost = graph.cost(1, 64, 96);
  const auto height_of = [&](const std::string& name) {
    for (const NodeCost& node : cost.nodes) {
      if (node.name == name) return node.shape[2];
    }
    return std::int64_t{0};
  };
  EXPECT_EQ(height_of("score.32"), 2);
  EXPECT_EQ(height_of("fused.16"), 4);
  EXPECT_EQ(height_of("fused.8"), 8);
}

/// What a score of that stride is after the network's enlargements of 2, 2 and 8, as
/// interpolations.
Array interpolated(Array score, int stride) {
  while (stride > 1) {
    const int by = stride == 8 ? 8 : 2;
    Node enlarged;
    enlarged.settings = {{"factor", by}};
    score = reference::upsample_bilinear(enlarged, {score});
    stride /= by;
  }
  return score;
}

// Long et al. 2015, section 4.2: the score of one stride alone comes out bilinearly interpolated.
TEST(Fcn8s, StartsAsBilinearInterpolationOfEachScore) {
  NetworkSettings settings;
  settings.architecture = "fcn8s";
  settings.levels = 5;
  settings.width = 4;
  settings.input_channels = 1;
  constexpr int height = 160, width = 192;
  const at::NoGradGuard no_gradient;
  const at::Tensor x = picture(1, 1, height, width);
  for (const int stride : {8, 16, 32}) {
    SCOPED_TRACE(stride);
    Graph graph = build(settings);
    for (const int other : {8, 16, 32}) {
      if (other == stride) continue;
      graph.tensors().at("score." + std::to_string(other) + ".weight").zero_();
    }
    // The nodes up to that score, as a network of their own.
    Graph part;
    for (const Node& node : graph.nodes()) {
      part.add(node.name, node.operation, node.inputs, node.settings);
      if (node.name == "score." + std::to_string(stride)) break;
    }
    const Tensors all = graph.tensors();
    for (const auto& [name, tensor] : part.tensors()) tensor.copy_(all.at(name));
    const Array expected = interpolated(Array(part.forward(x)), stride);
    const Array found(graph.forward(x));
    ASSERT_EQ(found.size, expected.size);
    double largest = 0;
    // Towards the edges transposed convolutions fade while interpolation repeats.
    const int edge = 2 * stride;
    for (int row = edge; row < height - edge; ++row) {
      for (int column = edge; column < width - edge; ++column) {
        const double logit = expected.at(0, 0, row, column);
        ASSERT_NEAR(found.at(0, 0, row, column), logit - 4, 1e-4);
        largest = std::max(largest, std::abs(logit));
      }
    }
    EXPECT_GT(largest, 0.1);
  }
}

TEST(Fcn8s, TakesTheClassifiersLayersWhenAsked) {
  NetworkSettings settings;
  settings.architecture = "fcn8s";
  settings.width = 2;
  settings.levels = 3;
  settings.dropout = 0.5;
  const std::int64_t without = build_without_weights(settings).cost(1, 8, 8).parameters;
  settings.fully_connected = true;
  Graph graph = build_without_weights(settings);
  // 7×7 from 16 channels to 4096, 1×1 to 4096, and a score of 4096 in place of 16 channels.
  EXPECT_EQ(graph.cost(1, 8, 8).parameters - without,
            49 * 16 * 4096 + 4096 + 4096 * 4096 + 4096 + 4096 - 16);
  EXPECT_EQ(node_of(graph, "fc6.dropout").settings["probability"], 0.5);
  EXPECT_EQ(node_of(graph, "fc7.dropout").operation, "dropout");
  const at::NoGradGuard no_gradient;
  EXPECT_EQ(graph.forward(picture(1, 4, 16, 8)).sizes().vec(),
            (std::vector<std::int64_t>{1, 1, 16, 8}));
}

}  // namespace
}  // namespace dawson::nn
