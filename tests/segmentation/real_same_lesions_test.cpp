// A scan stored or sampled otherwise has the same lesions. Tolerances, as Dice of the masks brought
// to one grid: 0.98 for the same values stored in another order, 0.8 where values were interpolated
// (most of a lesion's voxels lie at its edge).
#include <gtest/gtest.h>

#include <cmath>

#include "dawson/core/folders.h"
#include "dawson/imaging/resample.h"
#include "dawson/segmentation/segmenter.h"
#include "dawson/volume/nifti.h"
#include "support/made_head.h"

namespace dawson::segmentation {
namespace {

using volume::Grid;
using volume::Image;
using volume::Mask;
using volume::operator*;

volume::Mask lesions_of(const Image& scan) {
  static const model::Model model =
      model::open(core::find_model_file("lesion"), core::find_model_file("brain"),
                  core::find_model_file("atlas"));
  Progress progress;
  SegmenterSettings settings;
  settings.mirror = false;  // half the time
  return segment(model, scan, settings, progress).lesion_mask;
}

Image read(const std::string& file) {
  return volume::read_nifti(std::string(DAWSON_TEST_DATA) + "/" + file).image;
}

Image thick() {
  return read("tabriz/sub-107130/anat/sub-107130_FLAIR.nii.gz");
}

/// The brain's box of a stripped 1 mm scan: less air, the same brain.
Image thin() {
  const Image whole = read("ljubljana/sub-19/anat/sub-19_FLAIR.nii.gz");
  volume::Index3 low = whole.grid.size;
  volume::Index3 high{0, 0, 0};
  for (int k = 0; k < whole.grid.size[2]; ++k) {
    for (int j = 0; j < whole.grid.size[1]; ++j) {
      for (int i = 0; i < whole.grid.size[0]; ++i) {
        if (whole.at(i, j, k) == 0) continue;
        const volume::Index3 at{i, j, k};
        for (int a = 0; a < 3; ++a) {
          low[a] = std::min(low[a], std::max(0, at[a] - 2));
          high[a] = std::max(high[a], std::min(whole.grid.size[a] - 1, at[a] + 2));
        }
      }
    }
  }
  Grid box = whole.grid;
  for (int a = 0; a < 3; ++a) box.size[a] = high[a] - low[a] + 1;
  box.origin = whole.grid.to_world({double(low[0]), double(low[1]), double(low[2])});
  return imaging::resample_linear(whole, box);
}

/// Turned about its own middle (by its own axes) and large enough for the same content; `spacing`
/// times as coarse.
Grid resampled_grid(const Grid& grid, const volume::Matrix3& turn, const volume::Vector3& spacing) {
  Grid out = grid;
  out.direction = grid.direction * turn;
  volume::Vector3 middle{};
  for (int a = 0; a < 3; ++a) middle[a] = (grid.size[a] - 1) / 2.0;
  const volume::Vector3 centre = grid.to_world(middle);
  const bool turned = out.direction != grid.direction;
  for (int a = 0; a < 3; ++a) {
    const double room = turned && spacing[a] == 1 && grid.size[a] > 60 ? 1.3 : 1.0;
    out.spacing[a] = grid.spacing[a] * spacing[a];
    out.size[a] = static_cast<int>(std::ceil(grid.size[a] * room / spacing[a]));
    middle[a] = (out.size[a] - 1) / 2.0;
  }
  out.origin = {0, 0, 0};
  const volume::Vector3 now = out.to_world(middle);
  for (int a = 0; a < 3; ++a) out.origin[a] = centre[a] - now[a];
  return out;
}

double agreement(const Mask& reference, const Image& scan, const Grid& other) {
  const float outside = scan.data.front();
  const Mask found = lesions_of(imaging::resample_linear(scan, other, outside));
  const double dice = made::dice(imaging::resample_nearest(found, reference.grid), reference);
  ::testing::Test::RecordProperty("dice", std::to_string(dice));
  return dice;
}

TEST(RealSameLesions, OfAThickScanFlippedAndTransposed) {
  const Image scan = thick();
  const Mask upright = lesions_of(scan);
  ASSERT_GT(find_lesions(upright, {}).size(), 3U);
  const Grid& g = scan.grid;
  EXPECT_GE(agreement(upright, scan, test::stored_otherwise(g, {0, 1, 2}, {true, false, false})),
            0.98);
  EXPECT_GE(agreement(upright, scan, test::stored_otherwise(g, {0, 1, 2}, {false, true, false})),
            0.98);
  EXPECT_GE(agreement(upright, scan, test::stored_otherwise(g, {0, 1, 2}, {false, false, true})),
            0.98);
  EXPECT_GE(agreement(upright, scan, test::stored_otherwise(g, {2, 0, 1}, {true, false, true})),
            0.98);
}

// In its plane: between thick slices there is nothing to interpolate.
TEST(RealSameLesions, OfAThickScanTurnedAndResampledInItsPlane) {
  const Image scan = thick();
  const Mask upright = lesions_of(scan);
  EXPECT_GE(agreement(upright, scan, resampled_grid(scan.grid, test::turn(2, 20), {1, 1, 1})), 0.8);
  EXPECT_GE(agreement(upright, scan, resampled_grid(scan.grid, test::turn(2, 0), {0.8, 0.8, 1})),
            0.8);
}

TEST(RealSameLesions, OfAThinScanFlippedAndTransposed) {
  const Image scan = thin();
  const Mask upright = lesions_of(scan);
  ASSERT_GT(find_lesions(upright, {}).size(), 3U);
  EXPECT_GE(
      agreement(upright, scan, test::stored_otherwise(scan.grid, {1, 2, 0}, {true, true, false})),
      0.98);
}

TEST(RealSameLesions, OfAThinScanTurned) {
  const Image scan = thin();
  EXPECT_GE(agreement(lesions_of(scan), scan,
                      resampled_grid(scan.grid, test::turn(0, 20) * test::turn(2, -20), {1, 1, 1})),
            0.8);
}

TEST(RealSameLesions, OfAThinScanResampled) {
  const Image scan = thin();
  EXPECT_GE(agreement(lesions_of(scan), scan,
                      resampled_grid(scan.grid, test::turn(0, 0), {0.8, 0.8, 0.8})),
            0.8);
}

}  // namespace
}  // namespace dawson::segmentation
