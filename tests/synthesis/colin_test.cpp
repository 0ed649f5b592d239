// On the real head that phantoms are painted on (Debian's mricron-data, an install dependency).
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "dawson/synthesis/head_model.h"
#include "dawson/synthesis/phantom.h"
#include "dawson/synthesis/smooth_noise.h"

namespace dawson::synthesis {
namespace {

double volume_ml(const volume::Mask& mask) {
  return static_cast<double>(std::count(mask.data.begin(), mask.data.end(), 1)) *
         mask.grid.voxel_volume_mm3() / 1000;
}

float at_world(const volume::Image& image, const volume::Vector3& world) {
  return value_at(image, image.grid.to_index(world));
}

/// The best Dice that one threshold reaches when it knows the truth, within `region` (0: anywhere).
double best_threshold_dice(const Phantom& phantom, const volume::Mask* region) {
  std::vector<double> lesion(2048);
  std::vector<double> all(2048);
  for (std::size_t v = 0; v < phantom.flair.data.size(); ++v) {
    if (region != nullptr && region->data[v] == 0) continue;
    const auto bin = static_cast<std::size_t>(std::clamp(phantom.flair.data[v], 0.0F, 2047.0F));
    ++all[bin];
    if (phantom.lesions.data[v] != 0) ++lesion[bin];
  }
  const double truth =
      static_cast<double>(std::count(phantom.lesions.data.begin(), phantom.lesions.data.end(), 1));
  double above = 0;
  double hit = 0;
  double best = 0;
  for (std::size_t bin = all.size(); bin-- > 0;) {
    above += all[bin];
    hit += lesion[bin];
    best = std::max(best, 2 * hit / (above + truth));
  }
  return best;
}

TEST(Colin27, HasVentriclesAndABrainOfPlausibleVolume) {
  Progress progress;
  const HeadModel head = load_head(default_head_folder(), progress);
  EXPECT_NEAR(head.means.csf, 49, 8);
  EXPECT_NEAR(head.means.grey, 88, 4);
  EXPECT_NEAR(head.means.white, 113, 3);
  double ventricles_ml = 0;
  for (const float share : head.ventricles.data) ventricles_ml += share / 1000;
  EXPECT_GT(ventricles_ml, 20);
  EXPECT_LT(ventricles_ml, 50);
  // In the body of the left ventricle, and in white matter beside it.
  EXPECT_GT(at_world(head.ventricles, {-10, 5, 20}), 0.5F);
  EXPECT_LT(at_world(head.ventricles, {-28, 30, 14}), 0.1F);
}

TEST(Colin27, PhantomHoldsItsLoadAndDefeatsAThreshold) {
  Progress progress;
  const Phantom phantom = make_phantom({}, default_head_folder(), progress);
  EXPECT_NEAR(volume_ml(phantom.lesions), 12, 0.15 * 12);
  EXPECT_NEAR(volume_ml(phantom.brain), 1700, 150);
  EXPECT_TRUE(progress.warnings().empty());
  EXPECT_LT(best_threshold_dice(phantom, nullptr), 0.1);
  EXPECT_LT(best_threshold_dice(phantom, &phantom.brain), 0.6);
}

}  // namespace
}  // namespace dawson::synthesis
