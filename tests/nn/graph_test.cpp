#include "dawson/nn/graph.h"

#include <ATen/core/grad_mode.h>
#include <gtest/gtest.h>

#include "dawson/nn/blocks.h"
#include "dawson/nn/compute.h"
#include "dawson/nn/networks.h"
#include "nn/refusal.h"
#include "nn/tensors.h"

namespace dawson::nn {
namespace {

Graph small_network(double dropout = 0.1) {
  NetworkSettings settings;
  settings.dropout = dropout;
  settings.input_channels = 2;
  settings.width = 4;
  settings.levels = 2;
  Graph graph = build(settings);
  core::Random random(3);
  randomise(graph, random);
  return graph;
}

at::Tensor picture(int n, int c, int h, int w) {
  core::Random random(5);
  return random_tensor({n, c, h, w}, random).to(at::kFloat);
}

TEST(Graph, GivesOneLogitAPixel) {
  Graph graph = small_network();
  const at::NoGradGuard no_gradient;
  EXPECT_EQ(graph.forward(picture(3, 2, 8, 12)).sizes().vec(),
            (std::vector<std::int64_t>{3, 1, 8, 12}));
}

TEST(Graph, AnswersTheSameEachTimeAndAlike) {
  Graph graph = small_network();
  const at::NoGradGuard no_gradient;
  const at::Tensor x = picture(3, 2, 8, 12);
  const at::Tensor kept = x.clone();
  const at::Tensor y = graph.forward(x);
  EXPECT_TRUE(x.equal(kept)) << "the input was written over";
  EXPECT_TRUE(y.equal(graph.forward(x)));
  EXPECT_LT(difference(y.slice(0, 1, 2), graph.forward(x.slice(0, 1, 2))), 1e-5)
      << "a picture's answer depends on its batch";
}

TEST(Graph, MovesWithTheInput) {
  Graph graph = small_network();
  const at::NoGradGuard no_gradient;
  at::Tensor x = picture(1, 2, 128, 128);
  const at::Tensor y = graph.forward(x);
  const at::Tensor moved = graph.forward(x.roll({4, 8}, {2, 3}));
  EXPECT_LT(
      difference(y.slice(2, 48, 72).slice(3, 48, 72), moved.slice(2, 52, 76).slice(3, 56, 80)),
      1e-4);
}

TEST(Graph, GradientsFlowToEveryParameter) {
  Graph graph = small_network();
  for (const auto& item : graph.parameters()) item.second.requires_grad_(true);
  graph.forward(picture(4, 2, 16, 16), true).pow(2).mean().backward();
  for (const auto& [name, tensor] : graph.parameters()) {
    ASSERT_TRUE(tensor.grad().defined()) << name;
    EXPECT_TRUE(tensor.grad().isfinite().all().item<bool>()) << name;
    EXPECT_GT(tensor.grad().abs().max().item<double>(), 0) << name;
  }
}

TEST(Graph, GradientOfTheWholeNetworkIsThatOfFiniteDifferences) {
  Graph graph = small_network();
  std::vector<at::Tensor> leaves;
  for (const auto& item : graph.tensors()) item.second.set_data(item.second.to(at::kDouble));
  for (const auto& item : graph.parameters()) {
    item.second.requires_grad_(true);
    leaves.push_back(item.second);
  }
  const at::Tensor x = picture(2, 2, 8, 8).to(at::kDouble);
  graph.forward(x).pow(2).sum().backward();
  const at::NoGradGuard no_gradient;
  core::Random random(17);
  constexpr double h = 1e-7;
  for (const at::Tensor& leaf : leaves) {
    const at::Tensor direction = random_like(leaf, random);
    const double expected = leaf.grad().mul(direction).sum().item<double>();
    leaf.add_(direction, h);
    const double up = graph.forward(x).pow(2).sum().item<double>();
    leaf.sub_(direction, 2 * h);
    const double down = graph.forward(x).pow(2).sum().item<double>();
    leaf.add_(direction, h);
    EXPECT_NEAR((up - down) / (2 * h), expected, 1e-4 * std::max(1.0, std::abs(expected)));
  }
}

TEST(Graph, RefusesSizesThatAreNotMultiplesOfItsStride) {
  Graph graph = small_network();
  EXPECT_EQ(graph.stride(), 4);
  const std::string text =
      error_of([&] { (void)graph.forward(picture(1, 2, 8, 10)); }, ExitCode::defect);
  EXPECT_NE(text.find("multiples of 4"), std::string::npos) << text;
  error_of([&] { (void)graph.forward(picture(1, 3, 8, 8)); }, ExitCode::defect);
}

TEST(Graph, FoldsNormsWithoutChangingItsAnswer) {
  Graph graph = small_network();
  const Graph before = graph.clone();
  const Graph folded = graph.folded();
  for (const Node& node : folded.nodes()) EXPECT_NE(node.operation, "batch_norm") << node.name;
  const at::NoGradGuard no_gradient;
  const at::Tensor x = picture(2, 2, 16, 16);
  Graph runnable = folded.clone();
  const at::Tensor y = graph.forward(x);
  EXPECT_GT(y.std().item<double>(), 0.1);
  EXPECT_LT(difference(y, runnable.forward(x)), 1e-5);
  for (const auto& [name, tensor] : graph.tensors()) {
    EXPECT_TRUE(tensor.equal(before.tensors().at(name))) << name << " changed by folding";
  }
}

TEST(Graph, FoldsNormsIntoTransposedConvolutions) {
  Graph graph;
  NodeId x = graph.input(3);
  x = graph.add("up", "transposed_convolution", {x}, {{"channels", 5}, {"kernel", 4}});
  x = graph.add("up.norm.a", "batch_norm", {x});
  core::Random random(3);
  randomise(graph, random);
  Graph folded = graph.folded();
  EXPECT_EQ(folded.nodes().size(), 2U);
  const at::NoGradGuard no_gradient;
  EXPECT_LT(difference(graph.forward(picture(2, 3, 4, 5)), folded.forward(picture(2, 3, 4, 5))),
            1e-5);
}

TEST(Graph, KeepsNormsThatCannotBeFolded) {
  Graph graph;
  const NodeId x = graph.input(2);
  const NodeId conv = graph.add("conv", "convolution", {x}, {{"channels", 2}, {"kernel", 1}});
  const NodeId norm = graph.add("a.norm.", "batch_norm", {conv});
  const NodeId sum = graph.add("sum", "add", {norm, conv});  // the convolution is read twice
  graph.add("b.norm.", "batch_norm", {sum});
  core::Random random(3);
  randomise(graph, random);
  Graph folded = graph.folded();
  EXPECT_EQ(folded.nodes().size(), 5U);
  const at::NoGradGuard no_gradient;
  EXPECT_LT(difference(graph.forward(picture(1, 2, 4, 4)), folded.forward(picture(1, 2, 4, 4))),
            1e-6);
}

TEST(Graph, OverwritesNothingThatIsStillRead) {
  // relu(conv) may overwrite conv only when nobody else reads it; dropout hands its input on.
  Graph graph;
  const NodeId x = graph.input(2);
  const NodeId conv = graph.add("conv", "convolution", {x}, {{"channels", 2}, {"kernel", 1}});
  const NodeId same = graph.add("dropout", "dropout", {conv});
  const NodeId relu = graph.add("relu", "relu", {conv});
  graph.add("join", "concatenate", {same, relu});
  core::Random random(3);
  graph.initialise(random);
  const at::NoGradGuard no_gradient;
  const at::Tensor y = graph.forward(picture(1, 2, 4, 4));
  EXPECT_LT(y.slice(1, 0, 2).min().item<double>(), 0);
  EXPECT_TRUE(y.slice(1, 0, 2).clamp_min(0).equal(y.slice(1, 2, 4)));
}

TEST(Graph, IsWhatItsDescriptionSays) {
  const Graph graph = small_network();
  const core::Json description = graph.describe();
  Graph again = Graph::from_description(core::Json::parse(description.dump()));
  EXPECT_EQ(again.describe(), description);
  again.load(graph.tensors());
  Graph original = graph.clone();
  const at::NoGradGuard no_gradient;
  const at::Tensor x = picture(1, 2, 8, 8);
  EXPECT_TRUE(again.forward(x).equal(original.forward(x)));
  const Graph folded = graph.folded();
  EXPECT_EQ(Graph::from_description(folded.describe()).describe(), folded.describe());
}

TEST(Graph, RefusesDescriptionsThatDoNotFit) {
  const auto refused = [](const char* text) {
    return error_of([&] { (void)Graph::from_description(core::Json::parse(text)); },
                    ExitCode::model);
  };
  const std::string head =
      R"({"nodes":[{"name":"input","operation":"input","inputs":[],"settings":{"channels":2}})";
  const auto after = [&](const char* node) { return refused((head + "," + node + "]}").c_str()); };
  EXPECT_NE(after(R"({"name":"a","operation":"teleport","inputs":["input"],"settings":{}})")
                .find("teleport"),
            std::string::npos);
  after(R"({"name":"a","operation":"relu","inputs":["b"],"settings":{}})");
  after(R"({"name":"a","operation":"relu","inputs":"input","settings":{}})");
  after(R"({"name":"a","operation":"relu","inputs":[],"settings":{}})");
  after(R"({"name":"a","operation":"relu","inputs":["input"],"settings":[1]})");
  after(R"({"name":"a","operation":"relu","inputs":["input"]})");
  after(R"({"name":"a","operation":"input","inputs":[],"settings":{"channels":2}})");
  after(R"({"name":"input","operation":"relu","inputs":["input"],"settings":{}})");
  after(
      R"({"name":"a","operation":"convolution","inputs":["input"],"settings":{"channels":99999999,"kernel":1}})");
  refused("{}");
  refused("[]");
  refused(R"({"nodes":[]})");
  refused(R"({"nodes":[1]})");
  refused(R"({"nodes":[{"name":"a","operation":"relu","inputs":[],"settings":{}}]})");
}

TEST(Graph, RefusesDescriptionsThatAskForMoreThanThereIs) {
  const auto refused = [](int channels, const std::string& operation, int inputs,
                          const core::Json& settings) {
    const core::Json description{
        {"nodes",
         {{{"name", "input"},
           {"operation", "input"},
           {"inputs", core::Json::array()},
           {"settings", {{"channels", channels}}}},
          {{"name", "a"},
           {"operation", operation},
           {"inputs", std::vector<std::string>(static_cast<std::size_t>(inputs), "input")},
           {"settings", settings}}}}};
    return error_of([&] { (void)Graph::from_description(description); }, ExitCode::model);
  };
  // A terabyte in thirty letters.
  EXPECT_NE(refused(64, "convolution", 1, {{"channels", 65536}, {"kernel", 256}})
                .find("more numbers than any network's"),
            std::string::npos);
  EXPECT_NE(refused(65536, "concatenate", 2, core::Json::object()).find("65536 channels"),
            std::string::npos);
  // No remainder can be taken of a stride that is rounded to 0.
  EXPECT_NE(refused(1, "max_pool", 1, {{"size", 1}, {"stride", 65536}}).find("more than 1024"),
            std::string::npos);
}

TEST(Graph, HasNoCostWhereNothingOrTooMuchIsLeft) {
  Graph narrow;
  narrow.add("a", "convolution", {narrow.input(1)}, {{"channels", 1}, {"kernel", 7}});
  EXPECT_NE(error_of([&] { (void)narrow.cost(1, 6, 6); }, ExitCode::model).find("nothing is left"),
            std::string::npos);
  Graph wide;
  NodeId value = wide.input(1);
  for (const char* name : {"a", "b", "c", "d"}) {
    value = wide.add(name, "upsample_bilinear", {value}, {{"factor", 65536}});
  }
  EXPECT_NE(error_of([&] { (void)wide.cost(1, 6, 6); }, ExitCode::model).find("any memory"),
            std::string::npos);
}

TEST(Graph, CountsItsCost) {
  // 3 → 4 channels of 3×3 on 8×8, norm, relu over it, pool to 4×4, 1×1 to one channel.
  Graph graph;
  NodeId x = convolution_norm(graph, "a", graph.input(3), 4, 3);
  x = graph.add("pool", "max_pool", {x});
  graph.add("head", "convolution", {x}, {{"channels", 1}, {"kernel", 1}});
  const Cost cost = graph.cost(2, 8, 8);
  EXPECT_EQ(cost.parameters, 3 * 4 * 9 + 2 * 4 + 5);
  const std::int64_t convolution = 2 * 2 * 64 * 4 * 27;
  const std::int64_t norm = 2 * 2 * 64 * 4, relu = 2 * 64 * 4, pool = relu;
  const std::int64_t head = 2 * 16 * (2 * 4 + 1);
  EXPECT_EQ(cost.flops, convolution + norm + relu + pool + head);
  EXPECT_EQ(cost.nodes.size(), graph.nodes().size());
  EXPECT_EQ(cost.nodes.back().shape, (std::vector<std::int64_t>{2, 1, 4, 4}));
  // At the norm: input (held by the caller), convolution and norm; the relu overwrites the norm.
  const std::int64_t input = 4 * 2 * 3 * 64, level = 4 * 2 * 4 * 64;
  EXPECT_EQ(cost.peak_bytes, input + 2 * level + 4 * cost.parameters);
}

TEST(Graph, NamesEachTensorThatDoesNotFit) {
  Graph graph = small_network();
  Tensors tensors = graph.tensors();
  tensors["stranger.weight"] = tensors.at("head.bias");
  tensors.erase("head.bias");
  tensors["head.weight"] = tensors.at("stranger.weight");
  const std::string text = error_of([&] { graph.load(tensors); }, ExitCode::model);
  EXPECT_NE(text.find("missing are head.bias"), std::string::npos) << text;
  EXPECT_NE(text.find("unknown are stranger.weight"), std::string::npos) << text;
  EXPECT_NE(text.find("of another shape are head.weight"), std::string::npos) << text;
}

TEST(Graph, CloneSharesNothing) {
  Graph graph = small_network();
  const Graph copy = graph.clone();
  const at::NoGradGuard no_gradient;
  for (const auto& item : graph.tensors()) item.second.add_(1);
  for (const auto& [name, tensor] : copy.tensors()) {
    EXPECT_FALSE(tensor.equal(graph.tensors().at(name))) << name;
  }
}

TEST(Graph, InitialisesTheSameFromTheSameSeed) {
  Graph a = small_network(), b = small_network(), c = small_network();
  core::Random first(9), second(9), third(10);
  a.initialise(first);
  b.initialise(second);
  c.initialise(third);
  for (const auto& [name, tensor] : a.tensors()) {
    EXPECT_TRUE(tensor.equal(b.tensors().at(name))) << name;
  }
  EXPECT_FALSE(a.tensors().at("head.weight").equal(c.tensors().at("head.weight")));
}

TEST(Graph, InitialisesWithTheVarianceOfHe) {
  Graph graph;
  graph.add("conv", "convolution", {graph.input(32)}, {{"channels", 64}, {"kernel", 3}});
  core::Random random(1);
  graph.initialise(random);
  const at::Tensor weight = graph.tensors().at("conv.weight");
  EXPECT_NEAR(weight.std().item<double>(), std::sqrt(2.0 / (32 * 9)), 1e-3);
  EXPECT_NEAR(weight.mean().item<double>(), 0, 2e-3);
}

TEST(ComputeType, NarrowsTrainingPassesAlone) {
  Graph graph = small_network(0);
  for (const auto& item : graph.parameters()) item.second.requires_grad_(true);
  const at::Tensor x = picture(4, 2, 16, 16);
  Graph other = graph.clone();
  const at::Tensor used = graph.forward(x).detach(), trained = graph.forward(x, true).detach();
  set_compute_type(ComputeType::bfloat16);
  const at::Tensor used_narrow = other.forward(x).detach();
  const at::Tensor trained_narrow = graph.forward(x, true);
  set_compute_type(ComputeType::float32);
  EXPECT_TRUE(used_narrow.equal(used));
  EXPECT_EQ(trained_narrow.scalar_type(), at::kFloat);
  const double off = difference(trained_narrow, trained);
  EXPECT_GT(off, 0);
  EXPECT_LT(off, 0.1 * trained.abs().max().item<double>());
  trained_narrow.sum().backward();
  for (const auto& [name, tensor] : graph.parameters()) {
    EXPECT_EQ(tensor.scalar_type(), at::kFloat) << name;
    EXPECT_TRUE(tensor.grad().isfinite().all().item<bool>()) << name;
  }
}

}  // namespace
}  // namespace dawson::nn
