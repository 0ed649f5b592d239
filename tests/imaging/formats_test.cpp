#include "dawson/imaging/formats.h"

#include <gtest/gtest.h>

#include <cstring>
#include <numeric>

#include "dawson/core/error.h"
#include "imaging/shapes.h"
#include "volume/nifti_bytes.h"

/// Read by the leak sanitizer where there is one: ITK 5.2.1 leaks 3 kB when an NRRD file is cut.
extern "C" const char* __lsan_default_suppressions() {
  return "leak:libITKNrrdIO";
}

namespace dawson::imaging {
namespace {

using test::Bytes;
using test::TemporaryFolder;
using volume::Grid;
using volume::NiftiImage;
using volume::Vector3;

/// A header's text followed by 24 int16 values 0, 1, 2, …
Bytes with_ramp(const std::string& header) {
  Bytes bytes(header.begin(), header.end());
  for (std::int16_t value = 0; value < 24; ++value) {
    bytes.push_back(static_cast<std::uint8_t>(value & 0xff));
    bytes.push_back(static_cast<std::uint8_t>(value >> 8));
  }
  return bytes;
}

const std::string nrrd_header =
    "NRRD0004\ntype: short\ndimension: 3\nspace: left-posterior-superior\nsizes: 4 3 2\n"
    "space directions: (0,1.5,0) (-2,0,0) (0,0,6)\nspace origin: (10,20,30)\nendian: little\n"
    "encoding: raw\n\n";
const std::string mha_header =
    "ObjectType = Image\nNDims = 3\nBinaryData = True\nBinaryDataByteOrderMSB = False\n"
    "CompressedData = False\nTransformMatrix = 0 1 0 -1 0 0 0 0 1\nOffset = 10 20 30\n"
    "ElementSpacing = 1.5 2 6\nDimSize = 4 3 2\nElementType = MET_SHORT\nElementDataFile = LOCAL\n";

/// Both headers put i along posterior and j along right, from 10 mm left and 20 mm posterior.
void expect_right(const NiftiImage& read) {
  const Grid& grid = read.image.grid;
  EXPECT_EQ(grid.size, (volume::Index3{4, 3, 2}));
  EXPECT_EQ(grid.orientation(), "PRS");
  const Vector3 world = grid.to_world({1, 1, 1});
  EXPECT_NEAR(world[0], -10 + 2, 1e-9);
  EXPECT_NEAR(world[1], -20 - 1.5, 1e-9);
  EXPECT_NEAR(world[2], 30 + 6, 1e-9);
  ASSERT_EQ(read.image.data.size(), 24U);
  for (std::size_t i = 0; i < 24; ++i) EXPECT_EQ(read.image.data[i], static_cast<float>(i));
  EXPECT_EQ(read.header.datatype, 4);
  EXPECT_TRUE(read.warnings.empty());
}

std::string refusal(const std::filesystem::path& file) {
  try {
    read_image(file);
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ExitCode::input);
    return e.what();
  }
  return {};
}

TEST(Formats, ReadNrrdAndTurnItsWorld) {
  const TemporaryFolder folder;
  test::save(folder / "a.nrrd", with_ramp(nrrd_header));
  expect_right(read_image(folder / "a.nrrd"));
}

TEST(Formats, ReadNrrdWhoseWorldIsRasAlready) {
  const TemporaryFolder folder;
  std::string header = nrrd_header;
  header.replace(header.find("left-posterior"), 14, "right-anterior");
  test::save(folder / "a.nrrd", with_ramp(header));
  const Vector3 origin = read_image(folder / "a.nrrd").image.grid.origin;
  EXPECT_NEAR(origin[0], 10, 1e-9);
  EXPECT_NEAR(origin[1], 20, 1e-9);
}

TEST(Formats, ReadMetaImageInOneAndInTwoFiles) {
  const TemporaryFolder folder;
  test::save(folder / "a.mha", with_ramp(mha_header));
  expect_right(read_image(folder / "a.mha"));
  std::string header = mha_header;
  header.replace(header.find("LOCAL"), 5, "b.raw");
  test::save(folder / "b.mhd", Bytes(header.begin(), header.end()));
  test::save(folder / "b.raw", with_ramp(""));
  expect_right(read_image(folder / "b.mhd"));
}

TEST(Formats, GiveNiftiAGeometryToWriteBeside) {
  const TemporaryFolder folder;
  test::save(folder / "a.nrrd", with_ramp(nrrd_header));
  const NiftiImage read = read_image(folder / "a.nrrd");
  volume::write_nifti(folder / "a.nii.gz", read.image, &read.header.geometry);
  const NiftiImage again = read_image(folder / "a.nii.gz");
  EXPECT_TRUE(volume::same_grid(again.image.grid, read.image.grid, 1e-5));
  EXPECT_EQ(again.image.data, read.image.data);
}

TEST(Formats, RefuseWhatIsCut) {
  const TemporaryFolder folder;
  for (const auto& [name, header] : {std::pair{"a.nrrd", nrrd_header}, {"a.mha", mha_header}}) {
    Bytes bytes = with_ramp(header);
    bytes.resize(bytes.size() - 7);
    test::save(folder / name, bytes);
    EXPECT_NE(refusal(folder / name).find("truncated"), std::string::npos) << name;
  }
}

/// The 24 values zlib-compressed, as MetaImage stores them.
Bytes compressed_mha(std::size_t cut) {
  const Bytes raw = with_ramp("");
  Bytes packed(compressBound(raw.size()));
  uLongf length = packed.size();
  compress(packed.data(), &length, raw.data(), raw.size());
  std::string header = mha_header;
  header.replace(header.find("CompressedData = False"), 22,
                 "CompressedData = True\nCompressedDataSize = " + std::to_string(length));
  Bytes bytes(header.begin(), header.end());
  for (std::size_t i = 0; i + cut < length; ++i) bytes.push_back(packed[i]);
  return bytes;
}

TEST(Formats, ReadCompressedMetaImageAndRefuseItWhenCut) {
  const TemporaryFolder folder;
  test::save(folder / "a.mha", compressed_mha(0));
  expect_right(read_image(folder / "a.mha"));
  test::save(folder / "a.mha", compressed_mha(5));
  EXPECT_NE(refusal(folder / "a.mha").find("truncated"), std::string::npos);
}

TEST(Formats, RefuseAMissingDataFile) {
  const TemporaryFolder folder;
  std::string header = mha_header;
  header.replace(header.find("LOCAL"), 5, "b.raw");
  test::save(folder / "b.mhd", Bytes(header.begin(), header.end()));
  EXPECT_NE(refusal(folder / "b.mhd").find("b.raw is missing"), std::string::npos);
}

TEST(Formats, RefuseAHeaderThatPromisesABillionVoxels) {
  const TemporaryFolder folder;
  std::string nrrd = nrrd_header;
  nrrd.replace(nrrd.find("4 3 2"), 5, "1000 1000 1000");
  test::save(folder / "a.nrrd", with_ramp(nrrd));
  EXPECT_NE(refusal(folder / "a.nrrd").find("2^29"), std::string::npos);
  nrrd.replace(nrrd.find("1000 1000 1000"), 14, "800 800 800");
  test::save(folder / "a.nrrd", with_ramp(nrrd));
  EXPECT_NE(refusal(folder / "a.nrrd").find("truncated"), std::string::npos);
}

TEST(Formats, RefuseColoursSeriesAndSkew) {
  const TemporaryFolder folder;
  std::string colours = mha_header;
  colours.insert(colours.find("DimSize"), "ElementNumberOfChannels = 3\n");
  test::save(folder / "a.mha", with_ramp(colours));
  EXPECT_NE(refusal(folder / "a.mha").find("several values"), std::string::npos);
  std::string skewed = nrrd_header;
  skewed.replace(skewed.find("(0,1.5,0)"), 9, "(1,1.5,0)");
  test::save(folder / "a.nrrd", with_ramp(skewed));
  EXPECT_NE(refusal(folder / "a.nrrd").find("perpendicular"), std::string::npos);
}

TEST(Formats, RefuseWhatTheNameDoesNotKeep) {
  const TemporaryFolder folder;
  EXPECT_NE(refusal(folder / "missing.nrrd").find("no such file"), std::string::npos);
  test::save(folder / "text.nrrd", {'h', 'e', 'l', 'l', 'o'});
  EXPECT_NE(refusal(folder / "text.nrrd").find("not an NRRD"), std::string::npos);
  test::save(folder / "text.mha", {'h', 'e', 'l', 'l', 'o'});
  EXPECT_NE(refusal(folder / "text.mha").find("not a MetaImage"), std::string::npos);
  test::save(folder / "empty.mha", {});
  EXPECT_NE(refusal(folder / "empty.mha").find("empty"), std::string::npos);
  test::save(folder / "a.png", {'h', 'e', 'l', 'l', 'o'});
  EXPECT_NE(refusal(folder / "a.png").find("not a NIfTI"), std::string::npos);
}

TEST(Formats, KnowTheirNames) {
  EXPECT_EQ(image_stem("x/sub-01_FLAIR.nii.gz"), "sub-01_FLAIR");
  EXPECT_EQ(image_stem("sub.01.NII"), "sub.01");
  EXPECT_EQ(image_stem("a.mha"), "a");
  EXPECT_EQ(image_stem("a.tar.gz"), "a.tar.gz");
  EXPECT_TRUE(is_image_name("a.nhdr"));
  EXPECT_FALSE(is_image_name(".nii.gz"));
  EXPECT_FALSE(is_image_name("a.json"));
}

}  // namespace
}  // namespace dawson::imaging
