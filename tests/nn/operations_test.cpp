// Every operation over several shapes: forward against plain loops, gradient against finite
// differences, shape and cost against what was run and counted by hand.
#include <ATen/core/grad_mode.h>
#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "dawson/core/error.h"
#include "dawson/nn/operation.h"
#include "nn/reference.h"
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
      {"batch_norm", core::Json::object(), {{2, 3, 4, 5}}, batch_norm, 2 * 120},
      {"batch_norm", {{"epsilon", 0.5}}, {{1, 1, 3, 2}}, batch_norm, 2 * 6},
      {"relu", core::Json::object(), {{2, 3, 4, 5}}, relu, 120},
      {"relu6", core::Json::object(), {{2, 3, 4, 5}}, relu6, 240},
      {"sigmoid", core::Json::object(), {{2, 1, 4, 5}}, sigmoid, 160},
      {"max_pool", {{"size", 2}}, {{2, 3, 4, 6}}, max, 144},
      {"max_pool", {{"size", 3}}, {{1, 2, 7, 6}}, max, 84},
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
