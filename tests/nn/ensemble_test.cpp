#include "dawson/nn/ensemble.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/stack.h>
#include <gtest/gtest.h>

#include "dawson/core/error.h"
#include "dawson/nn/networks.h"
#include "nn/tensors.h"

namespace dawson::nn {
namespace {

Graph network(const std::string& architecture, std::uint64_t seed, int channels = 2) {
  NetworkSettings settings;
  settings.architecture = architecture;
  settings.input_channels = channels;
  settings.width = 4;
  settings.levels = 3;
  Graph graph = build(settings);
  core::Random random(seed);
  randomise(graph, random);
  return graph;
}

at::Tensor picture() {
  core::Random random(5);
  return random_tensor({2, 2, 16, 24}, random).to(at::kFloat);
}

TEST(Ensemble, AnswersTheMeanOfItsMembersLogits) {
  const at::NoGradGuard no_gradient;
  Graph a = network("attention_fcn", 1), b = network("residual_unet", 2), c = network("fcn8s", 3);
  const at::Tensor x = picture();
  const at::Tensor mean = at::stack({a.forward(x), b.forward(x), c.forward(x)}).mean(0);
  Graph joined = ensemble({&a, &b, &c});
  EXPECT_LT(difference(joined.forward(x), mean), 1e-5);
  EXPECT_LT(difference(joined.folded().forward(x), mean), 1e-4);
}

TEST(Ensemble, IsAGraphLikeAnyOther) {
  const at::NoGradGuard no_gradient;
  const Graph a = network("attention_fcn", 1), b = network("fcn8s", 2);
  Graph joined = ensemble({&a, &b});
  EXPECT_EQ(joined.stride(), std::max(a.stride(), b.stride()));
  const Cost cost = joined.cost(1, 16, 16);
  EXPECT_EQ(cost.parameters, a.cost(1, 16, 16).parameters + b.cost(1, 16, 16).parameters);

  Graph again = Graph::from_description(joined.describe());
  again.load(joined.tensors());
  EXPECT_TRUE(again.forward(picture()).equal(joined.forward(picture())));
}

TEST(Ensemble, LeavesItsMembersAsTheyWere) {
  const at::NoGradGuard no_gradient;
  Graph a = network("attention_fcn", 1), b = network("attention_fcn", 2);
  const at::Tensor before = a.forward(picture());
  Graph joined = ensemble({&a, &b});
  for (const auto& item : joined.parameters()) item.second.zero_();
  EXPECT_TRUE(a.forward(picture()).equal(before));
}

TEST(Ensemble, RefusesWhatCannotBeAveraged) {
  const Graph two = network("fcn8s", 1, 2), three = network("fcn8s", 1, 3);
  EXPECT_THROW(ensemble({}), Error);
  EXPECT_THROW(ensemble({&two, &three}), Error);
  Graph bent = two.clone();
  bent.add("bent", "relu", {static_cast<NodeId>(bent.nodes().size()) - 1});
  EXPECT_THROW(ensemble({&two, &bent}), Error);
}

}  // namespace
}  // namespace dawson::nn
