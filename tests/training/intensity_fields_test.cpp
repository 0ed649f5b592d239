// Bias, blur, resolution, tone and noise: what each must leave as it is, and what it is there for.
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>

#include "dawson/training/augmentation.h"
#include "dawson/training/augmentation_contrast.h"
#include "dawson/training/augmentation_fields.h"
#include "training/toy.h"

namespace dawson::training {
namespace {

constexpr int side = 128, margin = 24;

/// Grain of deviation 1 in the middle of a still picture [1, 128, 128]; nothing is background.
at::Tensor grain(std::uint64_t seed = 1) {
  const at::Tensor image = at::zeros({1, side, side});
  core::Random random(seed);
  image.narrow(1, margin, side - 2 * margin)
      .narrow(2, margin, side - 2 * margin)
      .copy_(normal_noise(at::empty({side - 2 * margin, side - 2 * margin}), 1, random));
  return image;
}

at::Tensor varied(const at::Tensor& image, const AugmentationSettings& settings, std::uint64_t seed,
                  double pixel_mm = 1) {
  const ChannelRoles roles{{true}, -20, {}, {}};
  at::Tensor copy = image.clone();
  core::Random random(seed);
  vary_intensity(copy, roles, settings, pixel_mm, random);
  return copy;
}

double mean_of(const at::Tensor& t) {
  return t.to(at::kDouble).mean().item<double>();
}
double variance_of(const at::Tensor& t) {
  return t.to(at::kDouble).var(false).item<double>();
}
double largest_of(const at::Tensor& t) {
  return t.abs().max().item<double>();
}

TEST(Blur, KeepsTheMeanAndLowersTheVariance) {
  const at::Tensor before = grain();
  double last = variance_of(before);
  for (const double sigma : {0.5, 1.0, 3.0}) {
    const at::Tensor after = blur(before, sigma);
    EXPECT_NEAR(mean_of(after), mean_of(before), 1e-6) << sigma;
    EXPECT_LT(variance_of(after), 0.9 * last) << sigma;
    last = variance_of(after);
  }
  EXPECT_LT(largest_of(blur(at::full({1, side, side}, 1.7F), 3) - 1.7F), 1e-5);
}

TEST(Blur, SpreadsAPointByItsSigma) {
  at::Tensor point = at::zeros({1, side, side});
  point[0][60][70] = 1;
  const at::Tensor spread = blur(point, 2)[0].to(at::kDouble);
  const at::Tensor along = at::arange(side, at::kDouble);
  const at::Tensor x = spread.sum(0), y = spread.sum(1);
  EXPECT_NEAR((x * along).sum().item<double>(), 70, 1e-4);
  EXPECT_NEAR((y * along).sum().item<double>(), 60, 1e-4);
  // A Gaussian that ends at three deviations has 0.973 of the variance of a whole one.
  for (const at::Tensor& axis : {x * (along - 70).square(), y * (along - 60).square()}) {
    EXPECT_NEAR(axis.sum().item<double>(), 4, 0.15);
  }
}

TEST(Blur, IsOfAShareOfTheSlicesAndInMillimetres) {
  AugmentationSettings settings = no_augmentation();
  settings.blur_mm = 2;
  const at::Tensor before = grain();
  int blurred = 0;
  constexpr int draws = 200;
  for (std::uint64_t seed = 0; seed < draws; ++seed) {
    const at::Tensor after = varied(before, settings, seed);
    if (at::equal(after, before)) continue;
    ++blurred;
    EXPECT_NEAR(mean_of(after), mean_of(before), 1e-6);
    EXPECT_LT(variance_of(after), variance_of(before));
    // The same millimetres are fewer of larger pixels.
    EXPECT_GT(variance_of(varied(before, settings, seed, 2)), variance_of(after));
  }
  EXPECT_NEAR(blurred, 0.3 * draws, 4 * std::sqrt(0.21 * draws));
}

TEST(Coarse, KeepsTheMeanAndTheRangeAndLosesDetail) {
  AugmentationSettings settings = no_augmentation();
  settings.coarse_probability = 1;
  const at::Tensor before = grain();
  const at::Tensor flat = at::full({1, side, side}, 1.7F);
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const at::Tensor after = varied(before, settings, seed);
    EXPECT_EQ(after.sizes(), before.sizes());
    // Pixels of two coarse ones count a little more than others.
    EXPECT_NEAR(mean_of(after), mean_of(before), 0.015);
    EXPECT_LE(largest_of(after), largest_of(before));
    EXPECT_LT(variance_of(after), 0.8 * variance_of(before));
    EXPECT_GT(variance_of(after), 0.05 * variance_of(before)) << "more than a factor of 2 was lost";
    EXPECT_LT(largest_of(varied(flat, settings, seed) - flat), 1e-5);
  }
}

TEST(Coarse, LeavesASlopeWhereItIs) {
  AugmentationSettings settings = no_augmentation();
  settings.coarse_probability = 1;
  const at::Tensor slope = at::linspace(-3, 3, side).expand({1, side, side}).contiguous();
  const double step = 6.0 / (side - 1);
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const at::Tensor after = varied(slope, settings, seed);
    EXPECT_LT(largest_of((after - slope).narrow(2, 2, side - 4)), 0.75 * step) << "shifted";
  }
}

TEST(NormalNoise, HasTheDeviationThatWasAskedForAndNoMemory) {
  core::Random random(2);
  const at::Tensor noise = normal_noise(at::empty({256, 256}), 0.4, random).to(at::kDouble);
  const auto count = static_cast<double>(noise.numel());
  EXPECT_NEAR(mean_of(noise), 0, 4 * 0.4 / std::sqrt(count));
  EXPECT_NEAR(std::sqrt(variance_of(noise)), 0.4, 4 * 0.4 / std::sqrt(2 * count));
  for (const int64_t axis : {0, 1}) {
    const double covariance = mean_of(noise.narrow(axis, 0, 255) * noise.narrow(axis, 1, 255));
    EXPECT_NEAR(covariance / 0.16, 0, 4 / std::sqrt(count)) << "neighbours along " << axis;
  }
  const double beyond = mean_of(noise.abs().gt(0.8).to(at::kDouble));
  EXPECT_NEAR(beyond, 0.0455, 4 * std::sqrt(0.0455 / count)) << "of a normal distribution";
}

TEST(NormalNoise, IsOfHalfTheSlicesAndUniformUpToItsSetting) {
  AugmentationSettings settings = no_augmentation();
  settings.noise = 0.8;
  const at::Tensor still = at::zeros({1, side, side});
  constexpr int draws = 200;
  int noisy = 0;
  double sum = 0, most = 0;
  for (std::uint64_t seed = 0; seed < draws; ++seed) {
    const at::Tensor after = varied(still, settings, seed);
    const double deviation = std::sqrt(variance_of(after));
    if (deviation == 0) continue;
    ++noisy;
    EXPECT_NEAR(mean_of(after), 0, 5 * deviation / side);
    sum += deviation;
    most = std::max(most, deviation);
  }
  EXPECT_NEAR(noisy, 0.5 * draws, 4 * std::sqrt(0.25 * draws));
  EXPECT_LT(most, 0.8 * 1.03);
  EXPECT_GT(most, 0.7);
  EXPECT_NEAR(sum / noisy, 0.4, 4 * 0.8 / std::sqrt(12.0 * noisy));
}

TEST(Bias, IsSmoothAndOfDeviationOne) {
  double square = 0;
  constexpr int draws = 200;
  for (std::uint64_t seed = 0; seed < draws; ++seed) {
    core::Random random(seed);
    const at::Tensor field = smooth_field(96, 80, at::empty({1}), random)[0];
    square += mean_of(field.square()) / draws;
    const double range = (field.max() - field.min()).item<double>();
    // Knots are 32 and 26 pixels apart: between neighbours only a small part of the range.
    for (const int64_t axis : {0, 1}) EXPECT_LT(largest_of(field.diff(1, axis)), 0.1 * range);
  }
  EXPECT_NEAR(std::sqrt(square), 1, 0.25);
}

TEST(Bias, MultipliesTheSignalByABoundedField) {
  AugmentationSettings settings = no_augmentation();
  settings.bias = 0.12;
  double most = 0;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    // A signal is a value plus the depth of air: of 6 and of 9 here, by the same field.
    const auto field = [&](double value) {
      const at::Tensor image = at::full({1, side, side}, value, at::kFloat);
      return (varied(image, settings, seed) - image) / (value + 6);
    };
    const at::Tensor dim = field(0), bright = field(3);
    EXPECT_LT(largest_of(dim - bright), 1e-5);
    EXPECT_LT(largest_of(varied(at::full({1, 8, 8}, -6.0F), settings, seed) + 6), 1e-6)
        << "air shines";
    most = std::max(most, largest_of(dim));
  }
  EXPECT_GT(most, 0.12);      // a strong draw: near two deviations of the field
  EXPECT_LT(most, 5 * 0.12);  // never so much that a sign could turn
}

TEST(Tone, KeepsTheOrderOfIntensitiesAndBendsTheirCurve) {
  const at::Tensor v = at::linspace(-6, 6, 241, at::kDouble);
  for (const double strength : {0.3, 0.4}) {  // of lesion networks and of brain networks
    AugmentationSettings settings = no_augmentation();
    settings.tone = strength;
    double bent = 0;
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
      core::Random random(seed);
      const at::Tensor curve = tone_curve(v, settings, random);
      EXPECT_TRUE(curve.diff().gt(0).all().item<bool>()) << strength << ", seed " << seed;
      EXPECT_LT(largest_of(curve - v), 2 * strength * 2.5 + 1e-9);  // two deviations of both steps
      bent = std::max(bent, largest_of(curve.diff(2)));
    }
    EXPECT_GT(bent, 1e-4);  // of a straight line 0
  }
}

TEST(Tone, BendsTissueAndLesionsApart) {
  AugmentationSettings settings = no_augmentation();
  settings.tone = 0.3;
  const at::Tensor v = at::tensor({-0.1, 0.1, 2.4, 2.6}, at::kDouble);
  double tissue = 0, lesion = 0, both = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    core::Random random(seed);
    const at::Tensor curve = tone_curve(v, settings, random);
    const double slope = (curve[1] - curve[0]).item<double>() / 0.2 - 1;
    const double other = (curve[3] - curve[2]).item<double>() / 0.2 - 1;
    tissue += slope * slope;
    lesion += other * other;
    both += slope * other;
  }
  EXPECT_LT(std::abs(both / std::sqrt(tissue * lesion)), 0.4);
  EXPECT_NEAR(std::sqrt(tissue / 400), 0.3, 0.05);
  EXPECT_NEAR(std::sqrt(lesion / 400), 0.3, 0.05);
}

}  // namespace
}  // namespace dawson::training
