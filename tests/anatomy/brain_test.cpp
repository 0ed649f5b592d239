#include "dawson/anatomy/brain.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "dawson/core/error.h"
#include "support/made_bundles.h"
#include "support/made_head.h"

namespace dawson::anatomy {
namespace {

using volume::Image;
using volume::Mask;

volume::Image noise(const volume::Grid& grid, std::uint64_t seed) {
  core::Random random(seed);
  Image image(grid);
  for (float& v : image.data) v = static_cast<float>(random.uniform(1, 200));
  return image;
}

BrainFinder finder() {
  return BrainFinder(made::brain_bundle());
}

TEST(RobustScale, IsMedianAndScaledMedianDeviation) {
  Image image(test::centred({5, 2, 1}, {1, 1, 1}));
  image.data = {1, 2, 3, 4, 100, 7, 7, 7, 7, 7};
  Mask mask(image.grid);
  std::fill_n(mask.data.begin(), 5, std::uint8_t{1});
  const RobustScale scale = robust_scale(image, mask);  // deviations 2 1 0 1 97: their median is 1
  EXPECT_DOUBLE_EQ(scale.median, 3);
  EXPECT_DOUBLE_EQ(scale.deviation, 1.4826);
}

TEST(RobustScale, RefusesAnEmptyMaskAndAConstantBrain) {
  const Image image(test::centred({4, 4, 4}, {1, 1, 1}), 5.0F);
  EXPECT_THROW(robust_scale(image, Mask(image.grid)), Error);
  EXPECT_THROW(robust_scale(image, Mask(image.grid, 1)), Error);
}

TEST(Stripped, TellsABrainAloneFromAHead) {
  EXPECT_TRUE(is_stripped(made::stripped_head(made::coarse_grid()).scan));
  EXPECT_FALSE(is_stripped(made::head(made::coarse_grid()).scan));
}

TEST(Stripped, AcceptsAnyValueAsBackground) {
  made::Head made = made::stripped_head(made::coarse_grid());
  for (float& v : made.scan.data) v -= 1024;
  EXPECT_TRUE(is_stripped(made.scan));
}

TEST(Stripped, IsNoHeadWhoseAirWasSetToZero) {
  // A defaced or masked head: nothing but exact zeros around it, yet the skull is there.
  made::Head made = made::head(test::centred({64, 70, 64}, {4, 4, 4}));
  for (float& v : made.scan.data) v = v < 3 ? 0.0F : v;
  EXPECT_FALSE(is_stripped(made.scan));
}

TEST(Stripped, IsNoScrapAndNoFullVolume) {
  Image scrap(made::coarse_grid());
  scrap.at(20, 20, 20) = 3;
  EXPECT_FALSE(is_stripped(scrap));
  EXPECT_FALSE(is_stripped(noise(made::coarse_grid(), 1)));
}

TEST(Stripped, OutlineIsTheBrainWithItsHolesFilled) {
  made::Head made = made::stripped_head(made::coarse_grid());
  made.scan.at(24, 28, 28) = 0;  // a hole inside
  made.scan.at(1, 1, 1) = 50;    // a speck outside
  const Mask outline = stripped_outline(made.scan);
  EXPECT_EQ(outline.data, made.brain.data);
}

TEST(HeadStack, HasTwoMillimetrePixelsAndThreeMillimetreSlicesOfThinScans) {
  const HeadStack head = head_stack(made::head(made::coarse_grid()).scan);
  EXPECT_EQ(head.grid.spacing, (volume::Vector3{2, 2, 3}));
  EXPECT_EQ(head.stack.channels, 1);
  EXPECT_EQ(head.stack.values.size(), head.grid.voxels());
  EXPECT_EQ(head.stack.slice_spacing_mm, 3);
}

TEST(HeadStack, KeepsTheSlicesOfThickScans) {
  const volume::Grid thick = test::centred({96, 112, 30}, {2, 2, 7});
  EXPECT_EQ(head_stack(made::head(thick).scan).grid.spacing, (volume::Vector3{2, 2, 7}));
}

TEST(HeadStack, DoesNotDependOnScaleOrOffset) {
  made::Head made = made::head(made::coarse_grid());
  const HeadStack before = head_stack(made.scan);
  for (float& v : made.scan.data) v = 3.5F * v - 400;
  const HeadStack after = head_stack(made.scan);
  ASSERT_EQ(after.stack.values.size(), before.stack.values.size());
  for (std::size_t v = 0; v < before.stack.values.size(); ++v) {
    ASSERT_NEAR(after.stack.values[v], before.stack.values[v], 2e-3);
  }
}

TEST(HeadStack, StaysWithinItsBounds) {
  const HeadStack head = head_stack(made::head(made::coarse_grid()).scan);
  const auto [low, high] = std::minmax_element(head.stack.values.begin(), head.stack.values.end());
  EXPECT_EQ(*low, lowest_intensity);
  EXPECT_LE(*high, highest_intensity);
}

TEST(HeadStack, RefusesAConstantImage) {
  EXPECT_THROW(head_stack(Image(made::coarse_grid(), 9.0F)), Error);
}

TEST(BrainFinder, FindsTheBrainOfAHeadAndNotItsSkull) {
  Progress progress;
  const made::Head made = made::head(made::coarse_grid());
  const Brain brain = finder().find(made.scan, progress);
  EXPECT_FALSE(brain.was_stripped);
  EXPECT_GT(made::dice(brain.mask, made.brain), 0.95);
}

TEST(BrainFinder, TakesAStrippedBrainAsItIs) {
  Progress progress;
  const made::Head made = made::stripped_head(made::coarse_grid());
  const Brain brain = finder().find(made.scan, progress);
  EXPECT_TRUE(brain.was_stripped);
  EXPECT_EQ(brain.mask.data, made.brain.data);
}

TEST(BrainFinder, RefusesWhatIsPlainlyNoHead) {
  Progress progress;
  const volume::Grid grid = made::coarse_grid();
  const Image everywhere = noise(grid, 2);
  Image ball = noise(grid, 3);
  Image box = noise(grid, 4);
  for (int k = 0; k < grid.size[2]; ++k) {
    for (int j = 0; j < grid.size[1]; ++j) {
      for (int i = 0; i < grid.size[0]; ++i) {
        const auto p = grid.to_world({1.0 * i, 1.0 * j, 1.0 * k});
        if (std::hypot(p[0], p[1], p[2]) > 70) ball.at(i, j, k) = 0;
        if (std::max({std::abs(p[0]), std::abs(p[1]), std::abs(p[2])}) > 60) box.at(i, j, k) = 0;
      }
    }
  }
  const BrainFinder any = finder();
  for (const Image& image : {everywhere, ball, box}) {
    try {
      static_cast<void>(any.find(image, progress));
      ADD_FAILURE() << "was taken for a head";
    } catch (const Error& e) {
      EXPECT_EQ(e.code(), ExitCode::input);
      EXPECT_NE(std::string(e.what()).find("head"), std::string::npos) << e.what();
    }
  }
}

TEST(BrainFinder, TakesNoModelOfAnotherTargetOrRecipe) {
  bundle::Bundle lesion = made::brain_bundle();
  lesion.target = "lesion";
  EXPECT_THROW(BrainFinder{std::move(lesion)}, Error);
  bundle::Bundle other = made::brain_bundle();
  other.recipe["in_plane_mm"] = 3.0;
  EXPECT_THROW(BrainFinder{std::move(other)}, Error);
}

}  // namespace
}  // namespace dawson::anatomy
