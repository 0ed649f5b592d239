// What folders of DICOM files are found to hold.
#include "dawson/dataset/survey.h"
#include "dicom/made_series.h"
#include "support/folder_test.h"

namespace dawson::dataset {
namespace {

class DicomExport : public made::FolderTest {
 protected:
  [[nodiscard]] Survey look() const {
    Progress progress;
    return survey_folder(folder(), progress);
  }
  [[nodiscard]] static const FoundImage& named(const Survey& survey, const std::string& words) {
    for (const FoundImage& image : survey.images) {
      if (image.name.find(words) != std::string::npos) return image;
    }
    throw std::runtime_error("no series " + words);
  }

  volume::Image image_ = made::numbered(made::oblique_grid());
};

TEST_F(DicomExport, OfMixedSeriesIsSorted) {
  made::SeriesSettings flair;
  flair.change = [](DcmDataset& d, int) {
    made::put(d, DCM_StudyDate, "20200131");
    made::put(d, DCM_Manufacturer, "Maker");
    made::put(d, DCM_MagneticFieldStrength, "3");
  };
  made::write_series(folder() / "x", image_, flair);
  made::SeriesSettings t1;
  t1.uid = "1.2.8";
  t1.description = "t1_mprage";
  t1.echo_ms = 3;
  t1.repetition_ms = 2000;
  t1.inversion_ms = 900;
  made::write_series(folder() / "y", image_, t1);
  made::SeriesSettings other;
  other.uid = "1.2.9";
  other.description = "ep2d_diff";
  other.image_type = "ORIGINAL\\PRIMARY\\DIFFUSION";
  made::write_series(folder() / "z", image_, other);
  const Survey survey = look();
  EXPECT_EQ(survey.form, "DICOM");
  ASSERT_EQ(survey.images.size(), 3U);
  const FoundImage& found = named(survey, "t2_flair_tra");
  EXPECT_EQ(found.kind, Kind::flair);
  EXPECT_EQ(found.person, "P-17");
  EXPECT_EQ(found.visit.substr(0, 8), "20200131");
  EXPECT_DOUBLE_EQ(found.facts["EchoTime"], 0.119);
  EXPECT_DOUBLE_EQ(found.facts["MagneticFieldStrength"], 3);
  // Nothing of the person goes into the sidecar.
  EXPECT_EQ(found.facts.dump().find("Doe"), std::string::npos);
  EXPECT_EQ(named(survey, "t1_mprage").kind, Kind::t1w);
  EXPECT_FALSE(named(survey, "ep2d_diff").kind);
  EXPECT_FALSE(named(survey, "ep2d_diff").unfit);
  ASSERT_EQ(survey.people.size(), 1U);
  EXPECT_EQ(survey.people.front().age_years, 34);
  EXPECT_EQ(survey.people.front().scanner, "Maker");
}

TEST_F(DicomExport, NamesAFlairThatIsNoVolume) {
  made::write_series(folder(), image_);
  std::filesystem::remove(folder() / "IM1");
  const Survey survey = look();
  ASSERT_EQ(survey.images.size(), 1U);
  EXPECT_FALSE(survey.images.front().kind);
  EXPECT_TRUE(survey.images.front().unfit);
  EXPECT_EQ(survey.images.front().why.rfind("a FLAIR, but no volume: ", 0), 0U)
      << survey.images.front().why;
}

TEST_F(DicomExport, BesideImageFilesIsTakenAndTheRestNamed) {
  made::write_series(folder() / "x", image_);
  touch("converted/FLAIR.nii.gz");
  const Survey survey = look();
  EXPECT_EQ(survey.form, "DICOM");
  ASSERT_EQ(survey.problems.size(), 1U);
  EXPECT_NE(survey.problems.front().find("1 of NIfTI are left, such as converted/FLAIR.nii.gz"),
            std::string::npos);
}

TEST_F(DicomExport, WithoutFlairGivesWayToImageFilesWithOne) {
  made::SeriesSettings other;
  other.description = "localizer";
  other.inversion_ms = 0;
  other.echo_ms = 5;
  other.repetition_ms = 10;
  made::write_series(folder() / "x", image_, other);
  touch("converted/FLAIR.nii.gz");
  EXPECT_EQ(look().form, "NIfTI");
}

TEST_F(DicomExport, ReadsTheVolumeWhereItLies) {
  made::write_series(folder(), image_);
  Progress progress;
  const Survey survey = look();
  const volume::NiftiImage read = survey.images.front().read(progress);
  EXPECT_EQ(read.image.grid.voxels(), image_.grid.voxels());
}

}  // namespace
}  // namespace dawson::dataset
