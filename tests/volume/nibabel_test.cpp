// nibabel as an independent witness of where voxels lie and what they hold.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <numeric>
#include <sstream>

#include "dawson/volume/nifti.h"
#include "volume/nifti_bytes.h"

namespace dawson::volume {
namespace {

bool have_nibabel() {
  return std::system("python3 -c 'import nibabel' 2>/dev/null") == 0;
}

std::vector<double> reference(const std::string& arguments) {
  const std::string command =
      "python3 " DAWSON_SOURCE_DIR "/tests/reference/nifti_reference.py " + arguments;
  FILE* pipe = popen(command.c_str(), "r");
  std::string text;
  for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) text += static_cast<char>(c);
  EXPECT_EQ(pclose(pipe), 0);
  std::istringstream stream(text);
  return {std::istream_iterator<double>(stream), {}};
}

void expect_agrees(const Image& image, const std::vector<double>& theirs) {
  ASSERT_EQ(theirs.size(), 17U);
  const auto affine = image.grid.affine();
  for (std::size_t i = 0; i < 12; ++i) EXPECT_NEAR(affine[i / 4][i % 4], theirs[i], 1e-4) << i;
  double sum = 0;
  for (std::size_t i = 0; i < image.data.size(); ++i) {
    sum += static_cast<double>(image.data[i]) * static_cast<double>(i + 1);
  }
  EXPECT_NEAR(sum, theirs[16], 1e-6 * std::abs(theirs[16]));
}

TEST(Nibabel, ReadsWhatDawsonWrites) {
  if (!have_nibabel()) return;  // nothing to compare with; the other tests stand on their own
  const test::TemporaryFolder folder;
  const double c = std::cos(0.3), s = std::sin(0.3);
  Image image(
      Grid{{5, 6, 7}, {0.9, 1.1, 6.5}, {{{-c, 0, s}, {0, 1, 0}, {s, 0, c}}}, {80, -90, -30}});
  std::iota(image.data.begin(), image.data.end(), -20.25F);
  for (const std::string name : {"a.nii", "a.nii.gz"}) {
    write_nifti(folder / name, image);
    expect_agrees(image, reference((folder / name).string()));
  }
}

TEST(Nibabel, WritesWhatDawsonReads) {
  if (!have_nibabel()) return;
  const test::TemporaryFolder folder;
  const auto theirs = reference("--write " + (folder / "a.nii.gz").string());
  const NiftiImage read = read_nifti(folder / "a.nii.gz");
  EXPECT_EQ(read.header.geometry.sform_code, 0);
  EXPECT_NE(read.header.scl_slope, 1);
  expect_agrees(read.image, theirs);
}

}  // namespace
}  // namespace dawson::volume
