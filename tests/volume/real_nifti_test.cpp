// The scans of the shared data: geometry survives a round trip to the bit.
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "dawson/volume/nifti.h"
#include "volume/nifti_bytes.h"

namespace dawson::volume {
namespace {

const std::filesystem::path data = DAWSON_TEST_DATA;

std::vector<std::filesystem::path> scans() {
  std::vector<std::filesystem::path> found;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(data)) {
    if (entry.path().filename().string().ends_with("_FLAIR.nii.gz")) found.push_back(entry.path());
  }
  return found;
}

void expect_same(const NiftiGeometry& a, const NiftiGeometry& b) {
  EXPECT_EQ(a.sform, b.sform);
  EXPECT_EQ(a.quaternion, b.quaternion);
  EXPECT_EQ(a.qoffset, b.qoffset);
  EXPECT_EQ(a.pixdim, b.pixdim);
  EXPECT_EQ(a.sform_code, b.sform_code);
  EXPECT_EQ(a.qform_code, b.qform_code);
  EXPECT_EQ(a.xyzt_units, b.xyzt_units);
}

TEST(RealNifti, EveryFlairIsReadAndItsMaskWrittenOnItsOwnGeometry) {
  const test::TemporaryFolder folder;
  const auto files = scans();
  ASSERT_GE(files.size(), 17U);
  for (const auto& file : files) {
    SCOPED_TRACE(file.filename().string());
    const NiftiImage scan = read_nifti(file);
    const Mask mask(scan.image.grid, 1);
    write_nifti(folder / "mask.nii", mask, &scan.header.geometry);
    const NiftiImage back = read_nifti(folder / "mask.nii");
    expect_same(scan.header.geometry, back.header.geometry);
    EXPECT_EQ(corner_distance_mm(scan.image.grid, back.image.grid), 0);
  }
}

TEST(RealNifti, SitesDifferInTheTransformTheySet) {
  const auto tabriz = read_nifti(data / "tabriz/sub-107130/anat/sub-107130_FLAIR.nii.gz");
  EXPECT_EQ(tabriz.header.geometry.qform_code, 0);
  EXPECT_GT(tabriz.header.geometry.sform_code, 0);
  EXPECT_GT(tabriz.image.grid.spacing[tabriz.image.grid.coarsest_axis()], 6);
  const auto ljubljana = read_nifti(data / "ljubljana/sub-19/anat/sub-19_FLAIR.nii.gz");
  EXPECT_EQ(ljubljana.header.geometry.sform_code, 0);
  EXPECT_GT(ljubljana.header.geometry.qform_code, 0);
  EXPECT_LT(determinant(ljubljana.image.grid.direction), 0);
}

TEST(RealNifti, MasksLieOnTheirScans) {
  const auto scan = read_nifti(data / "tabriz/sub-107130/anat/sub-107130_FLAIR.nii.gz");
  const Mask mask = read_nifti_mask(data /
                                    "tabriz/derivatives/manual_masks/sub-107130/anat/"
                                    "sub-107130_space-FLAIR_label-lesion_mask.nii.gz");
  EXPECT_TRUE(same_grid(scan.image.grid, mask.grid));
}

}  // namespace
}  // namespace dawson::volume
