// Max pooling with squares that overlap and a border that never wins, as ResNet's first pooling.
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "dawson/core/error.h"
#include "dawson/nn/operation.h"
#include "nn/tensors.h"

namespace dawson::nn {
namespace {

Node pooling(int size, int stride, int padding) {
  Node node{"pool", "max_pool", {0}, {{"size", size}, {"stride", stride}, {"padding", padding}},
            {},     {}};
  find_operation("max_pool").complete(node, {2});
  return node;
}

struct Winner {
  double value = -std::numeric_limits<double>::infinity();
  std::int64_t y = 0, x = 0;
};

/// Of the square whose output is at `y`, `x`.
Winner winner(const at::Tensor& plane, int size, int stride, int padding, std::int64_t y,
              std::int64_t x) {
  Winner best;
  for (int a = 0; a < size; ++a) {
    for (int b = 0; b < size; ++b) {
      const std::int64_t v = y * stride - padding + a, u = x * stride - padding + b;
      if (v < 0 || u < 0 || v >= plane.size(0) || u >= plane.size(1)) continue;
      const double value = plane[v][u].item<double>();
      if (value > best.value) best = {value, v, u};
    }
  }
  return best;
}

TEST(MaxPool, TakesTheLargestOfEachSquareAndHandsItsRelevanceBackToIt) {
  const Operation& operation = find_operation("max_pool");
  core::Random random(4);
  for (const auto [size, stride, padding] :
       {std::array{3, 2, 1}, {2, 2, 0}, {3, 1, 1}, {2, 3, 1}}) {
    SCOPED_TRACE(std::to_string(size) + " " + std::to_string(stride));
    const Node node = pooling(size, stride, padding);
    // All below zero: a border of zeros would win.
    const at::Tensor x = random_tensor({1, 2, 7, 8}, random).sub(10);
    const at::Tensor y = operation.forward(node, {x}, {});
    const Shape shape = operation.shape(node, {{1, 2, 7, 8}});
    ASSERT_EQ(y.sizes().vec(), std::vector<std::int64_t>(shape.begin(), shape.end()));
    const at::Tensor relevance = random_like(y, random);
    const std::vector<at::Tensor> inputs{x};
    const RuleSettings rule;
    const InputBounds bounds;
    const Shares shares = operation.relevance(node, {inputs, y, y, relevance, rule, bounds});
    at::Tensor expected = x.mul(0);
    for (std::int64_t c = 0; c < 2; ++c) {
      for (std::int64_t v = 0; v < y.size(2); ++v) {
        for (std::int64_t u = 0; u < y.size(3); ++u) {
          const Winner best = winner(x[0][c], size, stride, padding, v, u);
          ASSERT_EQ(y[0][c][v][u].item<double>(), best.value);
          expected[0][c][best.y][best.x].add_(relevance[0][c][v][u]);
        }
      }
    }
    EXPECT_LT(difference(shares.inputs[0], expected), 1e-12);
  }
}

TEST(MaxPool, CostsWhatItLooksAt) {
  const Operation& operation = find_operation("max_pool");
  const Shape input{1, 2, 8, 8};
  const auto flops = [&](const Node& node) {
    return operation.flops(node, {input}, operation.shape(node, {input}));
  };
  EXPECT_EQ(flops(pooling(2, 2, 0)), 2 * 64);
  EXPECT_EQ(flops(pooling(3, 2, 1)), 2 * 16 * 9);
  EXPECT_EQ(operation.step(pooling(3, 2, 1)), 2);
  EXPECT_EQ(operation.reach(pooling(3, 2, 1)), 1);
  EXPECT_EQ(operation.reach(pooling(2, 2, 0)), 0);
}

TEST(MaxPool, ReadsDescriptionsOfBeforeStridesAndRefusesABorderOfWholeSquares) {
  Node node{"pool", "max_pool", {0}, {{"size", 3}}, {}, {}};
  find_operation("max_pool").complete(node, {2});
  EXPECT_EQ(node.settings["stride"], 3);
  EXPECT_EQ(node.settings["padding"], 0);
  EXPECT_THROW(pooling(3, 2, 2), Error);
}

}  // namespace
}  // namespace dawson::nn
