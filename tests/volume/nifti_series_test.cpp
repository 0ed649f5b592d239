#include <gtest/gtest.h>

#include "dawson/core/error.h"
#include "dawson/volume/nifti.h"
#include "support/temporary_folder.h"

namespace dawson::volume {
namespace {

Grid small_grid() {
  Grid grid;
  grid.size = {3, 4, 2};
  grid.spacing = {1, 2, 5};
  grid.origin = {-7, 3, 11};
  return grid;
}

Image counting_from(const Grid& grid, float first) {
  Image image(grid);
  for (float& value : image.data) value = first++;
  return image;
}

TEST(NiftiSeries, ComesBackVolumeByVolumeOnItsGrid) {
  const testing::TemporaryFolder folder;
  const auto file = folder.path() / "series.nii.gz";
  const std::vector<Image> written{counting_from(small_grid(), 0), counting_from(small_grid(), 100),
                                   counting_from(small_grid(), -50)};
  write_nifti_series(file, written);
  const std::vector<Image> read = read_nifti_series(file);
  ASSERT_EQ(read.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(read[i].data, written[i].data);
    EXPECT_TRUE(same_grid(read[i].grid, small_grid()));
  }
}

TEST(NiftiSeries, IsRefusedWhereOneVolumeIsWanted) {
  const testing::TemporaryFolder folder;
  const auto file = folder.path() / "series.nii";
  write_nifti_series(file, {counting_from(small_grid(), 0), counting_from(small_grid(), 1)});
  try {
    read_nifti(file);
    FAIL() << "two volumes were read as one";
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ExitCode::input);
    EXPECT_NE(std::string(e.what()).find("2 volumes"), std::string::npos) << e.what();
  }
}

TEST(NiftiSeries, OfOneVolumeIsAnOrdinaryFile) {
  const testing::TemporaryFolder folder;
  const auto file = folder.path() / "one.nii";
  write_nifti_series(file, {counting_from(small_grid(), 4)});
  EXPECT_EQ(read_nifti(file).image.data, counting_from(small_grid(), 4).data);
  EXPECT_EQ(read_nifti_series(file).size(), 1U);
}

TEST(NiftiSeries, OnDifferentGridsIsADefect) {
  const testing::TemporaryFolder folder;
  Grid other = small_grid();
  other.origin[0] += 1;
  EXPECT_THROW(write_nifti_series(folder.path() / "x.nii", {Image(small_grid()), Image(other)}),
               Error);
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "x.nii"));
}

}  // namespace
}  // namespace dawson::volume
