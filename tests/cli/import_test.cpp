// import: from a folder as it comes to a BIDS tree that the other commands take.
#include "dicom/made_series.h"
#include "support/program.h"

namespace dawson::cli {
namespace {

namespace fs = std::filesystem;

class Import : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    made::write_series(path("export"), made::numbered(made::oblique_grid()));
  }
};

TEST_F(Import, MakesATreeOfASeries) {
  const Ended ended = dawson("import -i export -o bids");
  ASSERT_EQ(ended.code, 0) << ended.err;
  EXPECT_EQ(ended.out, "bids\n");
  EXPECT_NE(ended.err.find("1 scans and 0 masks of 1 participants"), std::string::npos);
  EXPECT_TRUE(fs::exists(path("bids/sub-P17/anat/sub-P17_FLAIR.nii.gz")));
  EXPECT_TRUE(fs::exists(path("bids/sub-P17/anat/sub-P17_FLAIR.json")));
  EXPECT_NE(testing::read(path("bids/participants.tsv")).find("sub-P17\t34.0\tF"),
            std::string::npos);
  const Ended again = dawson("import -i bids -o copy");
  EXPECT_EQ(again.code, 0) << again.err;
  EXPECT_EQ(dawson("import -i export -o bids").code, 4) << "nothing is written over";
}

TEST_F(Import, GivesOtherNames) {
  testing::write(path("names.tsv"), "person\tparticipant_id\nP-17\tsub-01\n");
  ASSERT_EQ(dawson("import -i export -o bids --names names.tsv").code, 0);
  EXPECT_TRUE(fs::exists(path("bids/sub-01/anat/sub-01_FLAIR.nii.gz")));
  testing::write(path("names.tsv"), "person\tparticipant_id\nP-18\tsub-01\n");
  const Ended unknown = dawson("import -i export -o other --names names.tsv");
  EXPECT_EQ(unknown.code, 3);
  EXPECT_NE(unknown.err.find("P-18, who is not there"), std::string::npos);
  EXPECT_FALSE(fs::exists(path("other")));
}

TEST_F(Import, ShowsWithoutWriting) {
  const Ended ended = dawson("import -i export --dry-run");
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_NE(ended.out.find("sub-P17\tn/a\tFLAIR\tP-17\t"), std::string::npos) << ended.out;
}

TEST_F(Import, GoesOnBesideABadSeriesAndSaysSo) {
  made::SeriesSettings bad;
  bad.uid = "1.2.9";
  made::write_series(path("export/bad"), made::numbered(made::oblique_grid()), bad);
  fs::remove(path("export/bad/IM1"));
  testing::write(path("export/short"), std::string(128, ' ') + "DICMxx");
  const Ended ended = dawson("import -i export -o bids");
  EXPECT_EQ(ended.code, 7) << ended.err;
  EXPECT_NE(ended.err.find("left out: series 5 (t2_flair_tra): a FLAIR, but no volume"),
            std::string::npos)
      << ended.err;
  EXPECT_TRUE(fs::exists(path("bids/sub-P17/anat/sub-P17_FLAIR.nii.gz")));
}

TEST_F(Import, RefusesWhatItCannotDo) {
  EXPECT_EQ(dawson("import -i export").code, 2);
  EXPECT_EQ(dawson("import -i export -o export/bids").code, 2);
  EXPECT_EQ(dawson("import -i export -o .").code, 4);
  EXPECT_EQ(dawson("import -i absent -o bids").code, 3);
  EXPECT_EQ(dawson("import -i export -o bids --from nnunet").code, 3);
  fs::create_directories(path("empty"));
  EXPECT_EQ(dawson("import -i empty -o bids").code, 3);
  EXPECT_FALSE(fs::exists(path("bids")));
  EXPECT_FALSE(fs::exists(path("export/bids")));
}

}  // namespace
}  // namespace dawson::cli
