#include "dawson/training/loss.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>

#include "dawson/core/error.h"
#include "dawson/core/random.h"

namespace dawson::training {
namespace {

at::Tensor pixels(const std::vector<double>& values) {
  return at::tensor(values, at::kDouble).view({1, 1, 1, static_cast<int64_t>(values.size())});
}

double value(const at::Tensor& scalar) {
  return scalar.item<double>();
}

LossSettings settings(const std::string& name, double overlap = 1, double bce = 1,
                      double positive = 1) {
  LossSettings s;
  s.name = name;
  s.overlap = overlap;
  s.bce = bce;
  s.positive = positive;
  return s;
}

TEST(Loss, IsWhatIsWorkedOutByHand) {
  // p = 1/2 everywhere, one pixel of four is lesion: overlap 1/2, p² + t² = 4/4 + 1.
  const at::Tensor logits = pixels({0, 0, 0, 0}), target = pixels({1, 0, 0, 0});
  const Loss dice = find_loss(logits, target, settings("dice_bce", 0.5, 3, 2));
  EXPECT_NEAR(value(dice.overlap), 1 - (2 * 0.5 + 1) / (2 + 1), 1e-12);
  EXPECT_NEAR(value(dice.bce), (2 + 3) * std::log(2) / 4, 1e-12);
  EXPECT_NEAR(value(dice.total), 0.5 * value(dice.overlap) + 3 * value(dice.bce), 1e-12);

  // False positives 3 · 1/2, false negatives 1/2, α = 0.3, β = 0.7 (Salehi et al. 2017, eq. 4).
  const double miss = 1 - (0.5 + 1) / (0.5 + 0.3 * 1.5 + 0.7 * 0.5 + 1);
  EXPECT_NEAR(value(find_loss(logits, target, settings("tversky")).overlap), miss, 1e-12);
  // γ = 4/3: the power of 3/4 (Abraham and Khan 2019, eq. 4).
  EXPECT_NEAR(value(find_loss(logits, target, settings("focal_tversky")).overlap),
              std::pow(miss, 0.75), 1e-12);
}

TEST(Loss, OfTverskyWithHalvesIsThatOfDiceWithoutSquares) {
  // α = β = 1/2: overlap / (overlap + (fp + fn) / 2) = 2 Σpg / (Σp + Σg), smoothed by one pixel.
  LossSettings s = settings("tversky");
  s.alpha = s.beta = 0.5;
  const at::Tensor logits = pixels({0.3, -1.2, 2.5, -0.1}), target = pixels({1, 0, 1, 1});
  const at::Tensor p = at::sigmoid(logits);
  const double expected =
      1 - (value((p * target).sum()) + 1) / (0.5 * value(p.sum() + target.sum()) + 1);
  EXPECT_NEAR(value(find_loss(logits, target, s).overlap), expected, 1e-12);
}

TEST(Loss, OfTverskyWeighsMissesAsBetaAndFalseFindingsAsAlpha) {
  const at::Tensor target = pixels({1, 1, 0, 0});
  const at::Tensor misses = pixels({50, -50, -50, -50}), invents = pixels({50, 50, 50, -50});
  LossSettings s = settings("tversky");
  EXPECT_GT(value(find_loss(misses, target, s).overlap),
            value(find_loss(invents, target, s).overlap));
  std::swap(s.alpha, s.beta);
  EXPECT_LT(value(find_loss(misses, target, s).overlap),
            1 - (1.0 + 1) / (1 + 0.3 + 1) + 1e-9);  // one missed pixel, weighed 0.3 now
}

TEST(Loss, VanishesForAPerfectAnswer) {
  for (const std::string& name : loss_names()) {
    // The floor of focal's root, 1e-6^(3/4), is all that may be left.
    const double left = name == "focal_tversky" ? 3.2e-5 : 1e-12;
    const Loss lesion = find_loss(pixels({50, -50, 50}), pixels({1, 0, 1}), settings(name));
    EXPECT_NEAR(value(lesion.total), 0, left) << name;
    const Loss nothing = find_loss(pixels({-50, -50, -50}), pixels({0, 0, 0}), settings(name));
    EXPECT_NEAR(value(nothing.total), 0, left) << name;
  }
}

TEST(Loss, TakesOverlapOverTheWholeBatch) {
  const at::Tensor logits = at::cat({pixels({2, -1}), pixels({-3, 1})});
  const at::Tensor target = at::cat({pixels({1, 0}), pixels({0, 0})});
  for (const std::string& name : loss_names()) {
    EXPECT_NEAR(
        value(find_loss(logits, target, settings(name)).overlap),
        value(find_loss(pixels({2, -1, -3, 1}), pixels({1, 0, 0, 0}), settings(name)).overlap),
        1e-12);
  }
}

TEST(Loss, StaysFiniteForLogitsOfAnySize) {
  for (const std::string& name : loss_names()) {
    for (const double size : {1e2, 1e4}) {
      const at::Tensor logits = pixels({-size, size, size}).to(at::kFloat).set_requires_grad(true);
      const Loss loss = find_loss(logits, pixels({1, 0, 1}).to(at::kFloat), settings(name));
      EXPECT_NEAR(value(loss.bce), 2 * size / 3, 1e-3) << name;
      loss.total.backward();
      EXPECT_TRUE(at::isfinite(logits.grad()).all().item<bool>()) << name;
    }
    // Where the answer is perfect in float32, too: focal's root has no slope that is infinite.
    const at::Tensor perfect = pixels({200, -200}).to(at::kFloat).set_requires_grad(true);
    find_loss(perfect, pixels({1, 0}).to(at::kFloat), settings(name)).total.backward();
    EXPECT_TRUE(at::isfinite(perfect.grad()).all().item<bool>()) << name;
  }
}

/// Central differences over each logit, in double.
void expect_gradient(const at::Tensor& logits, const at::Tensor& target, const LossSettings& s) {
  const at::Tensor leaf = logits.clone().set_requires_grad(true);
  find_loss(leaf, target, s).total.backward();
  const at::Tensor gradient = leaf.grad().flatten();
  constexpr double step = 1e-5;
  for (int64_t i = 0; i < logits.numel(); ++i) {
    const auto total = [&](double change) {
      at::Tensor moved = logits.clone();
      moved.view(-1)[i] += change;
      return value(find_loss(moved, target, s).total);
    };
    const double expected = (total(step) - total(-step)) / (2 * step);
    ASSERT_NEAR(value(gradient[i]), expected, 1e-8) << s.name << ", logit " << i;
  }
}

TEST(Loss, HasTheGradientOfFiniteDifferences) {
  core::Random random(7);
  for (const std::string& name : loss_names()) {
    for (int draw = 0; draw < 20; ++draw) {
      LossSettings s =
          settings(name, random.uniform(0.2, 2), random.uniform(0.2, 2), random.uniform(0.5, 4));
      s.alpha = random.uniform(0.1, 0.9);
      s.beta = 1 - s.alpha;
      s.gamma = random.uniform(1, 3);
      // Each third target is empty, as slices without lesions are; each fourth one is full.
      const double share = draw % 3 == 0 ? 0 : draw % 4 == 1 ? 1 : 0.3;
      std::vector<double> logits, target;
      for (int i = 0; i < 24; ++i) {
        logits.push_back(random.normal(0, 2));
        target.push_back(random.chance(share) ? 1 : 0);
      }
      ASSERT_NO_FATAL_FAILURE(expect_gradient(at::tensor(logits, at::kDouble).view({2, 1, 3, 4}),
                                              at::tensor(target, at::kDouble).view({2, 1, 3, 4}),
                                              s));
    }
  }
}

TEST(Loss, OfAnUnknownNameIsRefused) {
  EXPECT_THROW(find_loss(pixels({0}), pixels({1}), settings("focal")), Error);
}

}  // namespace
}  // namespace dawson::training
