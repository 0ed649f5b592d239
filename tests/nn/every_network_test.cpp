// Every network over every encoder.
#include <ATen/core/grad_mode.h>
#include <gtest/gtest.h>

#include <cmath>

#include "dawson/nn/networks.h"
#include "dawson/nn/relevance.h"
#include "nn/tensors.h"

namespace dawson::nn {
namespace {

struct Combination {
  std::string architecture, encoder;
};

std::vector<Combination> combinations() {
  std::vector<Combination> all;
  for (const std::string& architecture : architecture_names()) {
    for (const std::string& encoder : encoder_names()) all.push_back({architecture, encoder});
  }
  return all;
}

/// He-normal weights from torch's generator, which is quicker than ours for tens of millions, and
/// norms a little off their identity.
void fill(Graph& graph, bool biases) {
  const at::NoGradGuard no_gradient;
  at::manual_seed(3);
  for (const Node& node : graph.nodes()) {
    for (const auto& [name, tensor] : node.parameters) {
      if (node.operation == "batch_norm") {
        name == "weight" ? tensor.uniform_(0.8, 1.2) : tensor.normal_(0, biases ? 0.1 : 0);
      } else if (name == "bias") {
        tensor.normal_(0, biases ? 0.1 : 0);
      } else if (node.operation == "convolution") {
        tensor.normal_(0, std::sqrt(2.0 / static_cast<double>(tensor[0].numel())));
      } else {
        tensor.normal_(0, std::sqrt(1.0 / static_cast<double>(tensor.size(0))));
      }
    }
    if (node.operation == "batch_norm") {
      node.buffers.at("running_mean").normal_(0, biases ? 0.1 : 0);
      node.buffers.at("running_var").uniform_(0.7, 1.4);
    }
  }
}

at::Tensor picture(int n, int c, int h, int w) {
  core::Random random(5);
  return random_tensor({n, c, h, w}, random).to(at::kFloat);
}

class EveryNetwork : public ::testing::TestWithParam<Combination> {
 protected:
  static NetworkSettings settings(int channels) {
    NetworkSettings made;
    made.architecture = GetParam().architecture;
    made.encoder = GetParam().encoder;
    made.input_channels = channels;
    made.width = 4;
    made.levels = 3;
    return made;
  }
  static Graph network(int channels, bool biases = true) {
    Graph graph = build_without_weights(settings(channels));
    fill(graph, biases);
    return graph;
  }
};

TEST_P(EveryNetwork, GivesOneLogitAPixelAtAnySizeItTakes) {
  const int stride = GetParam().encoder == "light" ? 8 : 32;
  const at::NoGradGuard no_gradient;
  for (const int channels : {1, 5}) {
    Graph graph = network(channels);
    EXPECT_EQ(graph.stride(), stride);
    EXPECT_EQ(graph.channels(static_cast<NodeId>(graph.nodes().size()) - 1), 1);
    for (const auto& [h, w] : {std::pair{stride, stride}, {2 * stride, 3 * stride}}) {
      const at::Tensor y = graph.forward(picture(2, channels, h, w));
      EXPECT_EQ(y.sizes().vec(), (std::vector<std::int64_t>{2, 1, h, w}));
      EXPECT_TRUE(y.isfinite().all().item<bool>());
      EXPECT_EQ(graph.cost(2, h, w).nodes.back().shape, y.sizes().vec());
    }
  }
}

TEST_P(EveryNetwork, LearnsWithEveryParameter) {
  Graph graph = network(2);
  bool drops = false;
  for (const Node& node : graph.nodes()) drops = drops || node.operation == "dropout";
  EXPECT_TRUE(drops);
  for (const auto& item : graph.parameters()) item.second.requires_grad_(true);
  graph.forward(picture(3, 2, 64, 32), true).pow(2).mean().backward();
  for (const auto& [name, tensor] : graph.parameters()) {
    ASSERT_TRUE(tensor.grad().defined()) << name;
    EXPECT_TRUE(tensor.grad().isfinite().all().item<bool>()) << name;
    EXPECT_GT(tensor.grad().abs().max().item<double>(), 0) << name;
  }
}

TEST_P(EveryNetwork, IsWhatItsDescriptionSays) {
  Graph graph = network(3);
  Graph again = Graph::from_description(core::Json::parse(graph.describe().dump()));
  EXPECT_EQ(again.describe(), graph.describe());
  again.load(graph.tensors());
  const at::NoGradGuard no_gradient;
  const at::Tensor x = picture(1, 3, 64, 32);
  EXPECT_TRUE(again.forward(x).equal(graph.forward(x)));
}

TEST_P(EveryNetwork, FoldsItsNorms) {
  Graph graph = network(2);
  // In double: what float32 rounds off in fifty layers is no matter of folding.
  for (const auto& item : graph.tensors()) item.second.set_data(item.second.to(at::kDouble));
  Graph folded = graph.folded();
  std::size_t before = 0, after = 0;
  for (const Node& node : graph.nodes()) before += node.operation == "batch_norm" ? 1 : 0;
  for (const Node& node : folded.nodes()) after += node.operation == "batch_norm" ? 1 : 0;
  EXPECT_EQ(before == 0, GetParam().encoder == "vgg16" && GetParam().architecture == "fcn8s");
  if (GetParam().architecture == "residual_unet") {
    EXPECT_LT(after, before) << "norms before a unit follow no convolution, the others do";
  } else {
    EXPECT_EQ(after, 0U);
  }
  const at::NoGradGuard no_gradient;
  const at::Tensor x = picture(1, 2, 64, 32).to(at::kDouble);
  const at::Tensor y = graph.forward(x);
  EXPECT_GT(y.std().item<double>(), 0);
  const double scale = std::max(1.0, y.abs().max().item<double>());
  EXPECT_LT(difference(y, folded.forward(x)), 1e-10 * scale);
}

TEST_P(EveryNetwork, ConservesRelevanceWithoutBiases) {
  Graph graph = network(2, /*biases=*/false).folded();
  const at::Tensor x = picture(1, 2, 64, 32).clamp_(-3, 3);
  at::Tensor seed;
  {
    const at::NoGradGuard no_gradient;
    seed = graph.forward(x).abs();  // a share of each logit's own size
  }
  const double seeded = seed.to(at::kDouble).sum().item<double>();
  ASSERT_GT(seeded, 0);
  for (const char* name : {"epsilon_plus_flat", "epsilon_gamma_box", "z_plus"}) {
    const Relevance found =
        propagate_relevance(graph, x, seed, find_composite(name), {{-3, -3}, {3, 3}});
    EXPECT_EQ(found.absorbed_by_biases, 0) << name;
    EXPECT_NEAR(found.input.to(at::kDouble).sum().item<double>(), seeded, 1e-3 * seeded) << name;
  }
}

INSTANTIATE_TEST_SUITE_P(All, EveryNetwork, ::testing::ValuesIn(combinations()),
                         [](const auto& tried) {
                           return tried.param.architecture + "_over_" + tried.param.encoder;
                         });

}  // namespace
}  // namespace dawson::nn
