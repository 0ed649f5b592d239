#include "dawson/segmentation/features.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "dawson/segmentation/terms.h"

namespace dawson::segmentation {
namespace {

/// A box of brain of 40 × 40 × 20 voxels of 1 × 1 × 2 mm in air 6 voxels deep, its intensities
/// 0.5 and -0.5 in a checkerboard: mode at one of them, full width that of the smoothed peak.
BrainSpace box() {
  volume::Grid grid;
  grid.size = {52, 52, 32};
  grid.spacing = {1, 1, 2};
  grid.origin = {-20, -30, -10};
  BrainSpace space;
  space.flair = volume::Image(grid, -5);
  space.frequency = volume::Image(grid);
  space.brain = volume::Mask(grid);
  for (int k = 6; k < 26; ++k) {
    for (int j = 6; j < 46; ++j) {
      for (int i = 6; i < 46; ++i) {
        space.brain.at(i, j, k) = 1;
        space.flair.at(i, j, k) = (i + j + k) % 2 == 0 ? 0.5F : -0.5F;
        space.frequency.at(i, j, k) = 0.01F * static_cast<float>(i);
      }
    }
  }
  return space;
}

float value(const Features& features, const char* name) {
  const auto& names = neighbourhood_features();
  const auto at = std::find(names.begin(), names.end(), name);
  EXPECT_NE(at, names.end()) << name;
  return features.row(0)[at - names.begin()];
}

TEST(Features, AreThoseCountedByHand) {
  BrainSpace space = box();
  space.to_mni.offset = {5, 0, -4};
  const volume::Image above = scaled_intensity(space, "full_width");
  const int i = 9, j = 20, k = 12;
  const Features f = find_features(space, {space.brain.grid.offset(i, j, k)}, true, "full_width");
  ASSERT_EQ(f.rows(), 1U);
  const float here = above.at(i, j, k);
  const float other = above.at(i + 1, j, k);
  EXPECT_FLOAT_EQ(value(f, "flair"), here);
  // Wide means see as many of the one as of the other.
  EXPECT_NEAR(value(f, "flair_4mm"), (here + other) / 2, 1e-2);
  EXPECT_NEAR(value(f, "deviation_2mm"), std::abs(here - other) / 2, 2e-2);
  EXPECT_FLOAT_EQ(value(f, "frequency"), 0.09F);
  // Air's nearest centre is at i = 5: 4 mm.
  EXPECT_NEAR(value(f, "surface"), 0.4, 1e-5);
  // World (-20 + 9, -30 + 20, -10 + 24), moved by (5, 0, -4): (-6, -10, 10) mm.
  EXPECT_NEAR(value(f, "lateral"), 0.06, 1e-6);
  EXPECT_NEAR(value(f, "anterior"), -0.10, 1e-6);
  EXPECT_NEAR(value(f, "superior"), 0.10, 1e-6);
  // 3 mm: three voxels along x and y, two (4 mm) along the slices.
  EXPECT_FLOAT_EQ(value(f, "flair_before_x"), above.at(i - 3, j, k));
  EXPECT_FLOAT_EQ(value(f, "flair_after_y"), above.at(i, j + 3, k));
  EXPECT_FLOAT_EQ(value(f, "flair_after_slice"), above.at(i, j, k + 2));
  EXPECT_FLOAT_EQ(value(f, "fluid_4mm"), 0);
}

TEST(Features, FluidIsTheShareOfDarkBrainAround) {
  BrainSpace space = box();
  for (int k = 6; k < 26; ++k) {
    for (int j = 6; j < 46; ++j) {
      for (int i = 34; i < 46; ++i) space.flair.at(i, j, k) = -4.5F;  // the brain's right
    }
  }
  const auto fluid = [&](int i) {
    return value(find_features(space, {space.brain.grid.offset(i, 26, 16)}, true, "full_width"),
                 "fluid_4mm");
  };
  EXPECT_NEAR(fluid(7), 0, 1e-3);
  // A Gaussian of 4 mm, half a voxel (0.125 deviations) to the dark side of the edge: 0.55.
  EXPECT_NEAR(fluid(34), 0.55, 0.02);
  // 10.5 mm inside, where the brain ends 1.5 mm beyond: 1 − Φ(-2.625) / Φ(0.375).
  EXPECT_NEAR(fluid(44), 0.9933, 1e-3);
}

TEST(Features, DoNotSeeWhatLiesOutsideTheBrain) {
  BrainSpace space = box();
  const std::vector<std::size_t> voxel{space.brain.grid.offset(7, 20, 12)};
  const Features before = find_features(space, voxel, false, "full_width");
  for (std::size_t v = 0; v < space.flair.data.size(); ++v) {
    if (space.brain.data[v] == 0) space.flair.data[v] = 9;
  }
  EXPECT_EQ(find_features(space, voxel, false, "full_width").values, before.values);
}

TEST(Terms, AreFeaturesSquaresAndProducts) {
  std::vector<float> features(base_features().size());
  for (std::size_t i = 0; i < features.size(); ++i) features[i] = static_cast<float>(i + 2);
  std::vector<float> terms(term_names().size());
  fill_terms(features.data(), terms.data());
  const auto term = [&](const std::string& name) {
    const auto at = std::find(term_names().begin(), term_names().end(), name);
    EXPECT_NE(at, term_names().end()) << name;
    return terms[static_cast<std::size_t>(at - term_names().begin())];
  };
  EXPECT_EQ(term("flair"), 2);
  EXPECT_EQ(term("superior"), 13);
  EXPECT_EQ(term("flair^2"), 4);
  EXPECT_EQ(term("flair_1mm*frequency"), 3 * 9);
  std::vector<double> coefficients(term_names().size() + 1, 0);
  coefficients[0] = -1;
  coefficients[1] = 2;
  EXPECT_FLOAT_EQ(log_odds(features.data(), coefficients), 3);
}

}  // namespace
}  // namespace dawson::segmentation
