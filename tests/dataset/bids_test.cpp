#include "dawson/dataset/bids.h"

#include <gtest/gtest.h>

#include "dawson/core/error.h"
#include "dawson/dataset/participants.h"
#include "support/folder_test.h"

namespace dawson::dataset {
namespace {

using Bids = made::FolderTest;

TEST_F(Bids, FindsScansWithAndWithoutSessionsInOrder) {
  touch("site/sub-02/anat/sub-02_FLAIR.nii.gz");
  touch("site/sub-01/ses-2/anat/sub-01_ses-2_FLAIR.nii");
  touch("site/sub-01/ses-1/anat/sub-01_ses-1_FLAIR.nii.gz");
  const auto scans = find_scans(folder() / "site");
  ASSERT_EQ(scans.size(), 3U);
  EXPECT_EQ(scans[0].name(), "site/sub-01/ses-1");
  EXPECT_EQ(scans[1].name(), "site/sub-01/ses-2");
  EXPECT_EQ(scans[2].name(), "site/sub-02");
  EXPECT_EQ(scans[0].stem(), "sub-01_ses-1");
  EXPECT_EQ(scans[0].patient(), scans[1].patient());
  EXPECT_EQ(scans[2].session, "");
}

TEST_F(Bids, TakesMasksAndOtherContrastsOfTheSameVisit) {
  touch("site/sub-01/ses-1/anat/sub-01_ses-1_FLAIR.nii.gz");
  touch("site/sub-01/ses-1/anat/sub-01_ses-1_T1w.nii.gz");
  touch("site/sub-01/ses-2/anat/sub-01_ses-2_FLAIR.nii.gz");
  touch("site/sub-01/ses-2/anat/sub-01_ses-2_acq-3d_T2w.nii.gz");
  const std::string masks = "site/derivatives/manual_masks/sub-01/ses-1/anat/sub-01_ses-1_";
  touch(masks + "space-FLAIR_label-lesion_mask.nii.gz");
  touch(masks + "label-brain_mask.nii.gz");
  touch(masks + "space-FLAIR_label-ventricle_mask.nii.gz");
  const auto scans = find_scans(folder() / "site");
  ASSERT_EQ(scans.size(), 2U);
  EXPECT_EQ(scans[0].t1w, folder() / "site/sub-01/ses-1/anat/sub-01_ses-1_T1w.nii.gz");
  EXPECT_FALSE(scans[0].t2w);
  EXPECT_EQ(scans[0].lesion_mask, folder() / (masks + "space-FLAIR_label-lesion_mask.nii.gz"));
  EXPECT_EQ(scans[0].brain_mask, folder() / (masks + "label-brain_mask.nii.gz"));
  EXPECT_EQ(scans[0].ventricle_mask,
            folder() / (masks + "space-FLAIR_label-ventricle_mask.nii.gz"));
  EXPECT_FALSE(scans[1].lesion_mask);
  EXPECT_FALSE(scans[1].t1w);
  EXPECT_EQ(scans[1].t2w, folder() / "site/sub-01/ses-2/anat/sub-01_ses-2_acq-3d_T2w.nii.gz");
}

TEST_F(Bids, KeepsSeveralScansOfOneVisitApart) {
  touch("site/sub-01/anat/sub-01_acq-2d_FLAIR.nii.gz");
  touch("site/sub-01/anat/sub-01_acq-3d_FLAIR.nii.gz");
  const std::string masks = "site/derivatives/manual_masks/sub-01/anat/sub-01_";
  touch(masks + "acq-3d_space-FLAIR_label-lesion_mask.nii.gz");
  const auto scans = find_scans(folder() / "site");
  ASSERT_EQ(scans.size(), 2U);
  EXPECT_EQ(scans[0].name(), "site/sub-01_acq-2d");
  EXPECT_EQ(scans[1].name(), "site/sub-01_acq-3d");
  EXPECT_EQ(scans[0].patient(), scans[1].patient());
  EXPECT_FALSE(scans[0].lesion_mask);
  EXPECT_TRUE(scans[1].lesion_mask);
}

TEST_F(Bids, FindsAllTreesOfAFolder) {
  touch("data/b/sub-01/anat/sub-01_FLAIR.nii.gz");
  touch("data/a/sub-01/anat/sub-01_FLAIR.nii.gz");
  touch("data/folds.tsv");
  touch("data/notes/readme.txt");
  const auto scans = find_scans(folder() / "data");
  ASSERT_EQ(scans.size(), 2U);
  EXPECT_EQ(scans[0].name(), "a/sub-01");
  EXPECT_EQ(scans[1].name(), "b/sub-01");
  EXPECT_NE(scans[0].patient(), scans[1].patient());
  EXPECT_TRUE(holds_bids(folder() / "data"));
  EXPECT_TRUE(holds_bids(folder() / "data/a"));
  EXPECT_FALSE(holds_bids(folder() / "data/notes"));
}

TEST_F(Bids, NamesTheSourceAlsoWithATrailingSlash) {
  touch("site/sub-01/anat/sub-01_FLAIR.nii.gz");
  EXPECT_EQ(find_scans(folder() / "site/")[0].source, "site");
  EXPECT_EQ(find_scans(folder() / "site/sub-01/..")[0].source, "site");
}

TEST_F(Bids, LeavesOutHiddenFilesAndOtherImages) {
  touch("site/sub-01/anat/._sub-01_FLAIR.nii.gz");
  touch("site/sub-01/anat/sub-01_FLAIR.json");
  touch("site/sub-01/anat/sub-01_T1w.nii.gz");
  touch("site/sub-02/anat/sub-02_FLAIR.nii.gz");
  const auto scans = find_scans(folder() / "site");
  ASSERT_EQ(scans.size(), 1U);
  EXPECT_EQ(scans[0].participant, "sub-02");
}

TEST_F(Bids, RefusesFoldersThatAreMissingOrHoldNoScan) {
  touch("nothing/readme.txt");
  EXPECT_THROW(find_scans(folder() / "absent"), Error);
  EXPECT_THROW(find_scans(folder() / "nothing"), Error);
}

TEST_F(Bids, RefusesTwoTreesOfOneName) {
  touch("x/site/sub-01/anat/sub-01_FLAIR.nii.gz");
  touch("y/site/sub-01/anat/sub-01_FLAIR.nii.gz");
  const std::vector<std::filesystem::path> both{folder() / "x/site", folder() / "y/site"};
  EXPECT_THROW(find_scans(both), Error);
  // The same tree given twice is one tree.
  EXPECT_EQ(find_scans(std::vector{folder() / "x/site", folder() / "x"}).size(), 1U);
}

TEST_F(Bids, RefusesTwoMasksOfOneScan) {
  touch("site/sub-01/anat/sub-01_FLAIR.nii.gz");
  const std::string masks = "site/derivatives/manual_masks/sub-01/anat/sub-01_";
  touch(masks + "space-FLAIR_label-lesion_mask.nii.gz");
  touch(masks + "label-lesion_mask.nii.gz");
  EXPECT_THROW(find_scans(folder() / "site"), Error);
}

TEST_F(Bids, ReadsParticipantsAndLeavesUnknownCellsEmpty) {
  write("site/participants.tsv",
        "participant_id\tage\tsex\tsite\tfield_t\nsub-01\t41.5\tF\tLjubljana\t3\nsub-02\tn/a\tn/"
        "a\tn/a\t1.5\n");
  const auto people = read_participants(folder() / "site");
  ASSERT_EQ(people.size(), 2U);
  EXPECT_EQ(people[0].age_years, 41.5);
  EXPECT_EQ(people[0].sex, "F");
  EXPECT_EQ(people[0].site, "Ljubljana");
  EXPECT_FALSE(people[0].scanner);
  EXPECT_FALSE(people[1].age_years);
  EXPECT_EQ(people[1].field_tesla, 1.5);
  EXPECT_TRUE(read_participants(folder()).empty());
}

TEST_F(Bids, RefusesAParticipantNamedTwice) {
  write("site/participants.tsv", "participant_id\nsub-01\nsub-01\n");
  EXPECT_THROW(read_participants(folder() / "site"), Error);
}

}  // namespace
}  // namespace dawson::dataset
