#include "dawson/training/optimiser.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>
#include <torch/autograd.h>
#include <torch/optim.h>
#include <torch/types.h>

#include <cmath>

#include "dawson/core/error.h"

namespace dawson::training {
namespace {

/// One weight on the quadratic k/2 · w², worked out in double by the papers' own formulas.
struct ByHand {
  double w, m = 0, v = 0;
  void step(int t, double k, double rate, double decay, bool decoupled) {
    constexpr double b1 = 0.9, b2 = 0.999, epsilon = 1e-8;  // Kingma and Ba 2015, algorithm 1
    const double g = k * w + (decoupled ? 0 : decay * w);
    m = b1 * m + (1 - b1) * g;
    v = b2 * v + (1 - b2) * g * g;
    const double step =
        (m / (1 - std::pow(b1, t))) / (std::sqrt(v / (1 - std::pow(b2, t))) + epsilon);
    w -= rate * (step + (decoupled ? decay * w : 0));  // Loshchilov and Hutter 2019, algorithm 2
  }
};

/// Weights 1 and 1 on slopes a hundredfold apart, after `steps` steps.
at::Tensor descend(const std::string& name, double decay, int steps) {
  at::Tensor w = at::ones({2}, at::kDouble).set_requires_grad(true);
  const at::Tensor slopes = at::tensor({10.0, 0.1}, at::kDouble);
  const auto optimiser = make_optimiser(name, {w}, 0.01, decay);
  for (int t = 0; t < steps; ++t) {
    optimiser->zero_grad();
    (0.5 * slopes * w * w).sum().backward();
    optimiser->step();
  }
  return w.detach();
}

TEST(Optimiser, TakesTheStepsOfItsPaper) {
  constexpr int steps = 25;
  constexpr double decay = 0.5;
  for (const auto& [name, decoupled] : {std::pair{"adam", false}, {"adamw", true}}) {
    const at::Tensor w = descend(name, decay, steps);
    const double slopes[] = {10.0, 0.1};
    for (int i = 0; i < 2; ++i) {
      ByHand expected{1.0};
      for (int t = 1; t <= steps; ++t) expected.step(t, slopes[i], 0.01, decay, decoupled);
      EXPECT_NEAR(w[i].item<double>(), expected.w, 1e-9) << name << ", slope " << slopes[i];
    }
  }
}

TEST(Optimiser, CouplesDecayWithTheGradientInAdamAlone) {
  // L2 in the gradient is divided by the gradient's own size, so that here, where both pull the
  // same way, it changes next to nothing; decoupled decay shrinks the weight by (1 − 0.01 · 0.5).
  const double adam = (descend("adam", 0, 1) - descend("adam", 0.5, 1))[0].item<double>();
  const double adamw = (descend("adamw", 0, 1) - descend("adamw", 0.5, 1))[0].item<double>();
  EXPECT_LT(std::abs(adam), 1e-8);
  EXPECT_NEAR(adamw, 0.005, 1e-12);
}

TEST(Optimiser, ClipsTheWholeGradientAndSaysItsNorm) {
  const at::Tensor a = at::zeros({2}, at::kDouble).set_requires_grad(true);
  const at::Tensor b = at::zeros({1}, at::kDouble).set_requires_grad(true);
  const auto optimiser = make_optimiser("adamw", {a, b}, 0.1, 0);
  const auto fill = [&] {
    a.mutable_grad() = at::tensor({3.0, 0.0}, at::kDouble);
    b.mutable_grad() = at::tensor({4.0}, at::kDouble);
  };
  fill();
  EXPECT_NEAR(clip_gradient(*optimiser, 2).item<double>(), 5, 1e-12);
  EXPECT_NEAR(a.grad()[0].item<double>(), 3 * 2 / 5.0, 1e-5);
  EXPECT_NEAR(b.grad()[0].item<double>(), 4 * 2 / 5.0, 1e-5);
  for (const double norm : {0.0, 6.0}) {  // none; larger than the gradient
    fill();
    EXPECT_NEAR(clip_gradient(*optimiser, norm).item<double>(), 5, 1e-12);
    EXPECT_NEAR(a.grad()[0].item<double>(), 3, 1e-12);
  }
}

TEST(Optimiser, OfAnUnknownNameIsRefused) {
  EXPECT_THROW(make_optimiser("sgd", {at::zeros({1}).set_requires_grad(true)}, 0.1, 0), Error);
}

}  // namespace
}  // namespace dawson::training
