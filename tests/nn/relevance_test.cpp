// Relevance through whole networks: what the walk keeps to, for every composite.
#include "dawson/nn/relevance.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/tensor.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "dawson/nn/networks.h"
#include "nn/refusal.h"
#include "nn/tensors.h"

namespace dawson::nn {
namespace {

Graph network(const std::string& encoder, bool biases) {
  NetworkSettings settings;
  settings.encoder = encoder;
  settings.input_channels = 2;
  settings.width = 4;
  settings.levels = 2;
  Graph graph = build(settings);
  core::Random random(3);
  if (encoder == "light") {
    randomise(graph, random);
  } else {
    graph.initialise(random);  // weights of one size would not carry a signal through 50 layers
  }
  const at::NoGradGuard no_gradient;
  for (const auto& [name, tensor] : graph.tensors()) {
    const bool offset =
        name.find("bias") != std::string::npos || name.find("mean") != std::string::npos;
    if (!offset) continue;
    if (biases) {
      assign_normal(tensor, random, 0.1);
    } else {
      tensor.zero_();
    }
  }
  return graph.folded();
}

at::Tensor picture(int n, int side) {
  core::Random random(5);
  return random_tensor({n, 2, side, side}, random).to(at::kFloat).clamp(-3, 3);
}
const InputBounds bounds{{-3, -3}, {3, 3}};

at::Tensor seed_for(const at::Tensor& x) {
  core::Random random(9);
  return random_tensor({x.size(0), 1, x.size(2), x.size(3)}, random).to(at::kFloat);
}

double total(const at::Tensor& t) {
  return t.to(at::kDouble).sum().item<double>();
}

/// A positive share of each logit's size. Not random relevance: a neuron that nothing contributes
/// to has nobody to hand it to.
at::Tensor positive_seed(Graph& graph, const at::Tensor& x) {
  const at::NoGradGuard no_gradient;
  return graph.forward(x).mul(seed_for(x)).abs();
}

/// For every composite on both networks.
void for_all(bool biases,
             const std::function<void(const Composite&, const Relevance&, double seeded)>& check) {
  for (const char* encoder : {"light", "mobilenet_v2"}) {
    Graph graph = network(encoder, biases);
    const at::Tensor x = picture(2, encoder == std::string("light") ? 16 : 64);
    const at::Tensor seed = positive_seed(graph, x);
    for (const Composite& composite : composites()) {
      SCOPED_TRACE(std::string(encoder) + " " + composite.name);
      check(composite, propagate_relevance(graph, x, seed, composite, bounds), total(seed));
    }
  }
}

TEST(Relevance, IsConservedWithoutBiases) {
  for_all(false, [](const Composite&, const Relevance& found, double seeded) {
    EXPECT_TRUE(found.input.isfinite().all().item<bool>());
    EXPECT_EQ(found.absorbed_by_biases, 0);
    EXPECT_NEAR(found.seeded, seeded, 1e-4 * seeded);
    EXPECT_NEAR(total(found.input), seeded, 1e-3 * seeded);
  });
}

TEST(Relevance, IsConservedButForWhatBiasesAbsorb) {
  for_all(true, [](const Composite&, const Relevance& found, double seeded) {
    EXPECT_NE(found.absorbed_by_biases, 0);
    EXPECT_NEAR(total(found.input) + found.absorbed_by_biases, seeded, 1e-3 * seeded);
  });
}

TEST(Relevance, IsAccountedForNodeByNode) {
  for_all(true, [](const Composite&, const Relevance& found, double seeded) {
    double biases = 0, stabilisers = 0;
    for (const NodeRelevance& node : found.nodes) {
      EXPECT_NEAR(node.arrived,
                  node.passed_on + node.absorbed_by_bias + node.absorbed_by_stabiliser,
                  1e-3 * std::max(seeded, std::abs(node.arrived)))
          << node.name;
      biases += node.absorbed_by_bias;
      stabilisers += node.absorbed_by_stabiliser;
    }
    EXPECT_NEAR(biases, found.absorbed_by_biases, 1e-6 * seeded);
    EXPECT_NEAR(stabilisers, found.absorbed_by_stabilisers, 1e-6 * seeded);
    EXPECT_EQ(found.nodes.front().name, "head");
    EXPECT_EQ(found.nodes.back().name, "input");
    EXPECT_NEAR(found.nodes.back().arrived, total(found.input), 1e-3 * seeded);
    EXPECT_NEAR(found.reached_input, total(found.input), 1e-3 * seeded);
  });
}

TEST(Relevance, LeavesGatesWithout) {
  for_all(true, [](const Composite&, const Relevance& found, double) {
    bool signal = false;
    for (const NodeRelevance& node : found.nodes) {
      signal = signal || node.name.find(".attention.signal") != std::string::npos;
      for (const char* part : {".theta", ".phi", ".psi", ".sigmoid", ".gate"}) {
        EXPECT_EQ(node.name.find(std::string(".attention") + part), std::string::npos) << node.name;
      }
    }
    EXPECT_TRUE(signal);
  });
}

TEST(Relevance, OfZPlusIsNeverNegativeForAPositiveSeed) {
  for_all(true, [](const Composite& composite, const Relevance& found, double) {
    if (composite.name != "z_plus" && composite.name != "deep_taylor") return;
    EXPECT_GE(found.input.min().item<double>(), 0);
    EXPECT_GT(found.input.max().item<double>(), 0);
  });
}

/// Bias-free, with ReLUs: every operation that relevance passes through but gates.
Graph without_biases() {
  Graph graph;
  const core::Json plain{{"channels", 4}, {"kernel", 3}, {"padding", 1}, {"bias", false}};
  const NodeId a =
      graph.add("a.relu", "relu", {graph.add("a", "convolution", {graph.input(2)}, plain)});
  const NodeId b = graph.add("b", "max_pool", {a}, {{"size", 2}});
  const NodeId c = graph.add("c.relu", "relu", {graph.add("c", "convolution", {b}, plain)});
  const NodeId d = graph.add("d", "add", {b, c});
  const NodeId e = graph.add("e", "average_pool", {d}, {{"size", 2}});
  const NodeId f = graph.add("f", "upsample_bilinear", {e}, {{"factor", 2}});
  const NodeId g = graph.add("g", "concatenate", {d, f});
  const NodeId h = graph.add(
      "h.relu", "relu",
      {graph.add("h", "transposed_convolution", {g}, {{"channels", 3}, {"bias", false}})});
  const NodeId i = graph.add("i", "dropout", {h});
  graph.add("head", "convolution", {i}, {{"channels", 1}, {"kernel", 1}, {"bias", false}});
  core::Random random(41);
  graph.initialise(random);
  return graph;
}

TEST(Relevance, ByEpsilonNearZeroIsGradientTimesInputOfAReluNetwork) {
  Graph graph = without_biases();
  for (const auto& item : graph.tensors()) item.second.set_data(item.second.to(at::kDouble));
  const at::Tensor x = picture(2, 12).to(at::kDouble).requires_grad_(true);
  const at::Tensor seed = seed_for(x).to(at::kDouble);
  // The relevance of a logit is the logit itself times a weight: Σ weight · logit is
  // differentiated.
  const at::Tensor logits = graph.forward(x);
  logits.mul(seed).sum().backward();
  const at::Tensor expected = x.grad().mul(x.detach());
  Composite composite = find_composite("epsilon");
  composite.first.epsilon = composite.lower.epsilon = composite.upper.epsilon = 1e-14;
  const Relevance found =
      propagate_relevance(graph, x.detach(), logits.detach().mul(seed), composite);
  EXPECT_LT(difference(found.output, logits), 1e-12);
  EXPECT_GT(expected.abs().max().item<double>(), 0.01);
  EXPECT_LT(difference(found.input, expected), 1e-6 * expected.abs().max().item<double>());
}

TEST(Relevance, KnowsOnlyWhatTheOutputSees) {
  // A head of one pixel sees, through both poolings and both 3 × 3 convolutions, a part of the rows
  // and columns around it: what lies outside must get exactly none.
  const Graph graph = without_biases();
  const at::Tensor x = picture(1, 48);
  at::Tensor seed = seed_for(x).mul(0);
  seed[0][0][24][24] = 1;
  for (const char* name : {"epsilon", "z_plus", "epsilon_alpha2_beta1_flat", "epsilon_gamma"}) {
    const at::Tensor found = propagate_relevance(graph, x, seed, find_composite(name)).input.abs();
    EXPECT_NEAR(total(found.slice(2, 12, 36).slice(3, 12, 36)), total(found), 0) << name;
    EXPECT_GT(total(found), 0) << name;
  }
}

TEST(Relevance, IsLinearInTheSeedAndKeepsPicturesApart) {
  const Graph graph = network("light", true);
  const at::Tensor x = picture(3, 16);
  const at::Tensor one = seed_for(x), other = one.roll(3, 2).abs();
  for (const Composite& composite : composites()) {
    SCOPED_TRACE(composite.name);
    const auto map = [&](const at::Tensor& of, const at::Tensor& seed) {
      return propagate_relevance(graph, of, seed, composite, bounds).input;
    };
    const at::Tensor together = map(x, one.mul(2).sub(other));
    const double scale = together.abs().max().item<double>();
    EXPECT_LT(difference(together, map(x, one).mul(2).sub(map(x, other))), 2e-3 * scale);
    const at::Tensor alone = map(x.slice(0, 1, 2), one.slice(0, 1, 2));
    EXPECT_LT(difference(map(x, one).slice(0, 1, 2), alone), 2e-3 * scale);
  }
}

TEST(Relevance, IsTheSameThroughASmallWindowAsThroughTheWholePicture) {
  // A spot of relevance is followed through windows; with a second spot in the far corner the
  // windows are the whole picture, and what the second brings is taken off again.
  const std::vector<std::pair<std::string, Graph>> graphs{
      {"light", network("light", true)},
      {"mobilenet_v2", network("mobilenet_v2", true)},
      {"every operation", without_biases()}};
  for (const auto& [name, graph] : graphs) {
    const at::Tensor x = picture(1, 64);
    for (const char* rules : {"epsilon_alpha2_beta1_flat", "epsilon_gamma_box", "z_plus"}) {
      const Composite& composite = find_composite(rules);
      SCOPED_TRACE(name + " " + composite.name);
      const auto map = [&, &network = graph](std::initializer_list<std::int64_t> spots) {
        const at::Tensor seed = seed_for(x).mul(0);
        for (const std::int64_t at : spots) {
          seed.slice(2, at, at + 3).slice(3, at, at + 2).fill_(1);
        }
        return propagate_relevance(network, x, seed, composite, bounds).input;
      };
      for (const std::int64_t place : {0, 25}) {
        const at::Tensor alone = map({place});
        const at::Tensor within = map({place, 61}).sub(map({61}));
        const double scale = std::max(alone.abs().max().item<double>(), 1e-9);
        EXPECT_LT(difference(alone, within), 2e-3 * scale);
      }
    }
  }
}

TEST(Relevance, FoldsBatchNormsItself) {
  NetworkSettings settings;
  settings.input_channels = 2;
  settings.width = 4;
  settings.levels = 2;
  Graph graph = build(settings);
  core::Random random(3);
  randomise(graph, random);
  const at::Tensor x = picture(2, 16), seed = seed_for(x);
  const Composite& composite = composites().front();
  const Relevance plain = propagate_relevance(graph, x, seed, composite);
  const Relevance folded = propagate_relevance(graph.folded(), x, seed, composite);
  EXPECT_TRUE(plain.input.equal(folded.input));
  const at::NoGradGuard no_gradient;
  EXPECT_LT(difference(plain.output, graph.forward(x)), 1e-5);
}

TEST(Relevance, ComesInTheTypeOfTheInputAndLeavesItAlone) {
  const Graph graph = network("light", true);
  const at::Tensor x = picture(1, 16), kept = x.clone(), seed = seed_for(x);
  const Relevance narrow =
      propagate_relevance(graph, x.to(at::kBFloat16), seed, composites().front());
  EXPECT_EQ(narrow.input.scalar_type(), at::kBFloat16);
  EXPECT_EQ(narrow.output.scalar_type(), at::kFloat);
  const Relevance wide = propagate_relevance(graph, x, seed, composites().front());
  EXPECT_EQ(wide.input.scalar_type(), at::kFloat);
  EXPECT_EQ(wide.input.sizes(), x.sizes());
  EXPECT_TRUE(x.equal(kept));
}

TEST(Relevance, IsFiniteAndAccountedForWhereNothingIsSeen) {
  const Graph graph = network("light", false);
  const at::Tensor x = picture(1, 16).mul(0);
  const at::Tensor seed = seed_for(x);
  for (const Composite& composite : composites()) {
    const Relevance found = propagate_relevance(graph, x, seed, composite, bounds);
    EXPECT_TRUE(found.input.isfinite().all().item<bool>()) << composite.name;
    EXPECT_NEAR(found.reached_input + found.absorbed_by_stabilisers, found.seeded,
                1e-3 * total(seed.abs()))
        << composite.name;
  }
}

TEST(Composites, GiveEachDepthItsRule) {
  // Depths of the convolutions: a 1, c 2, h 3, head 4. With a share of ½ h and head are near the
  // output. Which settings a node had is seen from what a large stabiliser absorbs there.
  Graph graph = without_biases();
  const at::Tensor x = picture(1, 16), seed = positive_seed(graph, x);
  Composite composite = find_composite("epsilon");
  composite.upper_share = 0.5;
  composite.upper.epsilon = 0.5;
  const auto absorbing = [&] {
    std::vector<std::string> names;
    for (const NodeRelevance& node : propagate_relevance(graph, x, seed, composite).nodes) {
      if (std::abs(node.absorbed_by_stabiliser) > 1e-3 * std::abs(node.arrived)) {
        names.push_back(node.name);
      }
    }
    return names;
  };
  EXPECT_EQ(absorbing(), (std::vector<std::string>{"head", "h"}));
  composite.upper.epsilon = 1e-9;
  composite.lower.epsilon = 0.5;
  EXPECT_EQ(absorbing(), (std::vector<std::string>{"f", "e", "d", "c"}));
  composite.lower.epsilon = 1e-9;
  composite.first.epsilon = 0.5;
  EXPECT_EQ(absorbing(), (std::vector<std::string>{"a"}));
}

TEST(Composites, AreFoundByName) {
  for (const Composite& composite : composites()) {
    EXPECT_EQ(&find_composite(composite.name), &composite);
    EXPECT_FALSE(composite.about.empty());
  }
  const std::string text = error_of([] { (void)find_composite("lrp"); }, ExitCode::usage);
  EXPECT_NE(text.find("epsilon_gamma_box"), std::string::npos) << text;
}

TEST(Relevance, RefusesWhatDoesNotFit) {
  const Graph graph = network("light", true);
  const at::Tensor x = picture(1, 16), seed = seed_for(x);
  const Composite& box = find_composite("epsilon_gamma_box");
  const auto run = [&](const at::Tensor& of, const at::Tensor& put, const Composite& composite,
                       const InputBounds& between) {
    (void)propagate_relevance(graph, of, put, composite, between);
  };
  error_of([&] { run(x, seed, box, {}); }, ExitCode::usage);
  error_of([&] { run(x, seed, box, {{-3}, {3}}); }, ExitCode::usage);
  const std::string beyond = error_of(
      [&] {
        run(x, seed, box, {{-3, -3}, {3, 0.5}});
      },
      ExitCode::usage);
  EXPECT_NE(beyond.find("channel 1"), std::string::npos) << beyond;
  Composite everywhere = box;
  everywhere.lower.rule = RelevanceRule::z_bounded;
  error_of([&] { run(x, seed, everywhere, bounds); }, ExitCode::usage);
  error_of([&] { run(x, seed.slice(3, 0, 8), box, bounds); }, ExitCode::defect);
  error_of([&] { run(x.slice(3, 0, 15), seed, box, bounds); }, ExitCode::defect);
}

}  // namespace
}  // namespace dawson::nn
