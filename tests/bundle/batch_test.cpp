#include "dawson/bundle/batch.h"

#include <gtest/gtest.h>

#include <numeric>

#include "dawson/core/random.h"

namespace dawson::bundle {
namespace {

std::vector<float> random_values(std::size_t count, std::uint64_t seed) {
  core::Random random(seed);
  std::vector<float> values(count);
  for (float& value : values) value = static_cast<float>(random.normal());
  return values;
}

Stack random_stack() {
  return {2, 5, 6, 7, 2.0, random_values(std::size_t{2} * 5 * 6 * 7, 3)};
}

double dot(const std::vector<float>& a, const std::vector<float>& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

const SliceInput neighbours{{{-3, 0, 3}, {0}}};  // 1.5 slices below and above

TEST(AddBack, IsTheTransposeOfCutting) {
  // ⟨cut(s), r⟩ = ⟨s, add_back(r)⟩ for each slice, the first and last with repeated neighbours too.
  const Stack stack = random_stack();
  const Frame exact{stack.height, stack.width};
  for (int z = 0; z < stack.slices; ++z) {
    std::vector<float> batch;
    cut_batch(stack, neighbours, exact, {z}, batch);
    const std::vector<float> r = random_values(batch.size(), 10 + static_cast<std::uint64_t>(z));
    std::vector<float> sum(stack.values.size(), 0.0F);
    add_back(stack, neighbours, exact, z, r.data(), sum);
    EXPECT_NEAR(dot(batch, r), dot(stack.values, sum), 1e-3) << z;
  }
}

TEST(AddBack, KeepsTheSumOfEachChannelWithPaddingToo) {
  const Stack stack = random_stack();
  const Frame padded{8, 8};
  const std::size_t framed = 64;
  std::vector<float> r = random_values(4 * framed, 5);
  std::vector<float> sum(stack.values.size(), 0.0F);
  add_back(stack, neighbours, padded, 1, r.data(), sum);
  const auto middle = sum.begin() + static_cast<std::ptrdiff_t>(sum.size() / 2);
  const auto first = r.begin(), fourth = r.begin() + 3 * static_cast<std::ptrdiff_t>(framed);
  EXPECT_NEAR(std::accumulate(sum.begin(), middle, 0.0), std::accumulate(first, fourth, 0.0), 1e-4);
  EXPECT_NEAR(std::accumulate(middle, sum.end(), 0.0), std::accumulate(fourth, r.end(), 0.0), 1e-4);
}

TEST(CutBatch, HoldsTheSlicesAskedForInTheirOrder) {
  const Stack stack = random_stack();
  std::vector<float> both, one;
  cut_batch(stack, neighbours, {8, 8}, {4, 1}, both);
  cut_batch(stack, neighbours, {8, 8}, {1}, one);
  ASSERT_EQ(both.size(), 2 * one.size());
  EXPECT_TRUE(
      std::equal(one.begin(), one.end(), both.begin() + static_cast<std::ptrdiff_t>(one.size())));
  EXPECT_EQ(one[3 * 64 + 8 + 2], stack.slice(1, 1)[7 + 2]) << "row 1, column 2 of the last channel";
  EXPECT_EQ(one[3 * 64 + 7], *stack.slice(1, 0)) << "padding holds the channel's first value";
}

}  // namespace
}  // namespace dawson::bundle
