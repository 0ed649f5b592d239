// Values: every type, version and byte order; compression; what is refused.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>

#include "dawson/core/error.h"
#include "dawson/volume/nifti.h"
#include "volume/nifti_bytes.h"

namespace dawson::volume {
namespace {

using test::Bytes;
using test::NiftiBytes;
using test::TemporaryFolder;

std::vector<float> ramp() {
  std::vector<float> values(24);
  std::iota(values.begin(), values.end(), 0.0F);
  return values;
}

/// The sentence with which reading fails; empty when it does not.
std::string refusal(const std::filesystem::path& file) {
  try {
    read_nifti(file);
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ExitCode::input);
    EXPECT_EQ(std::string(e.what()).find('\n'), std::string::npos);
    EXPECT_NE(e.where().find(file.filename().string()), std::string::npos);
    return e.what();
  }
  return {};
}

void expect_says(const std::string& sentence, const std::string& part) {
  EXPECT_NE(sentence.find(part), std::string::npos) << "said: " << sentence;
}

template <typename T>
class NiftiOfType : public testing::Test {};

template <typename T>
int code_of() {
  if constexpr (std::is_floating_point_v<T>) return sizeof(T) == 4 ? 16 : 64;
  constexpr bool is_signed = std::is_signed_v<T>;
  switch (sizeof(T)) {
    case 1:
      return is_signed ? 256 : 2;
    case 2:
      return is_signed ? 4 : 512;
    case 4:
      return is_signed ? 8 : 768;
    default:
      return is_signed ? 1024 : 1280;
  }
}

using Types = testing::Types<std::uint8_t, std::int8_t, std::uint16_t, std::int16_t, std::uint32_t,
                             std::int32_t, std::uint64_t, std::int64_t, float, double>;
TYPED_TEST_SUITE(NiftiOfType, Types);

TYPED_TEST(NiftiOfType, IsReadInBothVersionsAndByteOrders) {
  const TemporaryFolder folder;
  std::vector<TypeParam> values(24);
  std::iota(values.begin(), values.end(), TypeParam{1});
  values[5] = std::is_signed_v<TypeParam> ? static_cast<TypeParam>(-7) : TypeParam{7};
  values[6] = sizeof(TypeParam) == 1 ? TypeParam{100} : static_cast<TypeParam>(31234);
  for (const int version : {1, 2}) {
    for (const bool swapped : {false, true}) {
      NiftiBytes file(version, swapped);
      file.type(code_of<TypeParam>(), 8 * sizeof(TypeParam)).values(values);
      test::save(folder / "a.nii", file.bytes);
      const NiftiImage read = read_nifti(folder / "a.nii");
      EXPECT_EQ(read.header.version, version);
      EXPECT_EQ(read.header.datatype, code_of<TypeParam>());
      EXPECT_TRUE(read.warnings.empty());
      ASSERT_EQ(read.image.data.size(), 24U);
      for (std::size_t i = 0; i < 24; ++i) {
        EXPECT_EQ(read.image.data[i], static_cast<float>(values[i])) << i;
      }
    }
  }
}

TEST(Nifti, ReadsTheUpperHalfOfUnsignedTypes) {
  const TemporaryFolder folder;
  std::vector<std::uint16_t> values(24, 65535);
  test::save(folder / "a.nii", NiftiBytes().type(512, 16).values(values).bytes);
  EXPECT_EQ(read_nifti(folder / "a.nii").image.data[3], 65535.0F);
}

TEST(Nifti, ScalesIntegers) {
  const TemporaryFolder folder;
  std::vector<std::int16_t> values(24, 10);
  test::save(folder / "a.nii", NiftiBytes().type(4, 16).scaling(0.5, -3).values(values).bytes);
  const NiftiImage read = read_nifti(folder / "a.nii");
  EXPECT_EQ(read.image.data[0], 2.0F);
  EXPECT_EQ(read.header.scl_slope, 0.5);
  EXPECT_EQ(read.header.scl_inter, -3);
}

TEST(Nifti, TakesSlopeZeroAndNaNAsNoScaling) {
  const TemporaryFolder folder;
  for (const double slope : {0.0, std::nan(""), HUGE_VAL}) {
    std::vector<std::int16_t> values(24, 10);
    test::save(folder / "a.nii", NiftiBytes().type(4, 16).scaling(slope, 5).values(values).bytes);
    const NiftiImage read = read_nifti(folder / "a.nii");
    EXPECT_EQ(read.image.data[0], 10.0F) << slope;
    EXPECT_EQ(read.header.scl_slope, 1);
    EXPECT_EQ(read.header.scl_inter, 0);
  }
}

TEST(Nifti, ReadsConstantAndEmptyLookingImages) {
  const TemporaryFolder folder;
  test::save(folder / "a.nii", NiftiBytes().values(std::vector<float>(24, 0.0F)).bytes);
  EXPECT_EQ(read_nifti(folder / "a.nii").image.data, std::vector<float>(24, 0.0F));
}

TEST(Nifti, AcceptsAFourthDimensionOfOne) {
  const TemporaryFolder folder;
  test::save(folder / "a.nii", NiftiBytes().sizes({4, 4, 3, 2, 1, 1, 1, 1}).values(ramp()).bytes);
  EXPECT_EQ(read_nifti(folder / "a.nii").image.data, ramp());
}

TEST(Nifti, SkipsExtensions) {
  const TemporaryFolder folder;
  NiftiBytes file;
  file.bytes[348] = 1;
  file.put<std::int32_t>(352, 32);
  file.put<std::int32_t>(356, 6);
  file.bytes.resize(384, 0x55);
  file.put<float>(108, 384);
  test::save(folder / "a.nii", file.values(ramp()).bytes);
  EXPECT_EQ(read_nifti(folder / "a.nii").image.data, ramp());
}

TEST(Nifti, TakesAnOffsetOfZeroAsRightBehindTheHeader) {
  const TemporaryFolder folder;
  NiftiBytes file;
  file.put<float>(108, 0);
  test::save(folder / "a.nii", file.values(ramp()).bytes);
  EXPECT_EQ(read_nifti(folder / "a.nii").image.data, ramp());
}

TEST(NiftiGzip, IsReadWhateverTheName) {
  const TemporaryFolder folder;
  test::save(folder / "a.nii", test::gzip(NiftiBytes().values(ramp()).bytes));
  EXPECT_EQ(read_nifti(folder / "a.nii").image.data, ramp());
  test::save(folder / "b.nii.gz", NiftiBytes().values(ramp()).bytes);
  EXPECT_EQ(read_nifti(folder / "b.nii.gz").image.data, ramp());
}

TEST(NiftiGzip, IsReadInSeveralMembers) {
  const TemporaryFolder folder;
  const Bytes whole = NiftiBytes().values(ramp()).bytes;
  // Cuts in the header, at its end, and in the middle of a value.
  Bytes joined;
  std::size_t from = 0;
  for (const std::size_t to :
       {std::size_t{100}, std::size_t{352}, std::size_t{399}, whole.size()}) {
    const Bytes member = test::gzip({whole.begin() + static_cast<std::ptrdiff_t>(from),
                                     whole.begin() + static_cast<std::ptrdiff_t>(to)});
    joined.insert(joined.end(), member.begin(), member.end());
    from = to;
  }
  test::save(folder / "a.nii.gz", joined);
  const NiftiImage read = read_nifti(folder / "a.nii.gz");
  EXPECT_EQ(read.image.data, ramp());
  EXPECT_TRUE(read.warnings.empty());
}

TEST(NiftiGzip, IgnoresTrailingBytesWithAWarning) {
  const TemporaryFolder folder;
  Bytes bytes = test::gzip(NiftiBytes().values(ramp()).bytes);
  bytes.insert(bytes.end(), {'j', 'u', 'n', 'k'});
  test::save(folder / "a.nii.gz", bytes);
  const NiftiImage read = read_nifti(folder / "a.nii.gz");
  EXPECT_EQ(read.image.data, ramp());
  EXPECT_EQ(read.warnings.size(), 1U);
}

TEST(NiftiGzip, IsRefusedWhereverItIsCut) {
  const TemporaryFolder folder;
  const Bytes whole = test::gzip(NiftiBytes().values(ramp()).bytes);
  for (std::size_t length = 2; length < whole.size(); ++length) {
    test::save(folder / "a.nii.gz",
               {whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length)});
    EXPECT_FALSE(refusal(folder / "a.nii.gz").empty()) << length;
  }
  test::save(folder / "a.nii.gz", {whole.begin(), whole.end() - 20});
  expect_says(refusal(folder / "a.nii.gz"), "truncated");
}

TEST(NiftiGzip, IsRefusedWhenTheChecksumIsWrong) {
  const TemporaryFolder folder;
  Bytes bytes = test::gzip(NiftiBytes().values(ramp()).bytes);
  bytes[bytes.size() - 6] ^= 0xff;
  test::save(folder / "a.nii.gz", bytes);
  expect_says(refusal(folder / "a.nii.gz"), "damaged");
}

TEST(NiftiRefuses, ATruncatedFile) {
  const TemporaryFolder folder;
  Bytes bytes = NiftiBytes().values(ramp()).bytes;
  bytes.pop_back();
  test::save(folder / "a.nii", bytes);
  expect_says(refusal(folder / "a.nii"), "truncated");
  bytes.resize(200);
  test::save(folder / "a.nii", bytes);
  expect_says(refusal(folder / "a.nii"), "truncated");
}

TEST(NiftiRefuses, AHeaderThatPromisesABillionVoxels) {
  const TemporaryFolder folder;
  test::save(folder / "a.nii", NiftiBytes().sizes({3, 1000, 1000, 1000, 1, 1, 1, 1}).bytes);
  expect_says(refusal(folder / "a.nii"), "2^29");
  // The product of these overflows 64 bits.
  const std::int64_t huge = std::int64_t{1} << 62;
  test::save(folder / "b.nii", NiftiBytes(2).sizes({3, huge, huge, huge, 1, 1, 1, 1}).bytes);
  expect_says(refusal(folder / "b.nii"), "2^29");
  // Allowed in size, but not held by a file of a few bytes: refused before anything is allocated.
  test::save(folder / "c.nii.gz",
             test::gzip(NiftiBytes().sizes({3, 800, 800, 800, 1, 1, 1, 1}).bytes));
  expect_says(refusal(folder / "c.nii.gz"), "truncated");
}

TEST(NiftiRefuses, SeveralVolumes) {
  const TemporaryFolder folder;
  test::save(folder / "a.nii", NiftiBytes().sizes({4, 2, 3, 2, 2, 1, 1, 1}).values(ramp()).bytes);
  expect_says(refusal(folder / "a.nii"), "2 volumes");
  test::save(folder / "b.nii", NiftiBytes().sizes({5, 2, 2, 2, 1, 3, 1, 1}).values(ramp()).bytes);
  expect_says(refusal(folder / "b.nii"), "3 volumes");
}

TEST(NiftiRefuses, EmptyAndImpossibleDimensions) {
  const TemporaryFolder folder;
  for (const auto& dim : {std::array<std::int64_t, 8>{3, 4, 0, 2, 1, 1, 1, 1},
                          std::array<std::int64_t, 8>{3, 4, -3, 2, 1, 1, 1, 1},
                          std::array<std::int64_t, 8>{0, 4, 3, 2, 1, 1, 1, 1},
                          std::array<std::int64_t, 8>{9, 4, 3, 2, 1, 1, 1, 1}}) {
    test::save(folder / "a.nii", NiftiBytes().sizes(dim).values(ramp()).bytes);
    expect_says(refusal(folder / "a.nii"), "dimension");
  }
}

TEST(NiftiRefuses, ColoursAndComplexNumbers) {
  const TemporaryFolder folder;
  test::save(folder / "a.nii", NiftiBytes().type(128, 24).values(ramp()).bytes);
  expect_says(refusal(folder / "a.nii"), "colours");
  test::save(folder / "a.nii", NiftiBytes().type(32, 64).values(ramp()).bytes);
  expect_says(refusal(folder / "a.nii"), "complex");
}

TEST(NiftiRefuses, WhatIsNoSingleFileNifti) {
  const TemporaryFolder folder;
  expect_says(refusal(folder / "missing.nii"), "no such file");
  std::filesystem::create_directory(folder / "folder");
  expect_says(refusal(folder / "folder"), "folder");
  test::save(folder / "empty.nii", {});
  expect_says(refusal(folder / "empty.nii"), "empty");
  test::save(folder / "text.nii.gz", {'h', 'e', 'l', 'l', 'o', ' ', 'y', 'o', 'u'});
  expect_says(refusal(folder / "text.nii.gz"), "not a NIfTI image");
  test::save(folder / "three.nii", {1, 2, 3});
  expect_says(refusal(folder / "three.nii"), "not a NIfTI image");
  NiftiBytes pair;
  pair.text(344, std::string("ni1\0", 4));
  test::save(folder / "pair.hdr", pair.bytes);
  expect_says(refusal(folder / "pair.hdr"), ".hdr/.img");
  NiftiBytes analyze;
  analyze.text(344, std::string(4, '\0'));
  test::save(folder / "analyze.nii", analyze.bytes);
  expect_says(refusal(folder / "analyze.nii"), "ANALYZE");
}

TEST(NiftiRepairs, FewNonFiniteValuesWithAWarning) {
  const TemporaryFolder folder;
  std::vector<float> values(1000, 2.0F);
  values[7] = std::numeric_limits<float>::quiet_NaN();
  values[8] = std::numeric_limits<float>::infinity();
  NiftiBytes file;
  file.sizes({3, 10, 10, 10, 1, 1, 1, 1}).values(values);
  test::save(folder / "a.nii", file.bytes);
  const NiftiImage read = read_nifti(folder / "a.nii");
  EXPECT_EQ(read.image.data[7], 0.0F);
  EXPECT_EQ(read.image.data[8], 0.0F);
  EXPECT_EQ(read.image.data[9], 2.0F);
  ASSERT_EQ(read.warnings.size(), 1U);
  expect_says(read.warnings[0], "2 of 1000");
}

TEST(NiftiRefuses, ManyNonFiniteValues) {
  const TemporaryFolder folder;
  std::vector<float> values(1000, 2.0F);
  std::fill_n(values.begin(), 11, std::numeric_limits<float>::quiet_NaN());
  NiftiBytes file;
  file.sizes({3, 10, 10, 10, 1, 1, 1, 1}).values(values);
  test::save(folder / "a.nii", file.bytes);
  expect_says(refusal(folder / "a.nii"), "11 of 1000");
}

TEST(NiftiMask, IsWhatLiesAboveOneHalf) {
  const TemporaryFolder folder;
  std::vector<float> values(24, 0.0F);
  values[1] = 0.5F;
  values[2] = 0.51F;
  values[3] = 7;
  values[4] = -1;
  test::save(folder / "a.nii", NiftiBytes().values(values).bytes);
  const Mask mask = read_nifti_mask(folder / "a.nii");
  EXPECT_EQ(mask.data[1], 0);
  EXPECT_EQ(mask.data[2], 1);
  EXPECT_EQ(mask.data[3], 1);
  EXPECT_EQ(mask.data[4], 0);
}

}  // namespace
}  // namespace dawson::volume
