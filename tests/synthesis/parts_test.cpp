#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "dawson/imaging/morphology.h"
#include "dawson/synthesis/acquisition.h"
#include "dawson/synthesis/lesion_growth.h"
#include "dawson/synthesis/smooth_noise.h"
#include "dawson/synthesis/warp.h"
#include "synthesis/toy_head.h"

namespace dawson::synthesis {
namespace {

volume::Grid cube(int size, double spacing) {
  volume::Grid grid;
  grid.size = {size, size, size};
  grid.spacing = {spacing, spacing, spacing};
  return grid;
}

TEST(Tissues, AreFoundFromAMixture) {
  volume::Image t1(cube(40, 1));
  volume::Mask brain(t1.grid, 1);
  core::Random random(3);
  for (float& v : t1.data) {
    const double u = random.uniform();
    v = static_cast<float>(u < 0.1   ? random.normal(45, 12)
                           : u < 0.6 ? random.normal(85, 9)
                                     : random.normal(114, 4));
  }
  const TissueMeans means = fit_tissues(t1, brain);
  EXPECT_NEAR(means.csf, 45, 4);
  EXPECT_NEAR(means.grey, 85, 2);
  EXPECT_NEAR(means.white, 114, 1.5);
}

TEST(SmoothNoise, HasUnitDeviationAndIsSmooth) {
  const volume::Grid grid = cube(60, 1);
  const SmoothNoise noise(grid, 4, core::Random(5));
  double squares = 0;
  double steps = 0;
  for (int i = 0; i < 59; ++i) {
    for (int j = 0; j < 60; ++j) {
      for (int k = 0; k < 60; ++k) {
        const double here = noise.at({1.0 * i, 1.0 * j, 1.0 * k});
        squares += here * here;
        steps += std::pow(noise.at({i + 1.0, 1.0 * j, 1.0 * k}) - here, 2);
      }
    }
  }
  EXPECT_NEAR(squares / (59.0 * 60 * 60), 1, 0.3);
  // Correlation of a Gaussian-smoothed field at distance d is exp(−d²/4σ²): steps of 1 mm have a
  // mean square of 2 (1 − exp(−1/64)) = 0.031.
  EXPECT_NEAR(steps / (59.0 * 60 * 60), 0.031, 0.012);
}

TEST(Slices, AreMeansOverTheirThickness) {
  volume::Image ramp(cube(24, 1));
  for (int k = 0; k < 24; ++k) {
    for (int j = 0; j < 24; ++j) {
      for (int i = 0; i < 24; ++i) ramp.at(i, j, k) = k == 9 ? 4.0F : 0.0F;
    }
  }
  PhantomSettings settings;
  settings.slice_mm = 4;
  const volume::Grid scan = scan_grid(ramp.grid, settings);
  ASSERT_EQ(scan.size[2], 6);
  EXPECT_DOUBLE_EQ(scan.origin[2], 1.5);
  const volume::Image slices = over_slices(ramp, scan);
  EXPECT_NEAR(slices.at(12, 12, 2), 1, 1e-5);  // slices 8–11 hold the bright layer
  EXPECT_NEAR(slices.at(12, 12, 1), 0, 1e-5);
  EXPECT_NEAR(slices.at(12, 12, 3), 0, 1e-5);
}

TEST(Noise, IsRayleighInAir) {
  volume::Image air(cube(40, 1));
  add_rician_noise(air, 10, core::Random(1));
  double sum = 0;
  for (const float v : air.data) sum += v;
  EXPECT_NEAR(sum / static_cast<double>(air.data.size()), 10 * std::sqrt(std::numbers::pi / 2),
              0.15);
}

TEST(Bias, VariesAsMuchAsAskedFor) {
  volume::Image flat(cube(40, 4), 100);
  add_bias(flat, volume::Mask(flat.grid, 1), 30, core::Random(1));
  const auto [low, high] = std::minmax_element(flat.data.begin(), flat.data.end());
  EXPECT_NEAR(*high - *low, 30, 0.5);
  EXPECT_NEAR((*high + *low) / 2, 100, 0.5);
}

TEST(Warp, WithoutAmplitudeLeavesTheHead) {
  const HeadModel head = toy_head();
  const Warp warp(head, 0, core::Random(1));
  Progress progress;
  EXPECT_EQ(warp.apply(head, progress).t1.data, head.t1.data);
}

TEST(Warp, DoesNotFold) {
  const HeadModel head = toy_head();
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const Warp warp(head, 8, core::Random(seed));
    for (double x = -60; x <= 60; x += 12) {
      for (double y = -75; y <= 40; y += 12) {
        for (double z = -40; z <= 60; z += 12) {
          volume::Matrix3 jacobian{};
          for (int axis = 0; axis < 3; ++axis) {
            volume::Vector3 after{x, y, z};
            volume::Vector3 before{x, y, z};
            after[axis] += 2;
            before[axis] -= 2;
            const auto a = warp.to_model(after);
            const auto b = warp.to_model(before);
            for (int row = 0; row < 3; ++row) jacobian[row][axis] = (a[row] - b[row]) / 4;
          }
          EXPECT_GT(volume::determinant(jacobian), 0.15)
              << seed << ": " << x << ' ' << y << ' ' << z;
        }
      }
    }
  }
}

struct Ground {
  HeadModel head = toy_head();
  Warp warp{head, 0, core::Random(1)};
  LesionGround ground;
  Ground() {
    Progress progress;
    const Anatomy anatomy = warp.apply(head, progress);
    volume::Mask ventricles(head.t1.grid);
    for (std::size_t v = 0; v < ventricles.data.size(); ++v) {
      ventricles.data[v] = head.ventricles.data[v] > 0.5F;
    }
    ground =
        lesion_ground(anatomy, head.means, warp, imaging::distance_to_mm(ventricles), progress);
  }
};

TEST(Lesions, GrowToTheirVolumeInOnePieceAndInWhiteMatter) {
  const Ground g;
  auto plans = plan_lesions(g.ground, 1, core::Random(4));
  ASSERT_EQ(plans.size(), 1U);
  const LesionField field = grow_lesions(g.ground, plans, 6000, core::Random(4));
  double volume_mm3 = 0;
  for (std::size_t v = 0; v < field.share.data.size(); ++v) {
    if (field.share.data[v] < 0.5F) continue;
    volume_mm3 += 27;
    EXPECT_GT(g.ground.white.data[v], 0.5F);
  }
  EXPECT_NEAR(volume_mm3, 6000, 54);
  EXPECT_GE(field.share.data[plans[0].seed], 0.5F);
}

TEST(Lesions, HalfBeginAtTheVentriclesAndPointAwayFromThem) {
  const Ground g;
  const auto plans = plan_lesions(g.ground, 400, core::Random(2));
  const auto at_ventricle = std::count_if(plans.begin(), plans.end(), [](const LesionPlan& p) {
    return p.site == LesionSite::periventricular;
  });
  EXPECT_NEAR(static_cast<double>(at_ventricle) / 400, 0.52, 0.1);
  double total = 0;
  for (const LesionPlan& plan : plans) {
    total += plan.share;
    if (plan.site != LesionSite::periventricular) continue;
    EXPECT_LT(g.ground.ventricle_mm.data[plan.seed], 5);
    EXPECT_GE(plan.elongation, 1.4);
  }
  EXPECT_NEAR(total, 1, 1e-9);
}

}  // namespace
}  // namespace dawson::synthesis
