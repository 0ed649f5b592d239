#include "dawson/bundle/batch.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "bundle/networks.h"
#include "dawson/core/random.h"

namespace dawson::bundle {
namespace {

Stack random_stack(core::Random& random) {
  Stack stack{2, 5, 6, 7, 2.0, {}};
  stack.values.resize(std::size_t{2} * 5 * 6 * 7);
  for (float& value : stack.values) value = static_cast<float>(random.normal());
  return stack;
}

const SliceInput input{{{-3, 0, 3}, {0}}};

/// ⟨a, b⟩ over two lists of equal length.
double product(const std::vector<float>& a, const std::vector<float>& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

TEST(AddBack, IsTheTransposeOfCutting) {
  // ⟨cut x, r⟩ = ⟨x, cutᵀ r⟩ for any x and r: what "transpose" means. Without padding, since that
  // holds a constant and no pixel of the stack.
  core::Random random(4);
  const Stack stack = random_stack(random);
  const Frame frame{stack.height, stack.width};
  for (int z = 0; z < stack.slices; ++z) {
    std::vector<float> cut;
    cut_batch(stack, input, frame, {z}, cut);
    std::vector<float> values(cut.size());
    for (float& value : values) value = static_cast<float>(random.normal());
    std::vector<float> sum(stack.values.size(), 0.0F);
    add_back(stack, input, frame, z, values.data(), sum);
    EXPECT_NEAR(product(cut, values), product(stack.values, sum), 1e-4) << "slice " << z;
  }
}

TEST(AddBack, KeepsSumsOfPaddingToo) {
  core::Random random(5);
  const Stack stack = random_stack(random);
  const Frame frame{8, 8};
  std::vector<float> values(std::size_t{4} * 8 * 8);
  for (float& value : values) value = static_cast<float>(random.uniform());
  std::vector<float> sum(stack.values.size(), 0.0F);
  add_back(stack, input, frame, 2, values.data(), sum);
  EXPECT_NEAR(std::accumulate(sum.begin(), sum.end(), 0.0),
              std::accumulate(values.begin(), values.end(), 0.0), 1e-3);
}

TEST(CutBatch, PadsWithEachChannelsFirstValue) {
  core::Random random(6);
  const Stack stack = random_stack(random);
  std::vector<float> batch;
  cut_batch(stack, input, {8, 8}, {1, 4}, batch);
  ASSERT_EQ(batch.size(), std::size_t{2} * 4 * 64);
  EXPECT_EQ(batch[63], stack.values[0]);
  EXPECT_EQ(batch[64 + 9], stack.slice(0, 1)[8]);  // offset 0: row 1, column 1 of slice 1
  EXPECT_EQ(batch[64 * 3 + 63], *stack.slice(1, 0));
}

}  // namespace
}  // namespace dawson::bundle
