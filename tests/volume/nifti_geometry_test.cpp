// Where voxels lie: which transform wins, what is repaired, what is refused, what is written back.
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <numeric>

#include "dawson/core/error.h"
#include "dawson/volume/nifti.h"
#include "volume/nifti_bytes.h"

namespace dawson::volume {
namespace {

using test::NiftiBytes;
using test::TemporaryFolder;

NiftiImage read(NiftiBytes file) {
  const TemporaryFolder folder;
  file.values(std::vector<float>(24, 1.0F));
  test::save(folder / "a.nii", file.bytes);
  return read_nifti(folder / "a.nii");
}

void expect_warns(const NiftiImage& image, const std::string& part) {
  ASSERT_EQ(image.warnings.size(), 1U);
  EXPECT_NE(image.warnings[0].find(part), std::string::npos) << image.warnings[0];
}

TEST(NiftiGeometry, ReadsSformBeforeQform) {
  const NiftiImage image =
      read(NiftiBytes().codes(1, 2).spacings({2, 3, 4}).quaternion({0, 0, 0}, {10, 20, 30.4}));
  EXPECT_EQ(image.image.grid.origin, (Vector3{10, 20, 30}));
  EXPECT_EQ(image.header.geometry.sform_code, 2);
  EXPECT_EQ(image.header.geometry.qform_code, 1);
  EXPECT_TRUE(image.warnings.empty());  // 0.4 mm apart is tolerated
}

TEST(NiftiGeometry, SaysWhenSformAndQformDisagree) {
  const NiftiImage image =
      read(NiftiBytes().codes(1, 2).spacings({2, 3, 4}).quaternion({0, 0, 0}, {10, 20, 31.25}));
  EXPECT_EQ(image.image.grid.origin[2], 30);
  expect_warns(image, "1.25 mm");
}

TEST(NiftiGeometry, ReadsQformWhereSformHasNoCode) {
  // A quarter turn about z: b = c = 0, d = sin 45°. i runs to +y, j to −x.
  const double d = std::sqrt(0.5);
  const NiftiImage image =
      read(NiftiBytes().codes(1, 0).spacings({2, 3, 4}).quaternion({0, 0, d}, {1, 2, 3}));
  const Vector3 world = image.image.grid.to_world({1, 1, 1});
  EXPECT_NEAR(world[0], 1 - 3, 1e-5);
  EXPECT_NEAR(world[1], 2 + 2, 1e-5);
  EXPECT_NEAR(world[2], 3 + 4, 1e-5);
}

TEST(NiftiGeometry, TurnsTheThirdAxisWhereQfacIsNegative) {
  const NiftiImage image =
      read(NiftiBytes().codes(1, 0).spacings({2, 3, 4}, -1).quaternion({0, 0, 0}, {1, 2, 3}));
  EXPECT_NEAR(image.image.grid.to_world({0, 0, 1})[2], 3 - 4, 1e-6);
  EXPECT_LT(determinant(image.image.grid.direction), 0);
}

TEST(NiftiGeometry, TakesQfacZeroAsOne) {
  const NiftiImage image =
      read(NiftiBytes().codes(1, 0).spacings({2, 3, 4}, 0).quaternion({0, 0, 0}, {1, 2, 3}));
  EXPECT_NEAR(image.image.grid.to_world({0, 0, 1})[2], 3 + 4, 1e-6);
}

TEST(NiftiGeometry, FallsBackToSpacingsWithAWarning) {
  const NiftiImage image = read(NiftiBytes().codes(0, 0).spacings({2, 3, 4}));
  EXPECT_EQ(image.image.grid.spacing, (Vector3{2, 3, 4}));
  EXPECT_EQ(image.image.grid.orientation(), "RAS");
  expect_warns(image, "neither sform nor qform");
}

TEST(NiftiGeometry, FallsBackToAGoodQformWhereTheSformIsDegenerate) {
  NiftiBytes file;
  file.codes(1, 1).spacings({2, 3, 4}).quaternion({0, 0, 0}, {1, 2, 3});
  file.sform({{{2, 0, 0, 10}, {0, 0, 0, 20}, {0, 0, 4, 30}}});
  const NiftiImage image = read(file);
  EXPECT_EQ(image.image.grid.origin, (Vector3{1, 2, 3}));
  expect_warns(image, "qform is used");
  EXPECT_THROW(read(file.codes(0, 1)), Error);
}

TEST(NiftiGeometry, ToleratesFloatNoiseInDirections) {
  const NiftiImage image =
      read(NiftiBytes().sform({{{1, 9e-4, 0, 0}, {0, 1, 0, 0}, {0, 0, 1, 0}}}));
  EXPECT_TRUE(image.warnings.empty());
}

TEST(NiftiGeometry, RepairsSlightlyShearedDirections) {
  const NiftiImage image =
      read(NiftiBytes().sform({{{1, 0.04, 0, 0}, {0, 1, 0, 0}, {0, 0, 1, 0}}}));
  expect_warns(image, "repaired");
  const Matrix3 d = image.image.grid.direction;
  const Matrix3 product = transpose(d) * d;
  for (int r = 0; r < 3; ++r) {
    for (int c = 0; c < 3; ++c) EXPECT_NEAR(product[r][c], r == c ? 1 : 0, 1e-12);
  }
  EXPECT_NEAR(d[0][1], 0.02, 1e-3);  // the shear is shared between both axes
  EXPECT_NEAR(d[1][0], -0.02, 1e-3);
}

TEST(NiftiGeometry, RefusesAbsurdDirections) {
  EXPECT_THROW(read(NiftiBytes().sform({{{1, 0.06, 0, 0}, {0, 1, 0, 0}, {0, 0, 1, 0}}})), Error);
  EXPECT_THROW(read(NiftiBytes().sform({{{1, 1, 0, 0}, {0, 0, 0, 0}, {0, 0, 1, 0}}})), Error);
}

TEST(NiftiGeometry, RefusesSpacingsThatNoHeadHas) {
  EXPECT_THROW(read(NiftiBytes().sform({{{1e-4, 0, 0, 0}, {0, 1, 0, 0}, {0, 0, 1, 0}}})), Error);
  EXPECT_THROW(read(NiftiBytes().codes(0, 0).spacings({1, 0, 1})), Error);
  EXPECT_THROW(read(NiftiBytes().codes(0, 0).spacings({1, std::nan(""), 1})), Error);
}

TEST(NiftiGeometry, BelievesMetresAndMicrometresOnlyWhereTheyMakeSense) {
  const auto metres =
      NiftiBytes().units(1).sform({{{0.001, 0, 0, 0.02}, {0, 0.001, 0, 0}, {0, 0, 0.003, 0}}});
  const Grid grid = read(metres).image.grid;
  EXPECT_NEAR(grid.spacing[2], 3, 1e-6);
  EXPECT_NEAR(grid.origin[0], 20, 1e-6);
  const NiftiImage wrong = read(NiftiBytes().units(3));
  EXPECT_EQ(wrong.image.grid.spacing[0], 2);
  expect_warns(wrong, "unit code");
}

/// The geometry bytes of a NIfTI-1 header: qform_code to srow_z, pixdim[0..3] and xyzt_units.
test::Bytes geometry_bytes(const test::Bytes& file) {
  test::Bytes bytes;
  for (std::size_t at = 252; at < 328; ++at) bytes.push_back(file[at]);
  for (std::size_t at = 76; at < 92; ++at) bytes.push_back(file[at]);
  bytes.push_back(file[123]);
  return bytes;
}

TEST(NiftiWrite, LeavesTheGeometryOfTheInputBitForBit) {
  const TemporaryFolder folder;
  NiftiBytes file;
  // Numbers that no arithmetic would return unchanged, slightly sheared and disagreeing.
  file.codes(2, 3).units(10).spacings({2.0000017, 2.9999993, 4.0000024}, -1);
  file.quaternion({0.0012345F, -0.999987F, 0.0034F}, {10.1F, 20.2F, 30.3F});
  file.sform({{{-2.00013F, 0.0312F, 0.0071F, 90.123F},
               {0.0297F, 2.99F, -0.0119F, -126.7F},
               {0.0011F, 0.0093F, 4.0007F, -72.25F}}});
  file.values(std::vector<float>(24, 1.0F));
  test::save(folder / "in.nii", file.bytes);
  const NiftiImage image = read_nifti(folder / "in.nii");
  write_nifti(folder / "out.nii", image.image, &image.header.geometry);
  EXPECT_EQ(geometry_bytes(test::load(folder / "out.nii")), geometry_bytes(file.bytes));
  write_nifti(folder / "mask.nii", Mask(image.image.grid, 1), &image.header.geometry);
  EXPECT_EQ(geometry_bytes(test::load(folder / "mask.nii")), geometry_bytes(file.bytes));
}

TEST(NiftiWrite, KeepsDoublePrecisionGeometryInNifti2) {
  const TemporaryFolder folder;
  NiftiBytes file(2);
  file.sform({{{1.1, 0, 0, 0.1}, {0, 1.2, 0, 0.2}, {0, 0, 1.3, 0.3}}});
  file.values(std::vector<float>(24, 1.0F));
  test::save(folder / "in.nii", file.bytes);
  const NiftiImage image = read_nifti(folder / "in.nii");
  write_nifti(folder / "out.nii.gz", image.image, &image.header.geometry);
  const NiftiImage again = read_nifti(folder / "out.nii.gz");
  EXPECT_EQ(again.header.version, 2);
  EXPECT_EQ(again.header.geometry.sform, image.header.geometry.sform);
}

TEST(NiftiWrite, ComesBackOnAnyGrid) {
  const TemporaryFolder folder;
  for (int axis = 0; axis < 3; ++axis) {
    for (const double degrees : {0.0, 20.0, 90.0, 135.0, 180.0, 250.0}) {
      for (const double flip : {1.0, -1.0}) {
        const double a = degrees * 0.017453292519943295;
        Matrix3 turn{{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
        const int p = (axis + 1) % 3, q = (axis + 2) % 3;
        turn[p][p] = turn[q][q] = std::cos(a);
        turn[q][p] = std::sin(a);
        turn[p][q] = -std::sin(a);
        for (auto& row : turn) row[0] *= flip;
        Image image(Grid{{3, 4, 5}, {0.9, 1.1, 6.5}, turn, {-80, 30, 12}});
        std::iota(image.data.begin(), image.data.end(), -3.5F);
        write_nifti(folder / "a.nii.gz", image);
        const NiftiImage back = read_nifti(folder / "a.nii.gz");
        EXPECT_EQ(back.image.data, image.data);
        EXPECT_TRUE(same_grid(back.image.grid, image.grid, 1e-4));
        EXPECT_TRUE(back.warnings.empty());  // sform and qform agree
        EXPECT_EQ(back.header.geometry.qform_code, 1);
      }
    }
  }
}

TEST(NiftiWrite, RefusesAnImageOnAnotherGridThanTheGeometrySays) {
  const TemporaryFolder folder;
  const Image image(Grid{{3, 4, 5}, {1, 1, 1}, {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}}, {0, 0, 0}});
  Grid flipped = image.grid;
  flipped.direction[0][0] = -1;
  const NiftiGeometry other = geometry_of(flipped);
  EXPECT_THROW(write_nifti(folder / "a.nii", image, &other), Error);
  EXPECT_FALSE(std::filesystem::exists(folder / "a.nii"));
}

TEST(NiftiWrite, SaysWhenTheFolderIsMissing) {
  const TemporaryFolder folder;
  try {
    write_nifti(folder / "nowhere/a.nii", Image(Grid{}));
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ExitCode::output);
  }
}

TEST(NiftiWrite, GivesSizesBeyondInt16AsNifti2) {
  const TemporaryFolder folder;
  Grid grid;
  grid.size = {40000, 2, 1};
  write_nifti(folder / "a.nii", Image(grid, 3));
  const NiftiImage back = read_nifti(folder / "a.nii");
  EXPECT_EQ(back.header.version, 2);
  EXPECT_EQ(back.image.grid.size, grid.size);
}

}  // namespace
}  // namespace dawson::volume
