#include "dawson/training/augmentation.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "training/slices.h"
#include "training/toy.h"

namespace dawson::training {
namespace {

TEST(Place, ChangesNothingWhenAllIsSwitchedOff) {
  const DrawnSlice slice = slice_with_disc(60, 40, 8);
  core::Random random(1);
  const Patch patch = place(slice, no_augmentation(), size, random);
  const at::Tensor image = at::tensor(slice.image).view({2, size, size});
  EXPECT_LT((patch.image - image).abs().max().item<double>(), 1e-4);
  EXPECT_TRUE(at::equal(patch.target, image.narrow(0, 0, 1)));
}

TEST(Place, CutsAroundTheChosenCentre) {
  DrawnSlice slice = slice_with_disc(60, 40, 8);
  slice.centre_x = 60.5;  // a patch of 32 has its centre between two pixels
  slice.centre_y = 40.5;
  core::Random random(1);
  const Patch patch = place(slice, no_augmentation(), 32, random);
  EXPECT_TRUE(
      at::equal(patch.target.squeeze(0),
                at::tensor(slice.target).view({size, size}).narrow(0, 25, 32).narrow(1, 45, 32)));
}

TEST(Place, KeepsVolumeAndDistanceUnderRotation) {
  AugmentationSettings settings = no_augmentation();
  settings.rotation_degrees = 40;
  const DrawnSlice slice = slice_with_disc(middle + 20, middle - 5, 9);
  const double before = std::atan2(-5, 20);
  double largest = 0;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    core::Random random(seed);
    const Patch patch = place(slice, settings, size, random);
    const Moments target = moments_of(patch.target);
    const Moments image = moments_of(patch.image[0]);
    EXPECT_NEAR(target.mass, 254, 0.03 * 254);  // π·9²
    EXPECT_NEAR(std::hypot(target.x, target.y), std::hypot(20, 5), 0.15);
    // Thresholding the target at half a pixel moves its centre by less than this.
    EXPECT_NEAR(target.x, image.x, 0.3);
    EXPECT_NEAR(target.y, image.y, 0.3);
    const double turned = std::abs(std::atan2(target.y, target.x) - before) * 180 / M_PI;
    EXPECT_LE(turned, 40.5);
    largest = std::max(largest, turned);
  }
  EXPECT_GT(largest, 30);
}

TEST(Place, ScalesImageAndTargetTogether) {
  AugmentationSettings settings = no_augmentation();
  settings.scale = 0.3;
  const DrawnSlice slice = slice_with_disc(middle + 12, middle + 10, 9);
  const double area = moments_of(at::tensor(slice.target).view({size, size})).mass;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    core::Random random(seed);
    const Patch patch = place(slice, settings, size, random);
    const Moments target = moments_of(patch.target);
    const double scale_x = target.x / 12, scale_y = target.y / 10;
    EXPECT_GT(scale_x, 0.7 * 0.9 - 0.02);
    EXPECT_LT(scale_x, 1.3 * 1.1 + 0.02);
    EXPECT_NEAR(scale_x / scale_y, 1, 0.25);
    EXPECT_NEAR(target.mass, area * scale_x * scale_y, 0.06 * area);
    const Moments image = moments_of(patch.image[0]);
    EXPECT_NEAR(target.x, image.x, 0.3);
    EXPECT_NEAR(target.y, image.y, 0.3);
  }
}

TEST(Place, FlipsLeftAndRightOnly) {
  AugmentationSettings settings = no_augmentation();
  settings.flip_probability = 1;
  core::Random random(3);
  const DrawnSlice slice = slice_with_disc(60, 40, 8);
  const Patch patch = place(slice, settings, size, random);
  EXPECT_TRUE(at::equal(patch.target, at::tensor(slice.target).view({1, size, size}).flip(2)));
  const at::Tensor ramp = at::arange(size, at::kFloat).flip(0).expand({size, size});
  EXPECT_LT((patch.image[1] - ramp).abs().max().item<double>(), 1e-3);
}

TEST(Place, RepeatsTheEdgeBeyondTheSliceButNoTarget) {
  DrawnSlice slice = slice_with_disc(0, 0, 200);  // target everywhere
  slice.centre_x = 0;
  core::Random random(1);
  const Patch patch = place(slice, no_augmentation(), size, random);
  const at::Tensor left = patch.image[1].narrow(1, 0, size / 2 - 1);
  EXPECT_EQ(left.abs().max().item<double>(), 0);
  EXPECT_EQ(patch.target[0].narrow(1, 0, size / 2 - 1).sum().item<double>(), 0);
  EXPECT_EQ(patch.target[0].narrow(1, size / 2 + 1, size / 2 - 1).min().item<double>(), 1);
}

/// A head of changing brightness in air, beside a channel of location.
at::Tensor head() {
  at::Tensor image = at::full({2, size, size}, toy_background);
  image[0].narrow(0, 20, 50).narrow(1, 30, 40).copy_(at::linspace(-3, 4, 40).expand({50, 40}));
  image[1].copy_(at::linspace(-7, 1, size).expand({size, size}));
  return image;
}

const ChannelRoles roles{{true, false}, toy_background};

TEST(VaryIntensity, ChangesNothingWhenAllIsSwitchedOff) {
  at::Tensor image = head();
  core::Random random(1);
  vary_intensity(image, roles, no_augmentation(), 1, random);
  EXPECT_TRUE(at::equal(image, head()));
}

TEST(VaryIntensity, LeavesBackgroundAndLocationAlone) {
  const at::Tensor before = head();
  const at::Tensor air = before[0].eq(toy_background);
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    at::Tensor image = head();
    core::Random random(seed);
    vary_intensity(image, roles, AugmentationSettings(), 1, random);
    EXPECT_TRUE(at::equal(image[1], before[1]));
    EXPECT_TRUE(image[0].masked_select(air).eq(toy_background).all().item<bool>());
    EXPECT_GT((image[0] - before[0]).abs().max().item<double>(), 0.01);
    EXPECT_TRUE(at::isfinite(image).all().item<bool>());
  }
}

TEST(VaryIntensity, IsTheSameForTheSameSeed) {
  const auto varied = [](std::uint64_t seed) {
    at::Tensor image = head();
    core::Random random(seed);
    vary_intensity(image, roles, AugmentationSettings(), 1, random);
    return image;
  };
  EXPECT_TRUE(at::equal(varied(5), varied(5)));
  EXPECT_FALSE(at::equal(varied(5), varied(6)));
}

TEST(VaryIntensity, KeepsTheOrderOfTissuesUnderGainAndShift) {
  AugmentationSettings settings = no_augmentation();
  settings.gain = settings.shift = 0.3;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    at::Tensor image = head();
    core::Random random(seed);
    vary_intensity(image, roles, settings, 1, random);
    const at::Tensor row = image[0][40].narrow(0, 30, 40);
    EXPECT_TRUE(row.diff().gt(0).all().item<bool>());
  }
}

}  // namespace
}  // namespace dawson::training
