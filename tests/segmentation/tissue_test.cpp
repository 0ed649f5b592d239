#include "dawson/segmentation/tissue.h"

#include <gtest/gtest.h>

#include "dawson/core/error.h"
#include "dawson/core/random.h"

namespace dawson::segmentation {
namespace {

std::vector<float> normal_values(core::Random& random, std::size_t count, double mean,
                                 double deviation) {
  std::vector<float> values;
  for (std::size_t n = 0; n < count; ++n) {
    values.push_back(static_cast<float>(random.normal(mean, deviation)));
  }
  return values;
}

TEST(TissueMode, IsThePeakAndItsWidthsAreThoseOfTheGaussian) {
  core::Random random(3);
  const TissueMode tissue = find_mode(normal_values(random, 200000, 0.4, 0.8));
  EXPECT_NEAR(tissue.mode, 0.4, 0.1);
  // The histogram is smoothed by 0.15: sqrt(0.8² + 0.15²) = 0.814.
  EXPECT_NEAR(tissue.full_width, 0.814, 0.04);
  EXPECT_NEAR(tissue.upper_width, 0.814, 0.1);
  EXPECT_NEAR(tissue.deviation, 0.8, 0.01);
  EXPECT_NEAR(tissue.median, 0.4, 0.01);
}

TEST(TissueMode, IsLeftAloneByLesionsAndFluid) {
  core::Random random(4);
  std::vector<float> values = normal_values(random, 100000, 0, 0.7);
  for (const float v : normal_values(random, 8000, 6, 0.8)) values.push_back(v);
  for (const float v : normal_values(random, 15000, -4, 0.5)) values.push_back(v);
  const TissueMode tissue = find_mode(values);
  EXPECT_NEAR(tissue.mode, 0, 0.1);
  EXPECT_NEAR(tissue.full_width, 0.716, 0.04);
}

TEST(TissueMode, RefusesTooLittleAndAConstant) {
  EXPECT_THROW(find_mode(std::vector<float>(50, 1)), Error);
  EXPECT_THROW(find_mode(std::vector<float>(5000, 1)), Error);
}

TEST(TissueMixture, FindsThreeClassesAndKeepsOutliersOut) {
  core::Random random(5);
  std::vector<float> values = normal_values(random, 20000, -3.5, 0.5);
  for (const float v : normal_values(random, 60000, -0.6, 0.35)) values.push_back(v);
  for (const float v : normal_values(random, 40000, 1.0, 0.35)) values.push_back(v);
  for (const float v : normal_values(random, 6000, 6, 0.5)) values.push_back(v);  // lesions
  const TissueMixture mixture = fit_mixture(values, 3);
  EXPECT_NEAR(mixture.mean[0], -3.5, 0.1);
  EXPECT_NEAR(mixture.mean[1], -0.6, 0.1);
  EXPECT_NEAR(mixture.mean[2], 1.0, 0.1);
  EXPECT_NEAR(mixture.deviation[2], 0.35, 0.05);
  EXPECT_NEAR(mixture.weight[1], 0.5, 0.03);  // of the 120,000 that are no lesions
  EXPECT_LT(mixture.density(6), 1e-6);
  // By hand: 1/2 · N(-0.6; -0.6, 0.35) and next to nothing of the others.
  EXPECT_NEAR(mixture.density(-0.6), 0.5 * 0.39894 / 0.35, 0.05);
}

}  // namespace
}  // namespace dawson::segmentation
