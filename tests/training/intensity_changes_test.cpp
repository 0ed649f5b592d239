#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>

#include "dawson/training/augmentation.h"
#include "dawson/training/augmentation_contrast.h"
#include "dawson/training/augmentation_ghosting.h"
#include "training/toy.h"

namespace dawson::training {
namespace {

/// A head of two tissues with a bright lesion, in air (−6): [1, 96, 80].
at::Tensor head() {
  const at::Tensor v = at::full({1, 96, 80}, -6.0F);
  v[0].narrow(0, 20, 56).narrow(1, 16, 48).fill_(-0.5);
  v[0].narrow(0, 30, 30).narrow(1, 30, 20).fill_(0.5);
  v[0].narrow(0, 40, 6).narrow(1, 36, 5).fill_(3);
  return v;
}

at::Tensor energy(const at::Tensor& v, int64_t axis) {
  return at::square(v + 6).sum(axis);
}

TEST(Ghosting, KeepsTheEnergyOfEachLineAndDoesNotLeaveIt) {
  const at::Tensor before = head();
  int along_columns = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    core::Random random(seed);
    const at::Tensor after = ghosted(before, 2, 1, random);
    EXPECT_GT((after - before).abs().max().item<double>(), 0.1);
    // Along the axis of motion, and only there, lines keep their energy (Parseval).
    const auto largest = [&](int64_t axis) {
      return (energy(after, axis) - energy(before, axis)).abs().max().item<double>();
    };
    const double rows = largest(1), columns = largest(2);
    EXPECT_LT(std::min(rows, columns), 0.01);  // of a thousand and more
    EXPECT_GT(std::max(rows, columns), 1);
    along_columns += columns < rows ? 1 : 0;
    // A line of air has nothing to ghost.
    const int64_t motion = rows < columns ? 1 : 2;
    const at::Tensor air = before.eq(-6).all(motion, true).expand_as(before);
    EXPECT_LT((after + 6).masked_select(air).abs().max().item<double>(), 1e-4);
  }
  EXPECT_GT(along_columns, 3);
  EXPECT_LT(along_columns, 17);
}

TEST(Ghosting, GrowsWithTheMotionInMillimetres) {
  const at::Tensor before = head();
  const auto changed = [&](double amplitude_mm, double pixel_mm) {
    core::Random random(3);
    return at::square(ghosted(before, amplitude_mm, pixel_mm, random) - before)
        .mean()
        .item<double>();
  };
  EXPECT_LT(changed(0, 1), 1e-8);
  EXPECT_GT(changed(0.5, 1), 1e-4);
  EXPECT_GT(changed(1, 1), 2 * changed(0.5, 1));
  EXPECT_NEAR(changed(1, 1), changed(0.5, 0.5), 1e-4 * changed(1, 1));  // pixels moved, not mm
}

TEST(Gamma, LeavesAirAndTheBrainsMedianWhereTheyAre) {
  const at::Tensor v = at::linspace(-6, 6, 121);  // its middle is 0
  double brightest = 0, darkest = 100;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const at::Tensor bent = gamma_curve(v, 0.3, core::Random(seed));
    EXPECT_NEAR(bent[0].item<double>(), -6, 1e-5);
    EXPECT_NEAR(bent[60].item<double>(), 0, 1e-5);
    EXPECT_TRUE(bent.diff().gt(0).all().item<bool>());
    brightest = std::max(brightest, bent[120].item<double>());
    darkest = std::min(darkest, bent[120].item<double>());
  }
  // Twice the brain's signal to the power of exp(± two deviations).
  EXPECT_LE(brightest, 6 * std::pow(2, std::exp(0.6)) - 6 + 1e-4);
  EXPECT_GE(darkest, 6 * std::pow(2, std::exp(-0.6)) - 6 - 1e-4);
  EXPECT_GT(brightest, 9);
  EXPECT_LT(darkest, 4);
}

TEST(TissueContrast, KeepsTheOrderUpToAThirdAndMayTurnItAbove) {
  const at::Tensor v = at::linspace(-6, 6, 241);
  int turned = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    EXPECT_TRUE(tissue_curve(v, 0.35, core::Random(seed)).diff().gt(0).all().item<bool>());
    turned += tissue_curve(v, 1, core::Random(seed)).diff().lt(0).any().item<bool>() ? 1 : 0;
  }
  EXPECT_GT(turned, 20);
}

TEST(TissueContrast, ChangesTissuesApartFromOneAnother) {
  const at::Tensor tissues = at::tensor({-4.5, -1.5, 1.5, 4.5}, at::kDouble);
  at::Tensor products = at::zeros({4, 4}, at::kDouble);
  constexpr int draws = 600;
  for (std::uint64_t seed = 0; seed < draws; ++seed) {
    const at::Tensor change = tissue_curve(tissues, 0.3, core::Random(seed)) - tissues;
    products += at::outer(change, change) / draws;
  }
  for (int i = 0; i < 4; ++i) {
    // Bumps beside add to the tissue's own: 1 + exp(−1.25²/1.2²·…)²: between one and two of them.
    const double deviation = std::sqrt(products[i][i].item<double>());
    EXPECT_GT(deviation, 0.9 * 0.3 * 0.88) << "clamping at two deviations takes 0.12";
    EXPECT_LT(deviation, 2 * 0.3);
    for (int k = i + 1; k < 4; ++k) {
      const double correlation =
          products[i][k].item<double>() /
          std::sqrt(products[i][i].item<double>() * products[k][k].item<double>());
      EXPECT_LT(std::abs(correlation), 0.4);
    }
  }
}

at::Tensor noisy_air(double rician_probability, std::uint64_t seed) {
  AugmentationSettings settings = no_augmentation();
  settings.noise = 1;
  settings.rician_probability = rician_probability;
  const ChannelRoles roles{{true}, -20, {}, {}};  // so that a signal of zero is not background
  at::Tensor image = at::full({1, 128, 128}, -6.0F);
  core::Random random(seed);
  vary_intensity(image, roles, settings, 1, random);
  return (image + 6).to(at::kDouble);
}

TEST(RicianNoise, OfNoSignalIsRayleighs) {
  int noisy = 0;
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    const at::Tensor signal = noisy_air(1, seed);
    const double square = at::square(signal).mean().item<double>();
    if (square < 1e-4) continue;  // a slice without noise
    ++noisy;
    EXPECT_GE(signal.min().item<double>(), 0);
    // Mean σ√(π/2) over root mean square σ√2, whatever σ was.
    EXPECT_NEAR(signal.mean().item<double>() / std::sqrt(square), std::sqrt(M_PI) / 2, 0.01);
    const at::Tensor normal = noisy_air(0, seed);
    EXPECT_NEAR(normal.mean().item<double>(), 0, 0.05);
    EXPECT_NEAR(at::square(normal).mean().item<double>(), square / 2, 0.05 * square);
  }
  EXPECT_GT(noisy, 3);
}

TEST(AllIntensityChanges, LeaveAirLocationAndTargetAlone) {
  AugmentationSettings settings;
  settings.elastic_mm = 0;
  settings.rotation_degrees = settings.scale = settings.flip_probability = 0;
  settings.gamma = settings.tissue = 0.5;
  settings.ghosting_mm = 3;
  settings.rician_probability = 0.5;
  settings.neighbour_dropout = settings.sequence_dropout = 0.5;
  DrawnSlice slice;
  slice.channels = 2;
  slice.width = 80;
  slice.height = 96;
  slice.centre_x = 39.5;
  slice.centre_y = 47.5;
  const at::Tensor picture = at::cat({head(), at::rand({1, 96, 80})}).contiguous();
  slice.image.assign(picture.data_ptr<float>(), picture.data_ptr<float>() + picture.numel());
  slice.target.assign(96 * 80, 0);
  slice.target[43 * 80 + 38] = 1;
  const ChannelRoles roles{{true, false}, -6, {0, 1}, {0, 1}};
  core::Random still(1);
  const Patch before = place(slice, no_augmentation(), 64, still);
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    core::Random random(seed), again(seed);
    const Patch patch = augmented(slice, settings, 64, roles, random);
    EXPECT_TRUE(at::equal(patch.image, augmented(slice, settings, 64, roles, again).image));
    EXPECT_TRUE(at::equal(patch.target, before.target));
    EXPECT_TRUE(at::equal(patch.image[1], before.image[1]));
    EXPECT_TRUE(patch.image[0].masked_select(before.image[0].lt(-5.95)).eq(-6).all().item<bool>());
    EXPECT_TRUE(at::isfinite(patch.image).all().item<bool>());
    EXPECT_GT((patch.image[0] - before.image[0]).abs().max().item<double>(), 0.01);
  }
}

/// FLAIR with neighbours, T1w with one, and a map of location.
ChannelRoles three_sequences() {
  cache::Entry entry = toy_entry("sub-1");
  entry.channels = {{"FLAIR", 0.05, -6}, {"T1w", 0.05, -6}, {"lesion_frequency", 1, 0}};
  bundle::SliceInput input;
  input.offsets_mm = {{-3, 0, 3}, {0, 2}, {0}};
  return channel_roles(entry, input);
}

TEST(ChannelRoles, TellIntensitiesSequencesAndCentres) {
  const ChannelRoles roles = three_sequences();
  EXPECT_EQ(roles.intensity, (std::vector<bool>{true, true, true, true, true, false}));
  EXPECT_EQ(roles.sequence, (std::vector<int>{0, 0, 0, 1, 1, 2}));
  EXPECT_EQ(roles.centre, (std::vector<int>{1, 1, 1, 3, 3, 5}));
  EXPECT_EQ(roles.background, -6);
  EXPECT_EQ(roles.intensities(), (std::vector<std::int64_t>{0, 1, 2, 3, 4}));
}

TEST(ChannelDropout, RepeatsTheSliceForItsNeighbours) {
  AugmentationSettings settings = no_augmentation();
  settings.neighbour_dropout = 1;
  const at::Tensor before = at::arange(6, at::kFloat).view({6, 1, 1}).expand({6, 8, 8});
  at::Tensor image = before.clone();
  core::Random random(1);
  drop_channels(image, three_sequences(), settings, random);
  const at::Tensor shown = image.amax({1, 2});
  EXPECT_TRUE(at::equal(shown, at::tensor({1.0F, 1.0F, 1.0F, 3.0F, 3.0F, 5.0F})));
}

TEST(ChannelDropout, LeavesOutSequencesButNeitherFlairNorLocation) {
  AugmentationSettings settings = no_augmentation();
  settings.sequence_dropout = 0.3;
  const at::Tensor before = at::arange(6, at::kFloat).view({6, 1, 1}).expand({6, 8, 8});
  int missing = 0;
  constexpr int draws = 1000;
  for (std::uint64_t seed = 0; seed < draws; ++seed) {
    at::Tensor image = before.clone();
    core::Random random(seed);
    drop_channels(image, three_sequences(), settings, random);
    const bool left_out = image[3].eq(-6).all().item<bool>();
    EXPECT_TRUE(at::equal(image[4], left_out ? at::full({8, 8}, -6.0F) : before[4]));
    EXPECT_TRUE(at::equal(image.narrow(0, 0, 3), before.narrow(0, 0, 3)));
    EXPECT_TRUE(at::equal(image[5], before[5]));
    missing += left_out ? 1 : 0;
  }
  EXPECT_NEAR(missing, 0.3 * draws, 4 * std::sqrt(0.21 * draws));
}

}  // namespace
}  // namespace dawson::training
