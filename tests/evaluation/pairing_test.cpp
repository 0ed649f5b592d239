#include "dawson/evaluation/pairing.h"

#include <gtest/gtest.h>

#include "dawson/core/error.h"
#include "support/folder_test.h"

namespace dawson::evaluation {
namespace {

using PairingOf = made::FolderTest;

const std::string manual = "derivatives/manual_masks/";

TEST_F(PairingOf, TwoFilesNeedNoNames) {
  touch("truth.nii.gz");
  touch("result.mha");
  const Pairing p = pair_cases(folder() / "truth.nii.gz", folder() / "result.mha");
  ASSERT_EQ(p.cases.size(), 1U);
  EXPECT_EQ(p.cases[0].name, "truth");
  EXPECT_EQ(p.cases[0].patient, "truth");
  EXPECT_EQ(p.cases[0].site, "n/a");
  EXPECT_EQ(p.cases[0].brain_source, "n/a");
}

TEST_F(PairingOf, TreesGoBySourceParticipantAndSession) {
  for (const std::string site : {"a", "b"}) {
    touch("data/" + site + "/" + manual +
          "sub-01/ses-1/anat/sub-01_ses-1_space-FLAIR_label-lesion_mask.nii.gz");
    touch("data/" + site + "/" + manual +
          "sub-02/anat/sub-02_space-FLAIR_label-lesion_mask.nii.gz");
    touch("out/" + site + "/sub-01/ses-1/anat/sub-01_ses-1_label-lesion_mask.nii.gz");
    touch("out/" + site + "/sub-01/ses-1/anat/sub-01_ses-1_label-lesion_probseg.nii.gz");
    touch("out/" + site + "/sub-02/anat/sub-02_label-lesion_mask.nii.gz");
  }
  const Pairing p = pair_cases(folder() / "data", folder() / "out");
  ASSERT_EQ(p.cases.size(), 4U);
  EXPECT_TRUE(p.without_prediction.empty());
  EXPECT_TRUE(p.without_reference.empty());
  EXPECT_EQ(p.cases[0].name, "a/sub-01/ses-1");
  EXPECT_EQ(p.cases[0].patient, "a/sub-01");
  EXPECT_EQ(p.cases[0].site, "a");
  EXPECT_EQ(p.cases[3].name, "b/sub-02");
  EXPECT_EQ(p.cases[3].prediction, folder() / "out/b/sub-02/anat/sub-02_label-lesion_mask.nii.gz");
  EXPECT_EQ(p.cases[0].probabilities,
            folder() / "out/a/sub-01/ses-1/anat/sub-01_ses-1_label-lesion_probseg.nii.gz");
  EXPECT_FALSE(p.cases[3].probabilities);
}

TEST_F(PairingOf, OneTreeIsAnsweredByAFolderOfAnotherName) {
  touch("tabriz/" + manual + "sub-01/anat/sub-01_space-FLAIR_label-lesion_mask.nii.gz");
  touch("out/sub-01/anat/sub-01_label-lesion_mask.nii.gz");
  touch("flat/sub-01_label-lesion_mask.nii.gz");
  for (const char* predictions : {"out", "flat"}) {
    const Pairing p = pair_cases(folder() / "tabriz/", folder() / predictions);
    ASSERT_EQ(p.cases.size(), 1U) << predictions;
    EXPECT_EQ(p.cases[0].name, "tabriz/sub-01");
    EXPECT_EQ(p.cases[0].site, "tabriz");
  }
}

TEST_F(PairingOf, NeverGuessesBetweenTwo) {
  touch("data/a/" + manual + "sub-01/anat/sub-01_label-lesion_mask.nii.gz");
  touch("data/b/" + manual + "sub-01/anat/sub-01_label-lesion_mask.nii.gz");
  touch("out/sub-01/anat/sub-01_label-lesion_mask.nii.gz");
  const Pairing shared = pair_cases(folder() / "data", folder() / "out");
  EXPECT_TRUE(shared.cases.empty());
  ASSERT_EQ(shared.without_prediction.size(), 2U);
  EXPECT_NE(shared.without_prediction[0].reason.find("fits others too"), std::string::npos);

  touch("twice/sub-01_label-lesion_mask.nii.gz");
  touch("twice/more/sub-01_label-lesion_mask.nii.gz");
  const Pairing two = pair_cases(folder() / "data/a", folder() / "twice");
  EXPECT_TRUE(two.cases.empty());
  EXPECT_NE(two.without_prediction.at(0).reason.find("2 predictions fit"), std::string::npos);
}

TEST_F(PairingOf, NeverCrossesSites) {
  touch("data/a/" + manual + "sub-01/anat/sub-01_label-lesion_mask.nii.gz");
  touch("data/b/" + manual + "sub-02/anat/sub-02_label-lesion_mask.nii.gz");
  touch("out/a/sub-02/anat/sub-02_label-lesion_mask.nii.gz");
  touch("out/b/sub-01/anat/sub-01_label-lesion_mask.nii.gz");
  const Pairing p = pair_cases(folder() / "data", folder() / "out");
  EXPECT_TRUE(p.cases.empty());
  EXPECT_EQ(p.without_prediction.size(), 2U);
  EXPECT_EQ(p.without_reference.size(), 2U);
}

TEST_F(PairingOf, ReportsBothKindsOfUnpaired) {
  touch("ref/sub-01_label-lesion_mask.nii.gz");
  touch("ref/sub-02_label-lesion_mask.nii.gz");
  touch("out/sub-02_label-lesion_mask.nii.gz");
  touch("out/sub-03_label-lesion_mask.nii.gz");
  const Pairing p = pair_cases(folder() / "ref", folder() / "out");
  ASSERT_EQ(p.cases.size(), 1U);
  ASSERT_EQ(p.without_prediction.size(), 1U);
  EXPECT_EQ(p.without_prediction[0].name, "sub-01");
  ASSERT_EQ(p.without_reference.size(), 1U);
  EXPECT_EQ(p.without_reference[0].filename(), "sub-03_label-lesion_mask.nii.gz");
}

TEST_F(PairingOf, VisitsOfOneParticipantStayApart) {
  for (const std::string ses : {"ses-1", "ses-2"}) {
    touch("site/" + manual + "sub-01/" + ses + "/anat/sub-01_" + ses + "_label-lesion_mask.nii.gz");
    touch("out/sub-01/" + ses + "/anat/sub-01_" + ses + "_label-lesion_mask.nii.gz");
  }
  const Pairing p = pair_cases(folder() / "site", folder() / "out");
  ASSERT_EQ(p.cases.size(), 2U);
  EXPECT_EQ(p.cases[1].name, "site/sub-01/ses-2");
  EXPECT_EQ(p.cases[0].patient, p.cases[1].patient);
  EXPECT_NE(p.cases[1].prediction.string().find("ses-2"), std::string::npos);
}

TEST_F(PairingOf, OtherNamesGoByEqualStems) {
  touch("labels/case_1.nii.gz");
  touch("labels/case_2.nii.gz");
  touch("out/case_1.nii");
  touch("out/case_2_mask.nii.gz");
  touch("out/case_2_probseg.nii.gz");
  const Pairing p = pair_cases(folder() / "labels", folder() / "out");
  ASSERT_EQ(p.cases.size(), 2U);
  EXPECT_EQ(p.cases[0].name, "case_1");
  EXPECT_EQ(p.cases[1].prediction, folder() / "out/case_2_mask.nii.gz");
  EXPECT_EQ(p.cases[1].probabilities, folder() / "out/case_2_probseg.nii.gz");
}

TEST_F(PairingOf, ManualMasksAreTheReferencesOfADataSet) {
  touch("site/" + manual + "sub-01/anat/sub-01_label-lesion_mask.nii.gz");
  touch("site/derivatives/other/sub-01/anat/sub-01_label-lesion_mask.nii.gz");
  touch("site/sub-01/anat/sub-01_FLAIR.nii.gz");
  touch("out/sub-01_label-lesion_mask.nii.gz");
  const Pairing p = pair_cases(folder() / "site", folder() / "out");
  ASSERT_EQ(p.cases.size(), 1U);
  EXPECT_NE(p.cases[0].reference.string().find("manual_masks"), std::string::npos);
}

TEST_F(PairingOf, TheBrainIsTheGivenThenTheReferencesThenThePredictions) {
  const std::string masks = "site/" + manual + "sub-01/anat/sub-01_space-FLAIR_label-";
  touch(masks + "lesion_mask.nii.gz");
  touch("out/sub-01_label-lesion_mask.nii.gz");
  const auto brain_of = [&](const std::optional<std::filesystem::path>& given) {
    return pair_cases(folder() / "site", folder() / "out", given).cases.at(0);
  };
  EXPECT_EQ(brain_of({}).brain_source, "n/a");
  touch("out/sub-01_label-brain_mask.nii.gz");
  EXPECT_EQ(brain_of({}).brain_source, "prediction");
  touch(masks + "brain_mask.nii.gz");
  EXPECT_EQ(brain_of({}).brain_source, "reference");
  EXPECT_EQ(brain_of({}).brain, folder() / (masks + "brain_mask.nii.gz"));
  touch("brains/sub-01_label-brain_mask.nii.gz");
  EXPECT_EQ(brain_of(folder() / "brains").brain_source, "given");
  touch("one.nii.gz");
  EXPECT_EQ(brain_of(folder() / "one.nii.gz").brain, folder() / "one.nii.gz");
}

TEST_F(PairingOf, RefusesWhatIsMissingOrEmpty) {
  touch("ref/sub-01_label-lesion_mask.nii.gz");
  touch("none/readme.txt");
  EXPECT_THROW(pair_cases(folder() / "ref", folder() / "absent"), Error);
  EXPECT_THROW(pair_cases(folder() / "ref", folder() / "none"), Error);
  EXPECT_THROW(pair_cases(folder() / "none", folder() / "ref"), Error);
}

}  // namespace
}  // namespace dawson::evaluation
