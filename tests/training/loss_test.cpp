#include "dawson/training/loss.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>

namespace dawson::training {
namespace {

at::Tensor pixels(const std::vector<double>& values) {
  return at::tensor(values, at::kDouble).view({1, 1, 1, static_cast<int64_t>(values.size())});
}

TEST(Loss, IsWhatIsWorkedOutByHand) {
  // p = 1/2 everywhere, one pixel of four is lesion: overlap 1/2, p² + t² = 4/4 + 1.
  const Loss loss = dice_bce(pixels({0, 0, 0, 0}), pixels({1, 0, 0, 0}), {0.5, 3, 2});
  EXPECT_NEAR(loss.dice, 1 - (2 * 0.5 + 1) / (2 + 1), 1e-12);
  EXPECT_NEAR(loss.bce, (2 + 3) * std::log(2) / 4, 1e-12);
  EXPECT_NEAR(loss.total.item<double>(), 0.5 * loss.dice + 3 * loss.bce, 1e-12);
}

TEST(Loss, VanishesForAPerfectAnswer) {
  const Loss lesion = dice_bce(pixels({50, -50, 50}), pixels({1, 0, 1}), {});
  EXPECT_NEAR(lesion.total.item<double>(), 0, 1e-12);
  const Loss nothing = dice_bce(pixels({-50, -50, -50}), pixels({0, 0, 0}), {});
  EXPECT_NEAR(nothing.total.item<double>(), 0, 1e-12);
}

TEST(Loss, TakesDiceOverTheWholeBatch) {
  const at::Tensor logits = at::cat({pixels({2, -1}), pixels({-3, 1})});
  const at::Tensor target = at::cat({pixels({1, 0}), pixels({0, 0})});
  EXPECT_NEAR(dice_bce(logits, target, {}).dice,
              dice_bce(pixels({2, -1, -3, 1}), pixels({1, 0, 0, 0}), {}).dice, 1e-12);
}

TEST(Loss, StaysFiniteForLogitsOfAnySize) {
  const Loss loss = dice_bce(pixels({-1e4, 1e4}), pixels({1, 0}), {});
  EXPECT_NEAR(loss.bce, 1e4, 1e-6);
}

TEST(Loss, HasTheGradientOfFiniteDifferences) {
  const std::vector<double> values = {0.3, -1.2, 2.5, -0.1, 0.8, -3};
  const at::Tensor target = pixels({1, 0, 1, 1, 0, 0});
  const LossWeights weights{0.7, 1.3, 2.5};
  const at::Tensor logits = pixels(values).set_requires_grad(true);
  dice_bce(logits, target, weights).total.backward();
  constexpr double step = 1e-5;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto total = [&](double change) {
      std::vector<double> moved = values;
      moved[i] += change;
      return dice_bce(pixels(moved), target, weights).total.item<double>();
    };
    const double expected = (total(step) - total(-step)) / (2 * step);
    EXPECT_NEAR(logits.grad().flatten()[static_cast<int64_t>(i)].item<double>(), expected, 1e-8);
  }
}

}  // namespace
}  // namespace dawson::training
