// The model that comes with the program, on a made picture with one bright spot: relevance must lie
// where the spot is, and depend on what the network has learnt (Adebayo et al. 2018).
#include <ATen/core/grad_mode.h>
#include <ATen/ops/zeros.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>

#include "dawson/nn/relevance.h"
#include "dawson/nn/safetensors.h"
#include "nn/tensors.h"

namespace dawson::nn {
namespace {

constexpr int side = 96;
constexpr int row = 40, column = 56, radius = 4;  // of the spot

Graph shipped() {
  const std::filesystem::path folder = std::string(DAWSON_SOURCE_DIR) + "/models/lesion";
  std::ifstream in(folder / "model.json");
  Graph graph = Graph::from_description(core::Json::parse(in).at("network"));
  graph.load(read_safetensors(folder / "weights.safetensors"));
  return graph;
}

double from_spot(int y, int x) {
  return std::hypot(y - row, x - column);
}

/// FLAIR 3 mm below, here and above: a disc of brain near 0 with noise, −5 outside, a spot of +4;
/// then how frequent lesions are here, as the recipe in the model has its channels.
at::Tensor made_picture() {
  core::Random random(7);
  std::vector<float> values(4 * side * side);
  for (int c = 0; c < 4; ++c) {
    for (int y = 0; y < side; ++y) {
      for (int x = 0; x < side; ++x) {
        const bool brain = std::hypot(y - side / 2, x - side / 2) < 42;
        const double spot = from_spot(y, x) <= radius ? 4 : 0;
        const double value = c == 3  ? (brain ? 0.05 : 0)
                             : brain ? spot + random.normal(0, 0.4)
                                     : -5;
        values[static_cast<std::size_t>((c * side + y) * side + x)] = static_cast<float>(value);
      }
    }
  }
  const at::Tensor x = at::zeros({1, 4, side, side}, at::TensorOptions(at::kFloat));
  assign(x, values);
  return x;
}
const InputBounds bounds{{-5, -5, -5, 0}, {11, 11, 11, 1}};

/// As much relevance on each pixel of the spot, 1 together (Chlebus et al. 2019).
at::Tensor seed_on_spot() {
  std::vector<float> values(side * side);
  float count = 0;
  for (int y = 0; y < side; ++y) {
    for (int x = 0; x < side; ++x) {
      const bool inside = from_spot(y, x) <= radius;
      values[static_cast<std::size_t>(y * side + x)] = inside ? 1 : 0;
      count += inside ? 1 : 0;
    }
  }
  const at::Tensor seed = at::zeros({1, 1, side, side}, at::TensorOptions(at::kFloat));
  assign(seed, values);
  return seed.div(count);
}

at::Tensor map_of(const Graph& graph, const Composite& composite) {
  return propagate_relevance(graph, made_picture(), seed_on_spot(), composite, bounds)
      .input.sum(1)
      .to(at::kDouble);
}

double correlation(const at::Tensor& a, const at::Tensor& b) {
  const at::Tensor p = a.sub(a.mean()), q = b.sub(b.mean());
  return p.mul(q).sum().item<double>() /
         std::sqrt(p.pow(2).sum().item<double>() * q.pow(2).sum().item<double>());
}

TEST(RelevanceOfTheShippedModel, LiesAtTheSpot) {
  Graph graph = shipped();
  const Graph folded = graph.folded();
  const at::NoGradGuard no_gradient;
  ASSERT_GT(graph.forward(made_picture())[0][0][row][column].item<float>(), 0) << "not found";
  for (const Composite& composite : composites()) {
    SCOPED_TRACE(composite.name);
    const Relevance found =
        propagate_relevance(folded, made_picture(), seed_on_spot(), composite, bounds);
    EXPECT_NEAR(found.reached_input + found.absorbed_by_biases + found.absorbed_by_stabilisers, 1,
                1e-3);
    const at::Tensor map = map_of(folded, composite)[0];
    const auto place = map.argmax().item<std::int64_t>();
    const double away = from_spot(static_cast<int>(place / side), static_cast<int>(place % side));
    RecordProperty(composite.name, std::to_string(away) + " " +
                                       std::to_string(found.absorbed_by_biases) + " " +
                                       std::to_string(found.absorbed_by_stabilisers));
    EXPECT_LE(away, radius + 2) << "the pointing game (Zhang et al. 2018)";
  }
}

TEST(RelevanceOfTheShippedModel, FallsApartWhenWeightsAreRandom) {
  const Graph graph = shipped().folded();
  Graph fresh = graph.clone();
  core::Random random(11);
  fresh.initialise(random);
  for (const char* name : {"epsilon", "epsilon_plus", "epsilon_alpha2_beta1", "epsilon_gamma"}) {
    const Composite& composite = find_composite(name);
    const at::Tensor map = map_of(graph, composite);
    // From the output down, more and more nodes lose what they have learnt.
    Graph changed = graph.clone();
    const Tensors of_chance = fresh.tensors();
    std::vector<double> likeness;
    std::vector<std::pair<std::string, at::Tensor>> parameters = changed.parameters();
    const std::size_t half = parameters.size() / 2;
    for (std::size_t i = parameters.size(); i-- > 0;) {
      parameters[i].second.copy_(of_chance.at(parameters[i].first));
      if (i == half || i == 0) likeness.push_back(correlation(map, map_of(changed, composite)));
    }
    RecordProperty(name, std::to_string(likeness[0]) + " " + std::to_string(likeness[1]));
    EXPECT_NEAR(correlation(map, map_of(graph, composite)), 1, 1e-9);
    EXPECT_LT(likeness[0], 0.8) << name;
    EXPECT_LT(likeness[1], 0.5) << name;
  }
}

}  // namespace
}  // namespace dawson::nn
