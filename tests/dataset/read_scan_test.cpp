#include "dawson/dataset/read_scan.h"

#include <gtest/gtest.h>

#include "dawson/core/error.h"
#include "support/folder_test.h"

namespace dawson::dataset {
namespace {

using ScanDoor = made::FolderTest;

TEST_F(ScanDoor, ReadsNifti) {
  volume::Grid grid;
  grid.size = {3, 2, 2};
  grid.spacing = {1, 2, 3};
  volume::Image image(grid, 7.0F);
  volume::write_nifti(folder() / "scan.nii.gz", image);
  const volume::NiftiImage read = read_scan(folder() / "scan.nii.gz");
  EXPECT_EQ(read.image.data, image.data);
  EXPECT_TRUE(volume::same_grid(read.image.grid, grid));
}

TEST_F(ScanDoor, RefusesAFolderAndAMissingFile) {
  for (const auto& path : {folder(), folder() / "absent.nii.gz"}) {
    try {
      read_scan(path);
      FAIL() << path << " was read";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::input);
      EXPECT_NE(std::string(error.what()).find(path.string()), std::string::npos);
    }
  }
}

}  // namespace
}  // namespace dawson::dataset
