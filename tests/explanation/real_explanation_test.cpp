// The shipped model on a real scan: that the whole way holds together, not how good it is (the
// model was trained on this scan).
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <numeric>

#include "dawson/explanation/sanity.h"
#include "dawson/segmentation/segmenter.h"
#include "dawson/volume/nifti.h"

namespace dawson::explanation {
namespace {

/// A thick, tilted clinical scan (0.9 × 0.9 × 7 mm) with its reference mask.
struct RealExplanation : ::testing::Test {
  static std::filesystem::path data(const std::string& file) {
    return std::filesystem::path(DAWSON_TEST_DATA) / "tabriz" / file;
  }
  static std::filesystem::path models(const std::string& name) {
    return std::filesystem::path(DAWSON_SOURCE_DIR) / "models" / name;
  }
  static double sum(const std::vector<float>& values) {
    return std::accumulate(values.begin(), values.end(), 0.0);
  }

  void SetUp() override {
    scan = volume::read_nifti(data("sub-107130/anat/sub-107130_FLAIR.nii.gz")).image;
    reference =
        volume::read_nifti_mask(data("derivatives/manual_masks/sub-107130/anat/"
                                     "sub-107130_space-FLAIR_label-lesion_mask.nii.gz"));
    prepared = model.recipe.prepare(scan, progress);
  }

  model::Model model = model::open(models("lesion"), models("brain"), models("atlas"));
  volume::Image scan;
  volume::Mask reference;
  preprocessing::Prepared prepared;
  Progress progress;
};

TEST_F(RealExplanation, OfALesionLiesInItAndOutweighsChance) {
  const volume::Mask lesion = lesion_voxels(reference, 1);
  const Region region = thinned(region_of(lesion, prepared), prepared.grid, 3);
  const Explainer explainer(model.bundle, prepared);
  MapSettings settings;
  settings.mirror = false;
  const Map map = explainer.map(region, settings, progress);
  EXPECT_GT(map.decision, 0) << "found by the model";
  EXPECT_NEAR(map.seeded, map.reached_input + map.absorbed_by_biases + map.absorbed_by_stabilisers,
              1e-3);
  EXPECT_NEAR(sum(map.values.values), map.reached_input, 1e-3);

  const volume::Image flair = on_scan_grid(map, 0, prepared);
  const std::size_t voxels = prepared.grid.voxels();
  EXPECT_NEAR(sum(flair.data),
              std::accumulate(map.values.values.begin(),
                              map.values.values.begin() + static_cast<std::ptrdiff_t>(voxels), 0.0),
              1e-3);
  EXPECT_TRUE(volume::same_grid(flair.grid, scan.grid));
  // Of what speaks for it, a good part lies in a lesion that fills less than 1 % of the brain.
  double inside = 0, all = 0;
  for (std::size_t v = 0; v < flair.data.size(); ++v) {
    const double r = std::max(0.0F, flair.data[v]);
    all += r;
    inside += lesion.data[v] != 0 ? r : 0;
  }
  EXPECT_GT(inside, 0.25 * all);

  const Sanity found = check(explainer, region, map, settings, core::Random(1), progress);
  EXPECT_LT(found.pointing_distance_mm, 6);
  EXPECT_GT(found.mean_drop_most_relevant, 3 * std::abs(found.mean_drop_random));
}

TEST_F(RealExplanation, TellsALesionFromAHealthyPlace) {
  const volume::Mask healthy = healthy_ball({0, 0, 60}, 40, prepared.brain.mask, reference);
  Region region = thinned(region_of(healthy, prepared), prepared.grid, 2);
  const Explainer explainer(model.bundle, prepared);
  MapSettings settings;
  settings.healthy = true;
  const Map map = explainer.map(region, settings, progress);
  EXPECT_LT(map.decision, -2);
  EXPECT_GT(map.seeded, 0.9) << "nearly every voxel is decided";
}

}  // namespace
}  // namespace dawson::explanation
