#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "dawson/core/error.h"
#include "dawson/training/augmentation.h"
#include "dawson/training/run_data.h"
#include "support/temporary_folder.h"
#include "training/toy.h"

namespace dawson::training {
namespace {

constexpr int size = 64;
const ChannelRoles roles{{true, true, false}, -6, {0, 1, 2}, {0, 1, 2}};  // FLAIR, T1w, location

/// Tissue (FLAIR 0.3, T1w −0.5) beside a ventricle (−4; −5) to the left of a lesion (3; −2).
Patch patch_with_lesion() {
  Patch patch;
  patch.image = at::empty({3, size, size});
  patch.image[0].fill_(0.3);
  patch.image[1].fill_(-0.5);
  patch.image[2].copy_(at::rand({size, size}));
  patch.target = at::zeros({1, size, size});
  const auto left = [](const at::Tensor& t) { return t.narrow(0, 20, 24).narrow(1, 10, 15); };
  left(patch.image[0]).fill_(-4);
  left(patch.image[1]).fill_(-5);
  const auto lesion = [](const at::Tensor& t) { return t.narrow(0, 27, 9).narrow(1, 25, 9); };
  lesion(patch.image[0]).fill_(3);
  lesion(patch.image[1]).fill_(-2);
  lesion(patch.target[0]).fill_(1);
  patch.lesions = patch.target.expand({3, size, size}).clone();
  return patch;
}

Patch varied(const AugmentationSettings& settings, std::uint64_t seed) {
  Patch patch = patch_with_lesion();
  core::Random random(seed);
  vary_lesions(patch, roles, settings, 1, random);
  return patch;
}

at::Tensor lesion_of(const at::Tensor& channel) {
  return channel.narrow(0, 28, 7).narrow(1, 26, 7);
}

TEST(LesionVariation, IsOffByDefault) {
  at::manual_seed(1);
  const Patch before = patch_with_lesion();
  Patch patch{before.image.clone(), before.target.clone(), before.lesions.clone()};
  core::Random random(1);
  vary_lesions(patch, roles, AugmentationSettings(), 1, random);
  EXPECT_TRUE(at::equal(patch.image, before.image));
  EXPECT_TRUE(at::equal(patch.target, before.target));
}

TEST(LesionVariation, RemovesALesionFromTheTargetAndFillsItLikeTheTissueAround) {
  AugmentationSettings settings = no_augmentation();
  settings.lesion_removal_probability = 1;
  const Patch before = patch_with_lesion();
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    const Patch patch = varied(settings, seed);
    EXPECT_EQ(patch.target.sum().item<double>(), 0);
    // As the tissue, not as the mean of tissue and the ventricle that it touches.
    EXPECT_NEAR(lesion_of(patch.image[0]).mean().item<double>(), 0.3, 0.12);
    EXPECT_NEAR(lesion_of(patch.image[1]).mean().item<double>(), -0.5, 0.12);
    const double deviation = lesion_of(patch.image[0]).std().item<double>();
    EXPECT_GT(deviation, 0.03) << "flat, where tissue is grainy";
    EXPECT_LT(deviation, 0.3);
    // The ventricle, and tissue 6 pixels from the lesion, are as they were.
    EXPECT_TRUE(at::equal(patch.image[0].narrow(1, 0, 20), before.image[0].narrow(1, 0, 20)));
    EXPECT_TRUE(at::equal(patch.image[0].narrow(1, 40, 24), before.image[0].narrow(1, 40, 24)));
    EXPECT_LE((patch.image[0] - before.image[0]).max().item<double>(), 0) << "FLAIR made brighter";
  }
}

TEST(LesionVariation, FadesLesionsByNoMoreThanStatedAndKeepsTheTarget) {
  AugmentationSettings settings = no_augmentation();
  settings.lesion_fade_probability = 1;
  settings.lesion_fade = 0.6;
  const Patch before = patch_with_lesion();
  const double contrast = 3 - 0.3;
  double strongest = 0, weakest = 1;
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    const Patch patch = varied(settings, seed);
    EXPECT_TRUE(at::equal(patch.target, before.target));
    const at::Tensor lost = (3 - lesion_of(patch.image[0])) / contrast;
    EXPECT_GE(lost.min().item<double>(), -1e-5);
    EXPECT_LE(lost.max().item<double>(), 0.6 + 0.02);
    strongest = std::max(strongest, lost.mean().item<double>());
    weakest = std::min(weakest, lost.mean().item<double>());
    // The dark lesion of T1w fades too, by the same share.
    const at::Tensor lost_t1w = (lesion_of(patch.image[1]) + 2) / 1.5;
    EXPECT_NEAR(lost_t1w.mean().item<double>(), lost.mean().item<double>(), 0.02);
  }
  EXPECT_GT(strongest, 0.45);
  EXPECT_LT(weakest, 0.25);
}

TEST(LesionVariation, HappensAsOftenAsAskedAndToNoMapOfLocation) {
  AugmentationSettings settings = no_augmentation();
  settings.lesion_removal_probability = 0.2;
  settings.lesion_fade_probability = 0.5;
  int removed = 0, faded = 0;
  constexpr int draws = 600;
  for (std::uint64_t seed = 0; seed < draws; ++seed) {
    at::manual_seed(1);  // of the map
    const Patch before = patch_with_lesion();
    at::manual_seed(1);
    const Patch patch = varied(settings, seed);
    EXPECT_TRUE(at::equal(patch.image[2], before.image[2]));
    const bool gone = patch.target.sum().item<double>() == 0;
    removed += gone ? 1 : 0;
    faded += !gone && !at::equal(patch.image[0], before.image[0]) ? 1 : 0;
  }
  EXPECT_NEAR(removed, 0.2 * draws, 4 * std::sqrt(0.16 * draws));
  EXPECT_NEAR(faded, 0.4 * draws, 4 * std::sqrt(0.24 * draws));
}

TEST(LesionVariation, LeavesASliceWithoutLesionsAlone) {
  AugmentationSettings settings = no_augmentation();
  settings.lesion_removal_probability = 1;
  Patch patch = patch_with_lesion();
  patch.lesions = at::Tensor();
  const at::Tensor before = patch.image.clone();
  core::Random random(1);
  vary_lesions(patch, roles, settings, 1, random);
  EXPECT_TRUE(at::equal(patch.image, before));
}

TEST(LesionVariation, IsRefusedForACacheOfBrains) {
  const dawson::testing::TemporaryFolder folder;
  cache::Writer writer(folder.path(), {{"made", "for a test"}}, "brain", false);
  write_toy_scan(writer, "sub-1", 1);
  TrainingSettings settings = toy_settings();
  const auto load = [&] {
    return load_run_data({{folder.path(), {}, 1.0}}, settings, core::Random(1));
  };
  EXPECT_EQ(load().training.size(), 1U);
  settings.augmentation.lesion_removal_probability = 0.1;
  try {
    (void)load();
    FAIL() << "brains would be taken out";
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ExitCode::usage);
    EXPECT_EQ(e.where(), "--lesion-removal-probability");
  }
}

}  // namespace
}  // namespace dawson::training
