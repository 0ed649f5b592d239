// What folders of image files, nnU-Net's raw data and BIDS trees are found to hold.
#include "dawson/dataset/survey.h"

#include <map>

#include "dawson/core/error.h"
#include "support/folder_test.h"

namespace dawson::dataset {
namespace {

namespace fs = std::filesystem;

class SurveyTest : public made::FolderTest {
 protected:
  [[nodiscard]] Survey look() const {
    Progress progress;
    return survey_folder(folder(), progress);
  }
  /// "person|visit|kind" by the image's name; "left" where it stays.
  [[nodiscard]] static std::map<std::string, std::string> told(const Survey& survey) {
    std::map<std::string, std::string> by_name;
    for (const FoundImage& i : survey.images) {
      by_name[i.name] = i.person + "|" + i.visit + "|" + (i.kind ? name_of(*i.kind) : "left");
    }
    return by_name;
  }
  [[nodiscard]] std::string refusal() const {
    try {
      (void)look();
    } catch (const Error& e) {
      EXPECT_EQ(e.code(), ExitCode::input);
      return e.what();
    }
    return "taken";
  }
};

using Told = std::map<std::string, std::string>;
using ImageFiles = SurveyTest;
using NnUNet = SurveyTest;
using BidsTree = SurveyTest;

TEST_F(ImageFiles, OfAPersonAFolder) {
  touch("P1/FLAIR.nii.gz");
  touch("P1/T1.nii.gz");
  touch("P1/lesion_mask.nii.gz");
  touch("P2/FLAIR.nii.gz");
  touch("P2/DWI.nii.gz");
  touch("P2/notes.txt");
  touch("P2/.FLAIR.nii.gz");
  const Survey survey = look();
  EXPECT_EQ(survey.form, "NIfTI");
  EXPECT_EQ(told(survey), (Told{{"P1/FLAIR.nii.gz", "P1||FLAIR"},
                                {"P1/T1.nii.gz", "P1||T1w"},
                                {"P1/lesion_mask.nii.gz", "P1||lesion mask"},
                                {"P2/FLAIR.nii.gz", "P2||FLAIR"},
                                {"P2/DWI.nii.gz", "P2||left"}}));
}

TEST_F(ImageFiles, OfManyInOneFolder) {
  touch("anna_FLAIR.nii.gz");
  touch("anna_mask.nii.gz");
  touch("bert_FLAIR.nii");
  EXPECT_EQ(told(look()), (Told{{"anna_FLAIR.nii.gz", "anna||FLAIR"},
                                {"anna_mask.nii.gz", "anna||lesion mask"},
                                {"bert_FLAIR.nii", "bert||FLAIR"}}));
}

TEST_F(ImageFiles, OfVisitsInFoldersOrNames) {
  touch("P1/T1/P1_T1_FLAIR.nii.gz");
  touch("P1/T2/P1_T2_FLAIR.nii.gz");
  touch("P2/2020-01-31/flair.nrrd");
  touch("P2/2021-02-28/flair.nrrd");
  const auto all = told(look());
  EXPECT_EQ(all.at("P2/2020-01-31/flair.nrrd"), "P2|20200131|FLAIR");
  EXPECT_EQ(all.at("P2/2021-02-28/flair.nrrd"), "P2|20210228|FLAIR");
  // "T1" and "T2" are times where another word says which sequence it is.
  EXPECT_EQ(all.at("P1/T1/P1_T1_FLAIR.nii.gz").substr(0, 2), "P1");
  EXPECT_NE(all.at("P1/T1/P1_T1_FLAIR.nii.gz"), all.at("P1/T2/P1_T2_FLAIR.nii.gz"));
}

TEST_F(ImageFiles, OfOneImageAFolderNamedAfterIt) {
  touch("FLAIR/anna.nii.gz");
  touch("FLAIR/bert.nii.gz");
  touch("masks/anna.nii.gz");
  const auto all = told(look());
  EXPECT_EQ(all.at("FLAIR/anna.nii.gz"), "anna||FLAIR");
  EXPECT_EQ(all.at("masks/anna.nii.gz"), "anna||lesion mask");
}

TEST_F(ImageFiles, SameNamesBelowTwoSitesAreTwoPersons) {
  touch("siteA/P1/FLAIR.nii.gz");
  touch("siteB/P1/FLAIR.nii.gz");
  const auto all = told(look());
  EXPECT_EQ(all.at("siteA/P1/FLAIR.nii.gz"), "siteA/P1||FLAIR");
  EXPECT_EQ(all.at("siteB/P1/FLAIR.nii.gz"), "siteB/P1||FLAIR");
}

TEST_F(ImageFiles, AreWhatTheirSidecarSays) {
  touch("P1/series5.nii.gz");
  write("P1/series5.json", R"({"EchoTime": 0.119, "RepetitionTime": 9, "InversionTime": 2.5,
                              "SeriesDescription": "t2_tirm_tra_dark-fluid"})");
  touch("P1/series6.nii.gz");
  write("P1/series6.json", "no table");
  const Survey survey = look();
  EXPECT_EQ(told(survey).at("P1/series5.nii.gz"), "P1||FLAIR");
  EXPECT_EQ(survey.images.front().why.rfind("its sidecar: ", 0), 0U);
  EXPECT_EQ(survey.images.front().facts["EchoTime"], 0.119);
  EXPECT_EQ(told(survey).at("P1/series6.nii.gz"), "P1||left");
  ASSERT_EQ(survey.problems.size(), 1U);
  EXPECT_NE(survey.problems.front().find("series6.json"), std::string::npos);
}

TEST_F(NnUNet, OfTheSecondVersion) {
  write("dataset.json", R"({"channel_names": {"0": "FLAIR", "1": "T1"}, "numTraining": 2,
      "labels": {"background": 0, "ventricle": 1, "lesion": 2, "whole": [1, 2]},
      "file_ending": ".nii.gz"})");
  for (const char* file : {"imagesTr/a_1_0000.nii.gz", "imagesTr/a_1_0001.nii.gz",
                           "imagesTr/b_0000.nii.gz", "imagesTr/b_0007.nii.gz", "imagesTr/b.nii.gz",
                           "labelsTr/a_1.nii.gz", "labelsTr/c.nii.gz", "imagesTs/d_0000.nii.gz"}) {
    touch(file);
  }
  const Survey survey = look();
  EXPECT_EQ(survey.form, "nnU-Net");
  EXPECT_EQ(told(survey), (Told{{"imagesTr/a_1_0000.nii.gz", "a_1||FLAIR"},
                                {"imagesTr/a_1_0001.nii.gz", "a_1||T1w"},
                                {"imagesTr/b_0000.nii.gz", "b||FLAIR"},
                                {"imagesTr/b_0007.nii.gz", "b||left"},
                                {"labelsTr/a_1.nii.gz", "a_1||lesion mask"},
                                {"labelsTr/c.nii.gz", "c||left"},
                                {"imagesTs/d_0000.nii.gz", "d||FLAIR"}}));
  EXPECT_EQ(survey.problems, (std::vector<std::string>{
                                 "imagesTr/b.nii.gz: its name has no channel at the end (_0000)",
                                 "case b has no label"}));
}

TEST_F(NnUNet, OfTheFirstVersion) {
  write("dataset.json", R"({"modality": {"0": "T1", "1": "FLAIR"},
                            "labels": {"0": "background", "1": "MS"}})");
  touch("imagesTr/a_0001.nii.gz");
  touch("labelsTr/a.nii.gz");
  EXPECT_EQ(told(look()), (Told{{"imagesTr/a_0001.nii.gz", "a||FLAIR"},
                                {"labelsTr/a.nii.gz", "a||lesion mask"}}));
}

TEST_F(NnUNet, LabelsBecomeMasksOfTheirLesions) {
  write("dataset.json", R"({"channel_names": {"0": "FLAIR"},
                            "labels": {"background": 0, "ventricle": 1, "lesion": 2}})");
  touch("imagesTr/a_0000.nii.gz");
  volume::Image label(volume::Grid{{3, 1, 1}, {1, 1, 1}});
  label.data = {0, 1, 2};
  fs::create_directories(folder() / "labelsTr");
  volume::write_nifti(folder() / "labelsTr/a.nii.gz", label);
  Progress progress;
  const Survey survey = look();
  EXPECT_EQ(survey.images.back().read(progress).image.data, (std::vector<float>{0, 0, 1}));
}

TEST_F(NnUNet, OfAWrongDescriptionIsRefused) {
  for (const auto& [json, what] : std::map<std::string, std::string>{
           {R"({"channel_names": {"0": "T1"}})", "names no FLAIR among its channels"},
           {R"({"channel_names": ["FLAIR"]})", "names no channels"},
           {R"({"channel_names": {"0": 7}})", "has a channel without a name"},
           {R"({"channel_names": {"first": "FLAIR"}})", "where a number belongs"},
           {R"({"channel_names": {"0": "FLAIR"}, "labels": {"lesion": 4294967297}})",
            "where a number belongs"},
           {R"({"channel_names": {"0": "FLAIR"}, "labels": {"lesion": "1st"}})",
            "where a number belongs"},
           {R"({"channel_names": {"0": "FLAIR"}, "labels": {"lesion": "many"}})",
            "where a number belongs"},
           {R"({"channel_names": {"0": "FLAIR"}, "labels": [1]})", "labels that are no table"},
           {R"({"channel_names": {"0": "FLAIR"}, "file_ending": 3})", "file_ending"},
           {R"({"channel_names": )", "dataset.json"}}) {
    write("dataset.json", json);
    EXPECT_NE(refusal().find(what), std::string::npos) << json << "\n" << refusal();
  }
  write("dataset.json", "[]");
  EXPECT_THROW((void)survey_nnunet(folder()), Error);
}

TEST_F(BidsTree, KeepsSessionsEntitiesAndMasks) {
  for (const char* file :
       {"sub-01/ses-a/anat/sub-01_ses-a_acq-3D_FLAIR.nii.gz",
        "sub-01/ses-a/anat/sub-01_ses-a_T1w.nii.gz", "sub-02/anat/sub-02_FLAIR.nii.gz",
        "derivatives/manual_masks/sub-02/anat/"
        "sub-02_space-FLAIR_label-lesion_mask.nii.gz"}) {
    touch(file);
  }
  write("participants.tsv", "participant_id\tage\tsex\nsub-01\t41\tF\nsub-02\t29\tM\n");
  const Survey survey = look();
  EXPECT_EQ(survey.form, "BIDS");
  ASSERT_EQ(survey.images.size(), 4U);
  EXPECT_EQ(survey.images[0].entities, "acq-3D");
  EXPECT_EQ(survey.images[0].session, "ses-a");
  EXPECT_EQ(survey.images[1].kind, Kind::t1w);
  EXPECT_EQ(survey.images[1].entities, "");
  EXPECT_EQ(survey.images[3].kind, Kind::lesion_mask);
  ASSERT_EQ(survey.people.size(), 2U);
  EXPECT_EQ(survey.people[1].age_years, 29);
}

TEST_F(SurveyTest, OfNothingIsEmptyAndOfNoFolderRefused) {
  EXPECT_TRUE(look().images.empty());
  Progress progress;
  EXPECT_THROW((void)survey_folder(folder() / "absent", progress), Error);
}

TEST_F(SurveyTest, FollowsNoLoop) {
  touch("P1/FLAIR.nii.gz");
  fs::create_directory_symlink(folder(), folder() / "P1/loop");
  EXPECT_EQ(look().images.size(), 1U);
}

}  // namespace
}  // namespace dawson::dataset
