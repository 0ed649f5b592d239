// Every operation over several shapes: forward against plain loops, gradient against finite
// differences, relevance by every rule against single contributions, shape and cost against what
// was run and counted by hand.
#include <ATen/core/grad_mode.h>
#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "dawson/core/error.h"
#include "dawson/nn/operation.h"
#include "nn/reference.h"
#include "nn/relevance_reference.h"
#include "nn/tensors.h"

namespace dawson::nn {
namespace {

using reference::Array;
using reference::Inputs;

struct Case {
  std::string operation;
  core::Json settings;
  std::vector<Shape> inputs;
  std::function<Array(const Node&, const Inputs&)> expected;
  std::int64_t flops;  // counted by hand
};

std::vector<Case> cases() {
  using namespace reference;
  const auto relu = [](const Node&, const Inputs& in) {
    return each(in[0], [](double v) { return std::max(v, 0.0); });
  };
  const auto relu6 = [](const Node&, const Inputs& in) {
    return each(in[0], [](double v) { return std::clamp(v, 0.0, 6.0); });
  };
  const auto sigmoid = [](const Node&, const Inputs& in) {
    return each(in[0], [](double v) { return 1 / (1 + std::exp(-v)); });
  };
  const auto max = [](const Node& node, const Inputs& in) { return pool(node, in, true); };
  const auto mean = [](const Node& node, const Inputs& in) { return pool(node, in, false); };
  const auto same = [](const Node&, const Inputs& in) { return in[0]; };
  return {
      {"input", {{"channels", 3}}, {{2, 3, 4, 5}}, same, 0},
      // 2·(4·6·6)·(3·3·3) multiply-adds and a bias each
      {"convolution",
       {{"channels", 4}, {"kernel", 3}, {"padding", 1}},
       {{1, 3, 6, 6}},
       convolution,
       144 * 27 * 2 + 144},
      {"convolution",
       {{"channels", 2}, {"kernel", 1}, {"bias", false}},
       {{2, 5, 3, 4}},
       convolution,
       48 * 5 * 2},
      {"convolution",
       {{"channels", 4}, {"kernel", 3}, {"stride", 2}, {"padding", {0, 1, 0, 1}}},
       {{1, 2, 8, 6}},
       convolution,
       4 * 4 * 3 * (2 * 9 * 2 + 1)},
      {"convolution",
       {{"channels", 6}, {"kernel", 3}, {"padding", 1}, {"groups", 6}},
       {{1, 6, 5, 7}},
       convolution,
       6 * 35 * (9 * 2 + 1)},
      {"convolution",
       {{"channels", 4}, {"kernel", 3}, {"padding", 2}, {"dilation", 2}, {"groups", 2}},
       {{2, 4, 6, 5}},
       convolution,
       2 * 4 * 30 * (2 * 9 * 2 + 1)},
      {"convolution",
       {{"channels", 3}, {"kernel", 2}, {"stride", 2}},
       {{1, 1, 4, 6}},
       convolution,
       3 * 6 * (4 * 2 + 1)},
      {"convolution",
       {{"channels", 2}, {"kernel", 3}, {"padding", {2, 0}}},
       {{1, 2, 5, 4}},
       convolution,
       2 * 3 * 6 * (2 * 9 * 2 + 1)},
      {"convolution",
       {{"channels", 2}, {"kernel", 7}, {"stride", 2}, {"padding", 3}, {"bias", false}},
       {{1, 2, 8, 6}},
       convolution,
       2 * 12 * 2 * 49 * 2},
      {"convolution",
       {{"channels", 4}, {"kernel", 1}, {"stride", 2}, {"bias", false}},
       {{2, 3, 6, 4}},
       convolution,
       2 * 4 * 6 * 3 * 2},
      {"transposed_convolution",
       {{"channels", 3}},
       {{2, 4, 3, 5}},
       transposed_convolution,
       2 * 15 * 4 * 3 * 4 * 2 + 2 * 3 * 60},
      {"transposed_convolution",
       {{"channels", 1}, {"bias", false}},
       {{1, 2, 4, 4}},
       transposed_convolution,
       16 * 2 * 4 * 2},
      {"transposed_convolution",
       {{"channels", 2}, {"kernel", 4}},
       {{2, 3, 4, 5}},
       transposed_convolution,
       2 * 20 * 3 * 2 * 16 * 2 + 2 * 2 * 80},
      {"transposed_convolution",
       {{"channels", 5}, {"kernel", 4}, {"bias", false}},
       {{1, 1, 1, 2}},
       transposed_convolution,
       2 * 5 * 16 * 2},
      // 6 pixels paint 256 places each, and a bias on 16 × 24
      {"transposed_convolution",
       {{"channels", 1}, {"factor", 8}, {"kernel", 16}},
       {{1, 1, 2, 3}},
       transposed_convolution,
       6 * 256 * 2 + 384},
      {"transposed_convolution",
       {{"channels", 2}, {"factor", 4}, {"kernel", 8}, {"bias", false}},
       {{1, 2, 3, 2}},
       transposed_convolution,
       6 * 2 * 2 * 64 * 2},
      {"transposed_convolution",
       {{"channels", 1}, {"factor", 4}},
       {{1, 2, 2, 2}},
       transposed_convolution,
       4 * 2 * 16 * 2 + 64},
      {"batch_norm", core::Json::object(), {{2, 3, 4, 5}}, batch_norm, 2 * 120},
      {"batch_norm", {{"epsilon", 0.5}}, {{1, 1, 3, 2}}, batch_norm, 2 * 6},
      {"relu", core::Json::object(), {{2, 3, 4, 5}}, relu, 120},
      {"relu6", core::Json::object(), {{2, 3, 4, 5}}, relu6, 240},
      {"sigmoid", core::Json::object(), {{2, 1, 4, 5}}, sigmoid, 160},
      {"max_pool", {{"size", 2}}, {{2, 3, 4, 6}}, max, 144},
      {"max_pool", {{"size", 3}}, {{1, 2, 7, 6}}, max, 84},
      // 2·4·3 squares of 9
      {"max_pool", {{"size", 3}, {"stride", 2}, {"padding", 1}}, {{1, 2, 8, 6}}, max, 216},
      {"average_pool", {{"size", 2}}, {{2, 3, 4, 6}}, mean, 144},
      {"average_pool", {{"size", 2}}, {{1, 1, 5, 4}}, mean, 20},
      {"global_average_pool", core::Json::object(), {{2, 3, 4, 5}}, global_average_pool, 120},
      {"upsample_bilinear", {{"factor", 2}}, {{2, 1, 3, 4}}, upsample_bilinear, 7 * 96},
      {"upsample_bilinear", {{"factor", 4}}, {{1, 3, 2, 3}}, upsample_bilinear, 7 * 288},
      {"concatenate",
       core::Json::object(),
       {{2, 3, 4, 5}, {2, 1, 4, 5}, {2, 2, 4, 5}},
       concatenate,
       0},
      {"add", core::Json::object(), {{2, 3, 4, 5}, {2, 3, 4, 5}}, add, 120},
      {"multiply", core::Json::object(), {{2, 3, 4, 5}, {2, 1, 4, 5}}, multiply, 120},
      {"multiply", core::Json::object(), {{2, 3, 4, 5}, {2, 3, 4, 5}}, multiply, 120},
      {"dropout", {{"probability", 0.5}}, {{2, 3, 4, 5}}, same, 0},
  };
}

struct Prepared {
  const Operation& operation;
  Node node;
  std::vector<at::Tensor> inputs;
};

/// The operation with random parameters and inputs in double.
Prepared prepare(const Case& test) {
  core::Random random(7);
  Prepared made{find_operation(test.operation), {}, {}};
  made.node.name = "node";
  made.node.operation = test.operation;
  made.node.settings = test.settings;
  std::vector<int> channels;
  for (std::size_t i = 0; i < test.inputs.size(); ++i) {
    if (test.operation != "input") made.node.inputs.push_back(static_cast<int>(i));
    channels.push_back(static_cast<int>(test.inputs[i][1]));
    made.inputs.push_back(random_tensor(test.inputs[i], random, 3));
  }
  made.operation.complete(made.node, channels);
  for (auto& item : made.node.parameters) {
    item.second = random_like(item.second, random).to(at::kDouble);
  }
  for (auto& item : made.node.buffers) {
    item.second = random_like(item.second, random).abs().add(0.1).to(at::kDouble);
  }
  return made;
}

std::string title(const Case& test) {
  return test.operation + " " + test.settings.dump();
}

at::Tensor weighted_sum(const Prepared& made, const std::vector<at::Tensor>& inputs) {
  const at::Tensor y = made.operation.forward(made.node, inputs, {});
  core::Random random(11);
  return y.mul(random_tensor(y.sizes().vec(), random)).sum();
}

TEST(Operations, AreAllInThisTest) {
  std::set<std::string> tested;
  for (const Case& test : cases()) tested.insert(test.operation);
  for (const Operation* operation : operations()) {
    EXPECT_TRUE(tested.count(operation->name())) << operation->name();
  }
}

TEST(Operations, AgreeWithPlainLoops) {
  for (const Case& test : cases()) {
    SCOPED_TRACE(title(test));
    const Prepared made = prepare(test);
    Inputs plain;
    for (const at::Tensor& input : made.inputs) plain.emplace_back(input);
    const Array expected = test.expected(made.node, plain);
    for (const bool overwrite : {false, true}) {
      std::vector<at::Tensor> inputs;
      for (const at::Tensor& input : made.inputs) inputs.push_back(input.clone());
      const Array found(made.operation.forward(made.node, inputs, {false, overwrite}));
      ASSERT_EQ(found.size, expected.size);
      for (std::size_t i = 0; i < expected.data.size(); ++i) {
        ASSERT_NEAR(found.data[i], expected.data[i], 1e-9) << "element " << i;
      }
    }
  }
}

TEST(Operations, LeaveTheirInputsUnlessTheyMayOverwrite) {
  for (const Case& test : cases()) {
    SCOPED_TRACE(title(test));
    const Prepared made = prepare(test);
    const at::Tensor before = made.inputs[0].clone();
    (void)made.operation.forward(made.node, made.inputs, {});
    EXPECT_TRUE(made.inputs[0].equal(before));
  }
}

TEST(Operations, KeepChannelsLast) {
  for (const Case& test : cases()) {
    SCOPED_TRACE(title(test));
    Prepared made = prepare(test);
    for (at::Tensor& x : made.inputs) x = x.contiguous(at::MemoryFormat::ChannelsLast);
    const at::Tensor y = made.operation.forward(made.node, made.inputs, {});
    EXPECT_TRUE(y.is_contiguous(at::MemoryFormat::ChannelsLast));
  }
}

TEST(Operations, HaveTheGradientsOfFiniteDifferences) {
  constexpr double h = 1e-6;
  for (const Case& test : cases()) {
    SCOPED_TRACE(title(test));
    Prepared made = prepare(test);
    std::vector<at::Tensor> leaves = made.inputs;
    for (auto& item : made.node.parameters) leaves.push_back(item.second);
    for (at::Tensor& leaf : leaves) leaf.requires_grad_(true);
    weighted_sum(made, made.inputs).backward();
    core::Random random(13);
    const at::NoGradGuard no_gradient;
    for (at::Tensor& leaf : leaves) {
      const at::Tensor direction = random_like(leaf, random).to(at::kDouble);
      const at::Tensor gradient = leaf.grad().clone();
      leaf.add_(direction, h);
      const double up = weighted_sum(made, made.inputs).item<double>();
      leaf.sub_(direction, 2 * h);
      const double down = weighted_sum(made, made.inputs).item<double>();
      leaf.add_(direction, h);
      const double expected = (up - down) / (2 * h);
      EXPECT_NEAR(gradient.mul(direction).sum().item<double>(), expected,
                  1e-6 * std::max(1.0, std::abs(expected)));
    }
  }
}

std::vector<RuleSettings> rules(bool convolution) {
  const auto rule = [](RelevanceRule of, double epsilon) {
    RuleSettings settings;
    settings.rule = of;
    settings.epsilon = epsilon;
    return settings;
  };
  std::vector<RuleSettings> all{
      rule(RelevanceRule::epsilon, 1e-9), rule(RelevanceRule::epsilon, 0.25),
      rule(RelevanceRule::z_plus, 1e-9),  rule(RelevanceRule::alpha_beta, 1e-9),
      rule(RelevanceRule::gamma, 1e-9),   rule(RelevanceRule::flat, 1e-9)};
  all[2].epsilon = 0.01;
  all[3].alpha = 1.5;
  if (convolution) all.push_back(rule(RelevanceRule::z_bounded, 1e-12));
  return all;
}

/// What the operation hands back, all inputs one after the other.
std::vector<double> handed_back(const Prepared& made, const Shares& shares) {
  std::vector<double> all;
  EXPECT_EQ(shares.inputs.size(), made.inputs.size());
  for (std::size_t i = 0; i < made.inputs.size(); ++i) {
    const at::Tensor& share = shares.inputs[i];
    EXPECT_EQ(share.sizes(), made.inputs[i].sizes());
    const std::vector<double> values = reference::flat_values(share);
    all.insert(all.end(), values.begin(), values.end());
  }
  return all;
}

/// The signs of inputs as they stand after a ReLU and before one.
std::vector<at::Tensor> with_signs(const Prepared& made, bool of_either_sign) {
  std::vector<at::Tensor> inputs;
  for (const at::Tensor& x : made.inputs) inputs.push_back(of_either_sign ? x : x.abs());
  return inputs;
}

TEST(Operations, ShareRelevanceAsTheRuleSaysOfEachContribution) {
  // These pass relevance on as it is, by any rule: the tests below.
  const std::set<std::string> passing{"input",   "relu",     "relu6",    "sigmoid",
                                      "dropout", "multiply", "max_pool", "concatenate"};
  for (const Case& test : cases()) {
    if (passing.count(test.operation) > 0) continue;
    Prepared made = prepare(test);
    const std::vector<int> range(static_cast<std::size_t>(test.inputs[0][1]), 0);
    const InputBounds bounds{std::vector<double>(range.size(), -20),
                             std::vector<double>(range.size(), 15)};
    const bool evenly = made.node.parameters.count("weight") > 0 || test.operation == "add";
    for (const bool of_either_sign : {true, false}) {
      made.inputs = with_signs(prepare(test), of_either_sign);
      const reference::Dense dense = reference::dense(made.operation, made.node, made.inputs);
      const at::Tensor y = made.operation.forward(made.node, made.inputs, {});
      core::Random random(19);
      const at::Tensor r = random_tensor(y.sizes().vec(), random);
      const std::vector<double> seeds = reference::flat_values(r);
      for (const RuleSettings& rule : rules(made.operation.output_axis() >= 0)) {
        SCOPED_TRACE(title(test) + " rule " + std::to_string(static_cast<int>(rule.rule)) +
                     (of_either_sign ? " signed" : " positive"));
        const Shares shares =
            made.operation.relevance(made.node, {made.inputs, y, y, r, rule, bounds});
        const std::vector<double> found = handed_back(made, shares);
        const reference::Shared expected = reference::share(dense, seeds, rule, evenly, bounds);
        double largest = 1, total = shares.bias + shares.stabiliser;
        for (const double v : expected.inputs) largest = std::max(largest, std::abs(v));
        ASSERT_EQ(found.size(), expected.inputs.size());
        for (std::size_t i = 0; i < found.size(); ++i) {
          ASSERT_NEAR(found[i], expected.inputs[i], 1e-6 * largest) << "element " << i;
          total += found[i];
        }
        EXPECT_NEAR(shares.bias, expected.bias, 1e-5 * largest);
        EXPECT_NEAR(shares.stabiliser, expected.stabiliser, 1e-5 * largest);
        EXPECT_NEAR(total, r.sum().item<double>(), 1e-5 * largest) << "not conserved";
      }
    }
  }
}

TEST(Operations, PassRelevanceOnWhereTheyDoNotMix) {
  for (const Case& test : cases()) {
    const bool gate = test.operation == "multiply";
    if (!gate && test.operation != "relu" && test.operation != "relu6" &&
        test.operation != "dropout" && test.operation != "input" && test.operation != "sigmoid") {
      continue;
    }
    SCOPED_TRACE(title(test));
    const Prepared made = prepare(test);
    const at::Tensor y = made.operation.forward(made.node, made.inputs, {});
    core::Random random(23);
    const at::Tensor r = random_tensor(y.sizes().vec(), random);
    const Shares shares = made.operation.relevance(made.node, {made.inputs, y, y, r, {}, {}});
    EXPECT_TRUE(shares.inputs[0].equal(r));
    EXPECT_EQ(shares.bias, 0);
    EXPECT_EQ(shares.stabiliser, 0);
    for (std::size_t i = 0; i < shares.inputs.size(); ++i) {
      EXPECT_EQ(made.operation.passes_relevance_to(i), shares.inputs[i].defined());
      EXPECT_EQ(shares.inputs[i].defined(), i == 0) << "the gate gets none";
    }
  }
}

TEST(Concatenate, SplitsRelevanceExactly) {
  for (const Case& test : cases()) {
    if (test.operation != "concatenate") continue;
    const Prepared made = prepare(test);
    const at::Tensor y = made.operation.forward(made.node, made.inputs, {});
    core::Random random(23);
    const at::Tensor r = random_tensor(y.sizes().vec(), random);
    const Shares shares = made.operation.relevance(made.node, {made.inputs, y, y, r, {}, {}});
    ASSERT_EQ(shares.inputs.size(), 3U);
    EXPECT_TRUE(shares.inputs[0].equal(r.slice(1, 0, 3)));
    EXPECT_TRUE(shares.inputs[1].equal(r.slice(1, 3, 4)));
    EXPECT_TRUE(shares.inputs[2].equal(r.slice(1, 4, 6)));
  }
}

TEST(MaxPool, HandsRelevanceToTheWinner) {
  for (const Case& test : cases()) {
    // Squares that overlap are in max_pool_test.cpp.
    if (test.operation != "max_pool" || test.settings.contains("stride")) continue;
    SCOPED_TRACE(title(test));
    const Prepared made = prepare(test);
    const at::Tensor y = made.operation.forward(made.node, made.inputs, {});
    core::Random random(29);
    const at::Tensor r = random_tensor(y.sizes().vec(), random);
    const Array found(
        made.operation.relevance(made.node, {made.inputs, y, y, r, {}, {}}).inputs.at(0));
    const Array x(made.inputs[0]), largest(y), seeds(r);
    const int size = test.settings.value("size", 2);
    for (int n = 0; n < x.size[0]; ++n) {
      for (int c = 0; c < x.size[1]; ++c) {
        for (int v = 0; v < x.size[2]; ++v) {
          for (int u = 0; u < x.size[3]; ++u) {
            const bool won = largest.inside(v / size, u / size) &&
                             largest.at(n, c, v / size, u / size) == x.at(n, c, v, u);
            ASSERT_EQ(found.at(n, c, v, u), won ? seeds.at(n, c, v / size, u / size) : 0);
          }
        }
      }
    }
  }
}

TEST(Operations, StateTheirShapeAndCost) {
  for (const Case& test : cases()) {
    SCOPED_TRACE(title(test));
    const Prepared made = prepare(test);
    const at::Tensor y = made.operation.forward(made.node, made.inputs, {});
    const Shape shape = made.operation.shape(made.node, test.inputs);
    EXPECT_EQ(std::vector<std::int64_t>(shape.begin(), shape.end()), y.sizes().vec());
    EXPECT_EQ(made.operation.flops(made.node, test.inputs, shape), test.flops);
  }
}

TEST(Operations, StateHowFarTheyStep) {
  for (const Case& test : cases()) {
    if (test.operation == "global_average_pool" || test.inputs[0][2] % 2 != 0) continue;
    const Prepared made = prepare(test);
    if (made.node.settings.contains("padding") && made.node.settings["kernel"] == 3 &&
        made.node.settings["padding"] == core::Json({2, 2, 0, 0})) {
      continue;  // this one changes the size by its padding
    }
    const Shape shape = made.operation.shape(made.node, test.inputs);
    if (test.settings.value("size", 2) == 3) continue;  // 7 rows do not divide by 3
    EXPECT_DOUBLE_EQ(static_cast<double>(test.inputs[0][2]) / static_cast<double>(shape[2]),
                     made.operation.step(made.node))
        << title(test);
  }
}

TEST(BatchNorm, UsesAndUpdatesBatchStatisticsInTraining) {
  const Prepared made = prepare({"batch_norm", {{"momentum", 0.25}}, {{4, 2, 3, 5}}, {}, 0});
  const Node& node = made.node;
  const at::Tensor old_mean = node.buffers.at("running_mean").clone();
  const at::Tensor old_variance = node.buffers.at("running_var").clone();
  const at::Tensor y = made.operation.forward(node, made.inputs, {true, false});
  const Array x(made.inputs[0]);
  const Array found(y);
  for (int c = 0; c < 2; ++c) {
    double sum = 0, squares = 0;
    reference::make({4, 1, 3, 5}, [&](int n, int, int v, int u) {
      sum += x.at(n, c, v, u);
      squares += x.at(n, c, v, u) * x.at(n, c, v, u);
      return 0.0;
    });
    const double mean = sum / 60, variance = squares / 60 - mean * mean;
    const double expected = (x.at(3, c, 2, 4) - mean) / std::sqrt(variance + 1e-5) *
                                reference::element(node, "weight", c) +
                            reference::element(node, "bias", c);
    EXPECT_NEAR(found.at(3, c, 2, 4), expected, 1e-9);
    EXPECT_NEAR(node.buffers.at("running_mean")[c].item<double>(),
                0.75 * old_mean[c].item<double>() + 0.25 * mean, 1e-9);
    EXPECT_NEAR(node.buffers.at("running_var")[c].item<double>(),
                0.75 * old_variance[c].item<double>() + 0.25 * variance * 60 / 59, 1e-9);
  }
}

TEST(Dropout, ZeroesItsShareInTrainingAndScalesTheRest) {
  const Case test{"dropout", {{"probability", 0.25}}, {{1, 4, 100, 100}}, {}, 0};
  const Prepared made = prepare(test);
  const std::vector<at::Tensor> ones{made.inputs[0].mul(0).add(1)};
  const Array y(made.operation.forward(made.node, ones, {true, false}));
  const auto zeros = std::count(y.data.begin(), y.data.end(), 0.0);
  EXPECT_NEAR(static_cast<double>(zeros) / 40000, 0.25, 0.02);  // 9 standard errors
  for (const double value : y.data) {
    ASSERT_NEAR(value, value == 0 ? 0 : 4.0 / 3, 1e-12);
  }
}

TEST(Dropout, ZeroesWholeChannelsWhenSpatial) {
  const Case test{"dropout", {{"probability", 0.5}, {"spatial", true}}, {{8, 16, 2, 2}}, {}, 0};
  const Prepared made = prepare(test);
  const std::vector<at::Tensor> ones{made.inputs[0].mul(0).add(1)};
  const Array y(made.operation.forward(made.node, ones, {true, false}));
  int dropped = 0;
  for (std::size_t i = 0; i < y.data.size(); i += 4) {
    for (std::size_t k = 1; k < 4; ++k) ASSERT_EQ(y.data[i + k], y.data[i]);
    dropped += y.data[i] == 0 ? 1 : 0;
  }
  EXPECT_GT(dropped, 30);  // of 128; 64 expected
  EXPECT_LT(dropped, 98);
}

TEST(TransposedConvolution, StartsAsBilinearInterpolation) {
  Prepared made = prepare({"transposed_convolution",
                           {{"channels", 2}, {"kernel", 4}, {"initial", "bilinear"}},
                           {{1, 2, 5, 6}},
                           {},
                           0});
  core::Random random(1);
  made.operation.initialise(made.node, random);
  const Array y(made.operation.forward(made.node, made.inputs, {}));
  Node twice;
  twice.settings = {{"factor", 2}};
  const Array expected = reference::upsample_bilinear(twice, {Array(made.inputs[0])});
  for (int row = 1; row < 9; ++row) {  // at the edge the one extrapolates and the other repeats
    for (int column = 1; column < 11; ++column) {
      ASSERT_NEAR(y.at(0, 1, row, column), expected.at(0, 1, row, column), 1e-6);
    }
  }
}

TEST(Operations, RefuseWhatDoesNotFit) {
  const auto refused = [](const char* operation, core::Json settings, std::vector<int> channels) {
    Node node;
    node.name = "the node";
    node.operation = operation;
    node.settings = std::move(settings);
    for (std::size_t i = 0; i < channels.size(); ++i) node.inputs.push_back(static_cast<int>(i));
    try {
      find_operation(operation).complete(node, channels);
    } catch (const Error& e) {
      EXPECT_NE(std::string(e.what()).find("the node"), std::string::npos) << e.what();
      return e.code() == ExitCode::defect;
    }
    return false;
  };
  EXPECT_TRUE(refused("convolution", {{"kernel", 3}}, {4}));
  EXPECT_TRUE(refused("convolution", {{"channels", 4}, {"kernel", 0}}, {4}));
  EXPECT_TRUE(refused("convolution", {{"channels", 4}, {"kernel", 3}, {"groups", 3}}, {6}));
  EXPECT_TRUE(refused("convolution", {{"channels", 4}, {"kernel", 3}, {"colour", 3}}, {6}));
  EXPECT_TRUE(refused("convolution", {{"channels", 4}, {"kernel", 3}, {"padding", -1}}, {6}));
  EXPECT_TRUE(refused("convolution", {{"channels", 4}, {"kernel", "3"}}, {6}));
  EXPECT_TRUE(refused("transposed_convolution", {{"channels", 4}, {"kernel", 3}}, {4}));
  EXPECT_TRUE(refused("dropout", {{"probability", 1.5}}, {4}));
  EXPECT_TRUE(refused("add", core::Json::object(), {4, 5}));
  EXPECT_TRUE(refused("add", core::Json::object(), {4}));
  EXPECT_TRUE(refused("multiply", core::Json::object(), {4, 2}));
  EXPECT_TRUE(refused("relu", {{"slope", 1}}, {4}));
}

}  // namespace
}  // namespace dawson::nn
