// Slices, bias field and resampling on the scans of the shared data.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "dawson/imaging/bias_field.h"
#include "dawson/imaging/formats.h"
#include "dawson/imaging/registration.h"
#include "dawson/imaging/resample.h"
#include "dawson/imaging/slice_grid.h"
#include "imaging/shapes.h"

namespace dawson::imaging {
namespace {

const std::filesystem::path data = DAWSON_TEST_DATA;
const auto masks = data / "tabriz/derivatives/manual_masks/sub-107130/anat";

TEST(RealSlices, OfAThickScanAreItsOwn) {
  const auto scan = read_image(data / "tabriz/sub-107130/anat/sub-107130_FLAIR.nii.gz");
  const auto brain =
      volume::read_nifti_mask(masks / "sub-107130_space-FLAIR_label-brain_mask.nii.gz");
  const volume::Grid& grid = scan.image.grid;
  const volume::Grid slices = slice_grid(grid, &brain, 1, 5, 1);
  const int thick = grid.coarsest_axis();
  EXPECT_EQ(slices.spacing[2], grid.spacing[thick]);
  EXPECT_LE(slices.size[2], grid.size[thick]);
  for (int k = 0; k < slices.size[2]; ++k) {
    const double at = grid.to_index(slices.to_world({20, 30, double(k)}))[thick];
    EXPECT_NEAR(at, std::round(at), 1e-3);
  }
}

TEST(RealSlices, BringALesionMaskThereAndBack) {
  const auto lesions =
      volume::read_nifti_mask(masks / "sub-107130_space-FLAIR_label-lesion_mask.nii.gz");
  const auto brain =
      volume::read_nifti_mask(masks / "sub-107130_space-FLAIR_label-brain_mask.nii.gz");
  const volume::Grid slices = slice_grid(lesions.grid, &brain, 0.9, 5, 1);
  const volume::Image back = resample_linear(resample_coverage(lesions, slices), lesions.grid);
  std::size_t both = 0, sum = 0;
  for (std::size_t i = 0; i < back.data.size(); ++i) {
    const int there = back.data[i] > 0.5F ? 1 : 0;
    both += static_cast<std::size_t>(there * lesions.data[i]);
    sum += static_cast<std::size_t>(there + lesions.data[i]);
  }
  // Linear both ways in plane on jagged drawings; the slices themselves lose nothing.
  EXPECT_GT(2.0 * static_cast<double>(both) / static_cast<double>(sum), 0.85);
}

TEST(RealBiasField, LiesWithinWhatCoilsDo) {
  const auto scan = read_image(data / "tabriz/sub-107130/anat/sub-107130_FLAIR.nii.gz");
  const auto brain =
      volume::read_nifti_mask(masks / "sub-107130_space-FLAIR_label-brain_mask.nii.gz");
  Progress progress;
  const volume::Image field = bias_field(scan.image, brain, {}, progress);
  float low = 10, high = 0;
  for (std::size_t i = 0; i < field.data.size(); ++i) {
    if (brain.data[i] == 0) continue;
    low = std::min(low, field.data[i]);
    high = std::max(high, field.data[i]);
  }
  EXPECT_GT(low, 0.6F);
  EXPECT_LT(high, 1.6F);
  EXPECT_GT(high - low, 0.02F);
}

TEST(RealAlignment, BringsTheBrainOfOnePatientOntoAnothers) {
  const auto fixed =
      volume::read_nifti_mask(masks / "sub-107130_space-FLAIR_label-brain_mask.nii.gz");
  const auto moving = volume::read_nifti_mask(data /
                                              "tabriz/derivatives/manual_masks/sub-104670/anat/"
                                              "sub-104670_space-FLAIR_label-brain_mask.nii.gz");
  Progress progress;
  const Alignment found = align_masks(fixed, moving, progress);
  EXPECT_GT(found.dice, 0.93);
  for (int a = 0; a < 3; ++a) EXPECT_NEAR(found.fixed_to_moving.matrix[a][a], 1, 0.25);
}

}  // namespace
}  // namespace dawson::imaging
