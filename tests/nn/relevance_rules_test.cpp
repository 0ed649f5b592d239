// Each rule worked by hand on a picture of 2 × 2, what each keeps to, and where a rule would divide
// by zero.
#include "dawson/nn/relevance_rules.h"

#include <ATen/ops/tensor.h>
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "dawson/nn/operation.h"
#include "nn/relevance_reference.h"
#include "nn/tensors.h"

namespace dawson::nn {
namespace {

at::Tensor square(const std::vector<double>& values) {
  return at::tensor(values, at::TensorOptions(at::kDouble)).view({1, 1, 2, 2});
}

RuleSettings by(RelevanceRule rule, double epsilon = 1e-12) {
  RuleSettings settings;
  settings.rule = rule;
  settings.epsilon = epsilon;
  return settings;
}

/// A neuron that sees all four pixels: z = Σ w x + b.
struct Neuron {
  Node node;
  std::vector<at::Tensor> inputs;
  at::Tensor value;

  Neuron(const std::vector<double>& x, const std::vector<double>& w, double bias) {
    node.name = "neuron";
    node.operation = "convolution";
    node.inputs = {0};
    node.settings = {{"channels", 1}, {"kernel", 2}};
    convolution_operation().complete(node, {1});
    node.parameters["weight"] = square(w);
    node.parameters["bias"] = at::tensor({bias}, at::TensorOptions(at::kDouble));
    inputs = {square(x)};
    value = convolution_operation().forward(node, inputs, {});
  }
  Shares share(const RuleSettings& rule, const InputBounds& bounds = {},
               double relevance = 1) const {
    const at::Tensor r = value.mul(0).add(relevance);
    return convolution_operation().relevance(node, {inputs, value, value, r, rule, bounds});
  }
};

void expect_shares(const Shares& found, const std::vector<double>& expected, double bias,
                   double tolerance = 1e-9) {
  const std::vector<double> values = reference::flat_values(found.inputs.at(0));
  ASSERT_EQ(values.size(), expected.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    EXPECT_NEAR(values[i], expected[i], tolerance) << i;
  }
  EXPECT_NEAR(found.bias, bias, tolerance);
}

// x = 1 2 3 4, w = 1 −1 2 −0.5: contributions 1, −2, 6, −2; with a bias of 1 z = 4.
// Own (positive) with the bias 1 + 6 + 1 = 8, against −4.
Neuron worked() {
  return {{1, 2, 3, 4}, {1, -1, 2, -0.5}, 1};
}

TEST(RelevanceRules, EpsilonByHand) {
  // 1/4, −2/4, 6/4, −2/4; the bias 1/4.
  expect_shares(worked().share(by(RelevanceRule::epsilon)), {0.25, -0.5, 1.5, -0.5}, 0.25);
  // The stabiliser is a share of the root mean square of the node's values, here |4|: with ε = 1
  // the denominator is 8, and half of all is absorbed.
  const Shares half = worked().share(by(RelevanceRule::epsilon, 1));
  expect_shares(half, {0.125, -0.25, 0.75, -0.25}, 0.125);
  EXPECT_NEAR(half.stabiliser, 0.5, 1e-9);
}

TEST(RelevanceRules, ZPlusByHand) {
  // 1/8, 0, 6/8, 0; the bias 1/8.
  expect_shares(worked().share(by(RelevanceRule::z_plus)), {0.125, 0, 0.75, 0}, 0.125);
}

TEST(RelevanceRules, AlphaBetaByHand) {
  // 2·1/8, −1·(−2)/(−4), 2·6/8, −1·(−2)/(−4); the bias 2·1/8: together α − β = 1.
  expect_shares(worked().share(by(RelevanceRule::alpha_beta)), {0.25, -0.5, 1.5, -0.5}, 0.25);
  RuleSettings three = by(RelevanceRule::alpha_beta);
  three.alpha = 3;  // 3/8, −2·2/4, 18/8, −2·2/4; 3/8
  expect_shares(worked().share(three), {0.375, -1, 2.25, -1}, 0.375);
}

TEST(RelevanceRules, GammaByHand) {
  // (1 + ¼)·1, −2, (1 + ¼)·6, −2 and (1 + ¼)·1 over 4 + ¼·8 = 6.
  expect_shares(worked().share(by(RelevanceRule::gamma)), {1.25 / 6, -2.0 / 6, 7.5 / 6, -2.0 / 6},
                1.25 / 6);
}

TEST(RelevanceRules, FlatByHand) {
  expect_shares(worked().share(by(RelevanceRule::flat)), {0.25, 0.25, 0.25, 0.25}, 0);
}

TEST(RelevanceRules, ZBoundedByHand) {
  // Bounds 0 … 4: x·w − 0·w⁺ − 4·w⁻ = 1, −2 + 4, 6, −2 + 2 = 1, 2, 6, 0 over their sum of 9.
  expect_shares(worked().share(by(RelevanceRule::z_bounded), {{0}, {4}}),
                {1.0 / 9, 2.0 / 9, 6.0 / 9, 0}, 0);
  // Bounds −1 … 5: 1 + 1, −2 + 5, 6 + 2, −2 + 2.5 = 2, 3, 8, 0.5 over 13.5.
  expect_shares(worked().share(by(RelevanceRule::z_bounded), {{-1}, {5}}),
                {2 / 13.5, 3 / 13.5, 8 / 13.5, 0.5 / 13.5}, 0);
}

// x = −1 2 −3 0, w = 1 −1 −2 5: contributions −1, −2, 6, 0; z = 3 without a bias.
TEST(RelevanceRules, CountANegativeInputTimesANegativeWeightAsPositive) {
  const Neuron neuron({-1, 2, -3, 0}, {1, -1, -2, 5}, 0);
  expect_shares(neuron.share(by(RelevanceRule::z_plus)), {0, 0, 1, 0}, 0);
  // γ: −1, −2, 7.5 over 3 + 1.5
  expect_shares(neuron.share(by(RelevanceRule::gamma)), {-1 / 4.5, -2 / 4.5, 7.5 / 4.5, 0}, 0);
  // α2β1: −1·(−1)/(−3), −1·(−2)/(−3), 2·6/6
  expect_shares(neuron.share(by(RelevanceRule::alpha_beta)), {-1.0 / 3, -2.0 / 3, 2, 0}, 0);
}

// x = 1 2 3 4, w = 1 −1 −2 0.25: contributions 1, −2, −6, 1; with −2 z = −8; own −10, against 2.
TEST(RelevanceRules, ExplainANegativeNeuronByWhatMadeItNegative) {
  const Neuron neuron({1, 2, 3, 4}, {1, -1, -2, 0.25}, -2);
  expect_shares(neuron.share(by(RelevanceRule::z_plus)), {0, 0.2, 0.6, 0}, 0.2);
  // γ: 1, −2.5, −7.5, 1, −2.5 over −8 − 2.5
  expect_shares(neuron.share(by(RelevanceRule::gamma)),
                {-1 / 10.5, 2.5 / 10.5, 7.5 / 10.5, -1 / 10.5}, 2.5 / 10.5);
  // α2β1: −1·1/2, 2·(−2)/(−10), 2·(−6)/(−10), −1·1/2; 2·(−2)/(−10)
  expect_shares(neuron.share(by(RelevanceRule::alpha_beta)), {-0.5, 0.4, 1.2, -0.5}, 0.4);
}

TEST(RelevanceRules, AlphaBetaIsZPlusWhereNothingStandsAgainstTheNeuron) {
  // 2, 4, 6, 8 of 20; twice that would not conserve.
  const Neuron neuron({1, 2, 3, 4}, {2, 2, 2, 2}, 0);
  expect_shares(neuron.share(by(RelevanceRule::alpha_beta)), {0.1, 0.2, 0.3, 0.4}, 0);
  const Neuron below({1, 2, 3, 4}, {-2, -2, -2, -2}, 0);
  expect_shares(below.share(by(RelevanceRule::alpha_beta)), {0.1, 0.2, 0.3, 0.4}, 0);
}

TEST(RelevanceRules, AddSharesByContribution) {
  // 3 and −1 make 2; 1 and 1 make 2; −2 and −2 make −4; 0 and 5 make 5.
  const std::vector<at::Tensor> inputs{square({3, 1, -2, 0}), square({-1, 1, -2, 5})};
  const at::Tensor sum = inputs[0].add(inputs[1]);
  const at::Tensor r = square({1, 1, 1, 1});
  Node node;
  const auto shares = [&](RelevanceRule rule) {
    const Shares made = add_operation().relevance(node, {inputs, sum, sum, r, by(rule), {}});
    std::vector<double> all = reference::flat_values(made.inputs.at(0));
    const std::vector<double> second = reference::flat_values(made.inputs.at(1));
    all.insert(all.end(), second.begin(), second.end());
    return all;
  };
  const auto expect = [](const std::vector<double>& found, const std::vector<double>& expected) {
    for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(found[i], expected[i], 1e-9) << i;
  };
  expect(shares(RelevanceRule::epsilon), {1.5, 0.5, 0.5, 0, -0.5, 0.5, 0.5, 1});
  expect(shares(RelevanceRule::z_plus), {1, 0.5, 0.5, 0, 0, 0.5, 0.5, 1});
  expect(shares(RelevanceRule::alpha_beta), {2, 0.5, 0.5, 0, -1, 0.5, 0.5, 1});
  // γ: 3.75 and −1 over 2.75
  expect(shares(RelevanceRule::gamma), {3.75 / 2.75, 0.5, 0.5, 0, -1 / 2.75, 0.5, 0.5, 1});
  expect(shares(RelevanceRule::flat), {0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5});
}

constexpr RelevanceRule every_rule[] = {RelevanceRule::epsilon,    RelevanceRule::z_plus,
                                        RelevanceRule::alpha_beta, RelevanceRule::gamma,
                                        RelevanceRule::flat,       RelevanceRule::z_bounded};

TEST(RelevanceRules, NeverDivideByZero) {
  const InputBounds bounds{{0}, {1}};
  // Nothing but zeros; zero though inputs are not; contributions that cancel; no weights.
  const Neuron dead({0, 0, 0, 0}, {1, -1, 2, 3}, 0), blind({1, 1, 1, 1}, {0, 0, 0, 0}, 0),
      cancelled({1, 1, 0, 0}, {1, -1, 0, 0}, 0), by_bias({1, 0, 0, 0}, {1, 1, 1, 1}, -1);
  for (const Neuron* neuron : {&dead, &blind, &cancelled, &by_bias}) {
    for (const RelevanceRule rule : every_rule) {
      for (const double relevance : {1.0, -1.0, 0.0}) {
        const Shares shares = neuron->share(by(rule, 1e-6), bounds, relevance);
        double total = shares.bias + shares.stabiliser;
        for (const double v : reference::flat_values(shares.inputs[0])) {
          ASSERT_TRUE(std::isfinite(v)) << static_cast<int>(rule);
          EXPECT_TRUE(relevance != 0 || v == 0);
          total += v;
        }
        EXPECT_NEAR(total, relevance, 1e-3) << static_cast<int>(rule);
      }
    }
  }
}

TEST(RelevanceRules, FlatLeavesNothingToPadding) {
  // A 1 × 1 kernel with a padding of 1: the outer ring of neurons sees padding alone, and what lies
  // there is lost, not handed to others.
  Node node;
  node.name = "ring";
  node.inputs = {0};
  node.settings = {{"channels", 1}, {"kernel", 1}, {"padding", 1}};
  convolution_operation().complete(node, {1});
  node.parameters["weight"].fill_(2);
  const std::vector<at::Tensor> inputs{square({1, 2, 3, 4}).to(at::kFloat)};
  const at::Tensor y = convolution_operation().forward(node, inputs, {});
  const at::Tensor r = y.mul(0).add(1);
  const Shares shares =
      convolution_operation().relevance(node, {inputs, y, y, r, by(RelevanceRule::flat), {}});
  expect_shares(shares, {1, 1, 1, 1}, 0);
  EXPECT_EQ(shares.stabiliser, 12);
}

TEST(RelevanceRules, TheWayBackOfEveryLinearMapIsItsAdjoint) {
  // ⟨A x, s⟩ = ⟨x, Aᵀ s⟩. By the epsilon rule R = z·s gives x·Aᵀs, whose sum is the right side; the
  // left is Σ z·s less what the bias takes. In float32, as in use.
  struct Map {
    const char* operation;
    core::Json settings;
    Shape input;
  };
  const std::vector<Map> maps{
      {"upsample_bilinear", {{"factor", 2}}, {2, 3, 5, 7}},
      {"upsample_bilinear", {{"factor", 4}}, {1, 1, 4, 3}},
      {"average_pool", {{"size", 2}}, {2, 3, 5, 6}},
      {"global_average_pool", core::Json::object(), {2, 3, 4, 5}},
      {"convolution",
       {{"channels", 4}, {"kernel", 3}, {"padding", 1}, {"groups", 2}},
       {2, 4, 6, 5}},
      {"convolution",
       {{"channels", 4}, {"kernel", 3}, {"stride", 2}, {"padding", {0, 1, 0, 1}}, {"groups", 4}},
       {2, 4, 6, 8}},
      {"transposed_convolution", {{"channels", 3}}, {2, 4, 3, 5}},
      {"transposed_convolution", {{"channels", 3}, {"kernel", 4}}, {2, 4, 3, 5}},
  };
  for (const Map& map : maps) {
    SCOPED_TRACE(std::string(map.operation) + map.settings.dump());
    core::Random random(31);
    const Operation& operation = find_operation(map.operation);
    Node node;
    node.name = "map";
    node.inputs = {0};
    node.settings = map.settings;
    operation.complete(node, {static_cast<int>(map.input[1])});
    for (auto& item : node.parameters) assign_normal(item.second, random, 1);
    const std::vector<at::Tensor> inputs{random_tensor(map.input, random).to(at::kFloat)};
    const at::Tensor z = operation.forward(node, inputs, {});
    const at::Tensor s = random_tensor(z.sizes(), random).to(at::kFloat);
    const at::Tensor r = z.mul(s);
    const Shares shares =
        operation.relevance(node, {inputs, z, z, r, by(RelevanceRule::epsilon, 1e-9), {}});
    const double scale = r.abs().sum().item<double>();
    EXPECT_NEAR(shares.inputs[0].to(at::kDouble).sum().item<double>() + shares.bias,
                r.to(at::kDouble).sum().item<double>(), 1e-5 * scale);
  }
}

}  // namespace
}  // namespace dawson::nn
