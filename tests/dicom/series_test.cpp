#include "dawson/dicom/series.h"

#include <gtest/gtest.h>

#include <fstream>

#include "dawson/core/error.h"
#include "dawson/dicom/sequence.h"
#include "dawson/dicom/stack.h"
#include "dicom/made_series.h"
#include "support/temporary_folder.h"

namespace dawson::dicom {
namespace {

namespace fs = std::filesystem;

Found look(const fs::path& folder) {
  Progress progress;
  return find_series(folder, progress);
}

volume::Image read(const fs::path& folder) {
  const Found found = look(folder);
  EXPECT_TRUE(found.problems.empty()) << found.problems.front();
  if (found.series.size() != 1) throw std::runtime_error("not one series");
  Progress progress;
  return read_volume(found.series.front(), progress);
}

/// Each voxel of `expected` is found where it lies in the world.
void expect_same_world(const volume::Image& expected, const volume::Image& image) {
  ASSERT_EQ(image.grid.voxels(), expected.grid.voxels());
  for (int k = 0; k < expected.grid.size[2]; ++k) {
    for (int j = 0; j < expected.grid.size[1]; ++j) {
      for (int i = 0; i < expected.grid.size[0]; ++i) {
        const volume::Vector3 at =
            image.grid.to_index(expected.grid.to_world({double(i), double(j), double(k)}));
        const volume::Index3 near{int(std::lround(at[0])), int(std::lround(at[1])),
                                  int(std::lround(at[2]))};
        for (std::size_t a = 0; a < 3; ++a) ASSERT_NEAR(at[a], near[a], 1e-4);
        ASSERT_TRUE(image.grid.contains(near[0], near[1], near[2]));
        ASSERT_EQ(image.at(near[0], near[1], near[2]), expected.at(i, j, k));
      }
    }
  }
}

std::string refusal(const fs::path& folder) {
  const Found found = look(folder);
  Progress progress;
  for (const Series& series : found.series) {
    try {
      (void)read_volume(series, progress);
    } catch (const Error& e) {
      EXPECT_EQ(e.code(), ExitCode::input);
      return e.what();
    }
  }
  return "read";
}

class DicomSeries : public ::testing::Test {
 protected:
  testing::TemporaryFolder folder_;
  fs::path in_ = folder_.path() / "export";
  volume::Image image_ = made::numbered(made::oblique_grid());
};

TEST_F(DicomSeries, LiesWhereItsSlicesSay) {
  made::write_series(in_, image_);
  expect_same_world(image_, read(in_));
}

TEST_F(DicomSeries, IsTheSameInEverySyntax) {
  for (const E_TransferSyntax syntax : {EXS_LittleEndianImplicit, EXS_BigEndianExplicit,
                                        EXS_DeflatedLittleEndianExplicit, EXS_RLELossless}) {
    const fs::path in = in_ / std::to_string(syntax);
    made::SeriesSettings s;
    s.syntax = syntax;
    made::write_series(in, image_, s);
    expect_same_world(image_, read(in));
  }
}

TEST_F(DicomSeries, WithAnOverlayAboveItsPixelsHasThePixelsAlone) {
  made::SeriesSettings s;
  s.change = [](DcmDataset& d, int) {
    const Uint16* pixels = nullptr;
    unsigned long count = 0;
    ASSERT_TRUE(d.findAndGetUint16Array(DCM_PixelData, pixels, &count).good());
    std::vector<Uint16> marked(pixels, pixels + count);
    for (Uint16& pixel : marked) pixel |= 1U << 15U;
    d.putAndInsertUint16Array(DCM_PixelData, marked.data(), count);
    d.putAndInsertUint16(DCM_OverlayBitPosition, 15);
    d.putAndInsertUint16(DCM_BitsStored, 12);
  };
  made::write_series(in_, image_, s);
  expect_same_world(image_, read(in_));
}

TEST_F(DicomSeries, PackedAsJpegIsTheSame) {
  const fs::path seeds = fs::path(DAWSON_SOURCE_DIR) / "fuzz" / "corpus" / "dicom";
  for (const char* name : {"enhanced_jpeg", "enhanced_jpegls", "enhanced_j2k"}) {
    fs::create_directories(in_ / name);
    fs::copy_file(seeds / name, in_ / name / "IM");
    volume::Grid grid = made::oblique_grid();
    if (name == std::string("enhanced_j2k")) grid.size = {32, 32, 3};
    expect_same_world(made::numbered(grid), read(in_ / name));
  }
}

TEST_F(DicomSeries, WhosePackedPicturesAreOfAnotherSizeIsRefused) {
  const fs::path seeds = fs::path(DAWSON_SOURCE_DIR) / "fuzz" / "corpus" / "dicom";
  for (const char* name : {"enhanced_j2k", "enhanced_jpeg", "enhanced_jpegls", "enhanced_rle"}) {
    for (const int rows : {2, 40}) {
      DcmFileFormat file;
      ASSERT_TRUE(file.loadFile((seeds / name).c_str()).good());
      file.getDataset()->putAndInsertUint16(DCM_Rows, static_cast<Uint16>(rows));
      const fs::path in = in_ / name / std::to_string(rows);
      fs::create_directories(in);
      ASSERT_TRUE(file.saveFile((in / "IM").c_str()).good());
      // RLE says nothing of its size.
      if (std::string(name) == "enhanced_rle" && rows == 2) continue;
      EXPECT_NE(refusal(in), "read") << name << " " << rows;
    }
  }
}

/// GDCM follows the lengths of JPEG 2000's segments out of the picture; the fuzzer found it.
TEST_F(DicomSeries, WhosePictureHasASegmentBeyondItsEndIsRefused) {
  std::string bytes =
      testing::read(fs::path(DAWSON_SOURCE_DIR) / "fuzz" / "corpus" / "dicom" / "enhanced_j2k");
  const std::size_t coding_style = bytes.find("\xFF\x52");
  ASSERT_NE(coding_style, std::string::npos);
  bytes.replace(coding_style + 2, 2, "\xFF\xF0");
  fs::create_directories(in_);
  testing::write(in_ / "IM", bytes);
  EXPECT_NE(refusal(in_).find("has a damaged picture"), std::string::npos) << refusal(in_);
}

TEST_F(DicomSeries, OfAnEnhancedFileIsTheSame) {
  made::SeriesSettings s;
  s.slope = 2;
  s.intercept = -7;
  made::write_enhanced(in_ / "enhanced", image_, s);
  volume::Image expected = image_;
  for (float& v : expected.data) v = 2 * v - 7;
  expect_same_world(expected, read(in_));
  const Facts facts = look(in_).series.front().facts;
  EXPECT_EQ(facts.echo_ms, 119);
  EXPECT_EQ(facts.inversion_ms, 2500);
}

TEST_F(DicomSeries, MayBeShuffledNestedAndTwice) {
  made::SeriesSettings s;
  s.name = [](int k) {
    return fs::path(k % 2 == 0 ? "a/b" : "c") / ("z" + std::to_string(9 - k) + ".dcm");
  };
  made::write_series(in_, image_, s);
  expect_same_world(image_, read(in_));
  s.name = [](int k) { return "again" + std::to_string(k); };
  made::write_series(in_, image_, s);
  const Found found = look(in_);
  ASSERT_EQ(found.series.size(), 1U);
  EXPECT_EQ(found.series.front().slices.size(), 4U);
  ASSERT_EQ(found.problems.size(), 1U);
  EXPECT_NE(found.problems.front().find(" and 3 more: are there more than once"),
            std::string::npos);
}

TEST_F(DicomSeries, KeepsPeopleEchoesAndOrientationsApart) {
  made::SeriesSettings s;
  made::write_series(in_, image_, s);
  s.name = [](int k) { return "echo" + std::to_string(k); };
  s.change = [&](DcmDataset& d, int k) {
    made::put(d, DCM_SOPInstanceUID, "1.2.3." + std::to_string(k));
    made::put(d, DCM_EchoTime, "20");
  };
  made::write_series(in_, image_, s);
  s.name = [](int k) { return "person" + std::to_string(k); };
  s.change = [&](DcmDataset& d, int k) {
    made::put(d, DCM_SOPInstanceUID, "1.2.4." + std::to_string(k));
    made::put(d, DCM_PatientID, "P-18");
    made::put(d, DCM_SeriesInstanceUID, "1.2.5");
  };
  made::write_series(in_, image_, s);
  const Found found = look(in_);
  EXPECT_TRUE(found.problems.empty());
  EXPECT_EQ(found.series.size(), 3U);
  for (const Series& series : found.series) EXPECT_EQ(series.slices.size(), 4U);
}

TEST_F(DicomSeries, OfTwoPersonsIsLeftOutAndNamed) {
  made::SeriesSettings s;
  s.change = [](DcmDataset& d, int k) {
    if (k == 3) made::put(d, DCM_PatientID, "P-18");
  };
  made::write_series(in_ / "mixed", image_, s);
  s.uid = "1.2.6";
  s.change = [](DcmDataset& d, int k) {
    made::put(d, DCM_SOPInstanceUID, "1.2.7." + std::to_string(k));
  };
  made::write_series(in_ / "whole", image_, s);
  const Found found = look(in_);
  ASSERT_EQ(found.series.size(), 1U);
  EXPECT_EQ(found.series.front().facts.series_uid, "1.2.6");
  ASSERT_EQ(found.problems.size(), 1U);
  EXPECT_NE(found.problems.front().find("has images of 2 persons and is left out"),
            std::string::npos);
}

TEST_F(DicomSeries, WithSlopesByTheSliceHasTheValuesMeant) {
  made::SeriesSettings s;
  s.change = [](DcmDataset& d, int k) {
    made::put(d, DCM_RescaleSlope, made::decimals({1.0 + k}));
    made::put(d, DCM_RescaleIntercept, "-3");
  };
  made::write_series(in_, image_, s);
  const volume::Image image = read(in_);
  EXPECT_EQ(image.at(1, 2, 0), 1 + 20 - 3);
  EXPECT_EQ(image.at(1, 2, 3), 4 * (1 + 20 + 300) - 3);
}

TEST_F(DicomSeries, ThatIsNoVolumeIsRefusedWithTheReason) {
  const fs::path gap = folder_.path() / "gap", uneven = folder_.path() / "uneven",
                 twice = folder_.path() / "twice", shifted = folder_.path() / "shifted",
                 few = folder_.path() / "few";
  volume::Grid grid = made::oblique_grid();
  grid.size[2] = 7;
  const volume::Image seven = made::numbered(grid);
  made::write_series(gap, seven);
  fs::remove(gap / "IM3");
  EXPECT_NE(refusal(gap).find("lacks 1 slices between slices 3 and 4 of 6"), std::string::npos)
      << refusal(gap);
  const auto moved = [&grid](double along_i, double along_k, int slice) {
    made::SeriesSettings s;
    s.change = [=](DcmDataset& d, int k) {
      if (k != slice) return;
      const volume::Vector3 p = grid.to_world({along_i, 0, k + along_k});
      made::put(d, DCM_ImagePositionPatient, made::decimals(made::lps(p[0], p[1], p[2])));
    };
    return s;
  };
  made::write_series(uneven, seven, moved(0, 0.1, 2));
  EXPECT_NE(refusal(uneven).find("mm apart, but"), std::string::npos) << refusal(uneven);
  made::write_series(twice, seven, moved(0, 1, 2));
  EXPECT_NE(refusal(twice).find("several images at one place"), std::string::npos)
      << refusal(twice);
  made::write_series(shifted, seven, moved(0.5, 0, 2));
  EXPECT_NE(refusal(shifted).find("shifted"), std::string::npos) << refusal(shifted);
  made::write_series(few, image_);
  fs::remove(few / "IM0");
  fs::remove(few / "IM1");
  EXPECT_NE(refusal(few).find("too few"), std::string::npos) << refusal(few);
}

TEST_F(DicomSeries, PassesOverWhatIsNoImageAndNamesWhatIsDamaged) {
  made::write_series(in_, image_);
  std::ofstream(in_ / "notes.txt") << "nothing";
  std::ofstream(in_ / "empty");
  fs::copy_file(in_ / "IM2", in_ / "short");
  fs::resize_file(in_ / "short", 400);
  fs::create_directory_symlink(in_, in_ / "loop");
  const Found found = look(in_);
  ASSERT_EQ(found.series.size(), 1U);
  EXPECT_EQ(found.series.front().slices.size(), 4U);
  ASSERT_EQ(found.problems.size(), 1U);
  EXPECT_NE(found.problems.front().find("short"), std::string::npos);
}

TEST_F(DicomSeries, WhosePixelsAreCutShortIsRefused) {
  made::write_series(in_, image_);
  fs::resize_file(in_ / "IM1", fs::file_size(in_ / "IM1") - 10);
  const Found found = look(in_);
  EXPECT_TRUE(!found.problems.empty() || refusal(in_) != "read");
}

TEST_F(DicomSeries, WhosePixelsCannotBeInItsFilesIsRefused) {
  made::SeriesSettings s;
  s.change = [](DcmDataset& d, int) {
    d.putAndInsertUint16(DCM_Rows, 8000);
    d.putAndInsertUint16(DCM_Columns, 8000);
  };
  made::write_series(in_, image_, s);
  EXPECT_NE(refusal(in_).find("promises more pixels than it has room for"), std::string::npos);
}

TEST_F(DicomSeries, WhoseSlicesPromiseFramesIsRefused) {
  made::SeriesSettings s;
  s.change = [](DcmDataset& d, int) { made::put(d, DCM_NumberOfFrames, "2000000000"); };
  made::write_series(in_, image_, s);
  EXPECT_NE(refusal(in_).find("another number of frames"), std::string::npos);
}

TEST_F(DicomSeries, WithALongDescriptionIsGuessedAsAnyOther) {
  made::SeriesSettings s;
  s.description = "t1 gado" + std::string(60'000, 'a');  // was more than std::regex can take
  s.inversion_ms = 900;
  s.echo_ms = 3;
  made::write_series(in_, image_, s);
  const Found found = look(in_);
  ASSERT_EQ(found.series.size(), 1U);
  EXPECT_EQ(guess_sequence(found.series.front().facts).sequence, Sequence::t1w_contrast);
}

TEST_F(DicomSeries, WithNumbersOutOfRangeIsReadWithoutThem) {
  made::SeriesSettings s;
  s.change = [](DcmDataset& d, int) {
    made::put(d, DCM_SeriesNumber, "1e300");
    made::put(d, DCM_EchoTime, "nan");
  };
  made::write_series(in_, image_, s);
  const Found found = look(in_);
  ASSERT_EQ(found.series.size(), 1U);
  EXPECT_EQ(found.series.front().facts.series_number, 0);
  EXPECT_EQ(found.series.front().facts.echo_ms, 0);
}

TEST_F(DicomSeries, WithAContradictoryOrientationIsAProblem) {
  made::SeriesSettings s;
  s.change = [](DcmDataset& d, int) {
    made::put(d, DCM_ImageOrientationPatient, "1\\0\\0\\0.7\\0.7\\0");
  };
  made::write_series(in_, image_, s);
  const Found found = look(in_);
  EXPECT_TRUE(found.series.empty());
  ASSERT_EQ(found.problems.size(), 4U);
  EXPECT_NE(found.problems.front().find("contradicts itself"), std::string::npos);
}

TEST_F(DicomSeries, WithoutPixelsOrPlaceIsAProblem) {
  made::SeriesSettings s;
  s.change = [](DcmDataset& d, int k) {
    d.findAndDeleteElement(k < 2 ? DCM_PixelData : DCM_ImagePositionPatient);
  };
  made::write_series(in_, image_, s);
  const Found found = look(in_);
  EXPECT_TRUE(found.series.empty());
  ASSERT_EQ(found.problems.size(), 3U);
  EXPECT_NE(found.problems.back().find(" and 1 more: say nowhere where they lie"),
            std::string::npos);
}

TEST(AgeInYears, ComesFromTheAgeOrTheDates) {
  Facts facts;
  EXPECT_FALSE(age_in_years(facts));
  facts.study_date = "20200701";
  facts.person.birth_date = "19800701";
  ASSERT_TRUE(age_in_years(facts));
  EXPECT_NEAR(*age_in_years(facts), 40, 0.01);
  facts.person.age = "018M";
  EXPECT_DOUBLE_EQ(*age_in_years(facts), 1.5);
  facts.person.age = "none";
  EXPECT_NEAR(*age_in_years(facts), 40, 0.01);
  for (const char* birth : {"19801301", "20210101", "17800701", "1980", "198O0701"}) {
    facts.person.birth_date = birth;
    EXPECT_FALSE(age_in_years(facts)) << birth;
  }
}

}  // namespace
}  // namespace dawson::dicom
