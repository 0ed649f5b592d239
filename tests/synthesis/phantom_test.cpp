#include "dawson/synthesis/phantom.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "dawson/core/error.h"
#include "synthesis/toy_head.h"

namespace dawson::synthesis {
namespace {

PhantomSettings toy_settings() {
  PhantomSettings s;
  s.spacing_mm = 3;
  s.slice_mm = 3;
  s.lesion_load_ml = 15;
  s.lesions = 12;
  return s;
}

Phantom make(const PhantomSettings& settings) {
  Progress progress;
  return make_phantom(settings, toy_head(), progress);
}

double volume_ml(const volume::Mask& mask) {
  return static_cast<double>(std::count(mask.data.begin(), mask.data.end(), 1)) *
         mask.grid.voxel_volume_mm3() / 1000;
}

double mean_where(const volume::Image& image, const volume::Mask& mask, int value) {
  double sum = 0;
  double count = 0;
  for (std::size_t v = 0; v < mask.data.size(); ++v) {
    if (mask.data[v] != value) continue;
    sum += image.data[v];
    ++count;
  }
  return sum / count;
}

TEST(Phantom, IsTheSameForTheSameSeed) {
  PhantomSettings settings = toy_settings();
  settings.warp_mm = 6;
  settings.random_contrast = true;
  const Phantom a = make(settings);
  const Phantom b = make(settings);
  EXPECT_EQ(a.flair.data, b.flair.data);
  EXPECT_EQ(a.lesions.data, b.lesions.data);
  settings.seed = 2;
  const Phantom c = make(settings);
  EXPECT_NE(a.flair.data, c.flair.data);
  EXPECT_NE(a.lesions.data, c.lesions.data);
}

TEST(Phantom, HoldsTheLesionLoadThatWasAskedFor) {
  for (const double slice_mm : {3.0, 6.0}) {
    for (const double warp_mm : {0.0, 6.0}) {
      PhantomSettings settings = toy_settings();
      settings.slice_mm = slice_mm;
      settings.warp_mm = warp_mm;
      EXPECT_NEAR(volume_ml(make(settings).lesions), 15, 0.15 * 15)
          << "slice " << slice_mm << " warp " << warp_mm;
    }
  }
}

TEST(Phantom, WithoutLoadHasNoLesion) {
  PhantomSettings settings = toy_settings();
  settings.lesion_load_ml = 0;
  EXPECT_EQ(volume_ml(make(settings).lesions), 0);
}

TEST(Phantom, LesionsAreBrighterThanTheBrainAndInsideIt) {
  const Phantom phantom = make(toy_settings());
  volume::Mask normal = phantom.brain;
  for (std::size_t v = 0; v < normal.data.size(); ++v) {
    if (phantom.lesions.data[v] == 0) continue;
    EXPECT_EQ(phantom.brain.data[v], 1);
    normal.data[v] = 0;
  }
  EXPECT_GT(mean_where(phantom.flair, phantom.lesions, 1),
            1.2 * mean_where(phantom.flair, normal, 1));
}

TEST(Phantom, PaintingLesionsLeavesTheRestOfTheHead) {
  PhantomSettings settings = toy_settings();
  const Phantom with = make(settings);
  settings.lesion_load_ml = 0;
  const Phantom without = make(settings);
  // Far from the brain not a bit may differ: noise, field and anatomy do not depend on lesions.
  std::size_t same = 0;
  for (std::size_t v = 0; v < with.flair.data.size(); ++v) {
    same += with.flair.data[v] == without.flair.data[v] ? 1U : 0U;
    if (with.brain.data[v] == 0 && with.flair.data[v] > 400) {
      EXPECT_EQ(with.flair.data[v], without.flair.data[v]);
    }
  }
  EXPECT_GT(same, with.flair.data.size() / 2);
}

TEST(Phantom, WithoutSkullIsZeroOutsideTheBrain) {
  PhantomSettings settings = toy_settings();
  settings.skull = false;
  const Phantom phantom = make(settings);
  EXPECT_EQ(mean_where(phantom.flair, phantom.brain, 0), 0);
  EXPECT_GT(mean_where(phantom.flair, phantom.brain, 1), 200);
}

TEST(Phantom, LiesOnTheGridThatWasAskedFor) {
  PhantomSettings settings = toy_settings();
  settings.spacing_mm = 2.5;
  settings.slice_mm = 6;
  const Phantom phantom = make(settings);
  EXPECT_EQ(phantom.flair.grid.size, (volume::Index3{73, 85, 31}));
  EXPECT_EQ(phantom.flair.grid.spacing, (volume::Vector3{2.5, 2.5, 6}));
  EXPECT_EQ(phantom.flair.grid.orientation(), "RAS");
  EXPECT_TRUE(volume::same_grid(phantom.flair.grid, phantom.lesions.grid));
  EXPECT_TRUE(volume::same_grid(phantom.flair.grid, phantom.brain.grid));
  // The same brain, whatever the grid: a ball of 65 mm has 1,150 ml.
  EXPECT_NEAR(volume_ml(phantom.brain), 1150, 35);
}

TEST(Phantom, RefusesSettingsThatMakeNoSense) {
  for (const auto change :
       {+[](PhantomSettings& s) { s.spacing_mm = 0; }, +[](PhantomSettings& s) { s.slice_mm = -1; },
        +[](PhantomSettings& s) { s.lesion_load_ml = 1000; },
        +[](PhantomSettings& s) { s.lesions = -1; }, +[](PhantomSettings& s) { s.warp_mm = 50; }}) {
    PhantomSettings settings = toy_settings();
    change(settings);
    try {
      make(settings);
      FAIL() << "accepted";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::usage);
    }
  }
}

TEST(Phantom, SaysWhichHeadIsMissing) {
  Progress progress;
  try {
    make_phantom(toy_settings(), std::filesystem::path("/no/such/folder"), progress);
    FAIL() << "made a phantom of nothing";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::input);
    EXPECT_NE(std::string(error.what()).find("mricron-data"), std::string::npos);
  }
}

TEST(Phantom, StopsWhenCancelled) {
  const std::atomic<bool> cancel{true};
  Progress progress(nullptr, &cancel);
  EXPECT_THROW(make_phantom(toy_settings(), toy_head(), progress), Error);
}

}  // namespace
}  // namespace dawson::synthesis
