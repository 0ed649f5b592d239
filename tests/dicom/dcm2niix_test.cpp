// Each voxel lies where dcm2niix, an independent reader, puts it.
#include <gtest/gtest.h>

#include <cstdlib>

#include "dawson/dicom/stack.h"
#include "dawson/volume/nifti.h"
#include "dicom/made_series.h"
#include "support/temporary_folder.h"

namespace dawson::dicom {
namespace {

namespace fs = std::filesystem;

bool run(const std::string& command) {
  return std::system((command + " >/dev/null 2>&1").c_str()) == 0;
}

class Dcm2niix : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!run("command -v dcm2niix")) GTEST_SKIP() << "dcm2niix is not installed";
  }

  /// Both read the one series in `in_`; farthest distance of a voxel from its place in the other's.
  void expect_same_as_dcm2niix() const {
    fs::create_directories(out_);
    ASSERT_TRUE(run("dcm2niix -b n -z n -f scan -o " + out_.string() + " " + in_.string()));
    const volume::Image theirs = volume::read_nifti(out_ / "scan.nii").image;
    Progress progress;
    const Found found = find_series(in_, progress);
    ASSERT_EQ(found.series.size(), 1U);
    const volume::Image ours = read_volume(found.series.front(), progress);
    ASSERT_EQ(ours.grid.voxels(), theirs.grid.voxels());
    double farthest_mm = 0;
    for (int k = 0; k < ours.grid.size[2]; ++k) {
      for (int j = 0; j < ours.grid.size[1]; ++j) {
        for (int i = 0; i < ours.grid.size[0]; ++i) {
          const volume::Vector3 here = ours.grid.to_world({double(i), double(j), double(k)});
          const volume::Vector3 at = theirs.grid.to_index(here);
          const int a = int(std::lround(at[0])), b = int(std::lround(at[1])),
                    c = int(std::lround(at[2]));
          ASSERT_TRUE(theirs.grid.contains(a, b, c));
          const volume::Vector3 there = theirs.grid.to_world({double(a), double(b), double(c)});
          farthest_mm = std::max(
              farthest_mm, std::hypot(here[0] - there[0], here[1] - there[1], here[2] - there[2]));
          const float value = ours.at(i, j, k);
          ASSERT_NEAR(theirs.at(a, b, c), value, 1e-5 * std::abs(value) + 1e-6);
        }
      }
    }
    EXPECT_LT(farthest_mm, 1e-3);
  }

  testing::TemporaryFolder folder_;
  fs::path in_ = folder_.path() / "in", out_ = folder_.path() / "out";
};

TEST_F(Dcm2niix, PutsAnObliqueSeriesWhereWeDo) {
  made::SeriesSettings shuffled;
  shuffled.name = [](int k) { return fs::path("z" + std::to_string(9 - k) + ".dcm"); };
  made::write_series(in_, made::numbered(made::oblique_grid()), shuffled);
  expect_same_as_dcm2niix();
}

TEST_F(Dcm2niix, PutsASagittalSeriesWhereWeDo) {
  volume::Grid sagittal = made::oblique_grid();
  sagittal.direction = {{{0, 0, -1}, {-1, 0, 0}, {0, -1, 0}}};
  made::write_series(in_, made::numbered(sagittal));
  expect_same_as_dcm2niix();
}

TEST_F(Dcm2niix, PutsAScannersEnhancedFileWhereWeDo) {  // nibabel's, from a Philips scanner
  const fs::path packed =
      "/usr/lib/python3/dist-packages/nibabel/nicom/tests/data/philips_mprage.dcm.gz";
  if (!fs::exists(packed)) GTEST_SKIP() << packed << " is not there";
  fs::create_directories(in_);
  ASSERT_EQ(
      std::system(("gzip -dc " + packed.string() + " > " + (in_ / "mprage.dcm").string()).c_str()),
      0);
  expect_same_as_dcm2niix();
}

}  // namespace
}  // namespace dawson::dicom
