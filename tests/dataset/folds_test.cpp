#include "dawson/dataset/folds.h"

#include <gtest/gtest.h>

#include <cmath>

#include "dawson/core/error.h"
#include "support/folder_test.h"

namespace dawson::dataset {
namespace {

using FoldTable = made::FolderTest;

const std::string header = "source\tparticipant_id\tfile\tfold\tlesion_ml\n";

std::string refusal(const std::filesystem::path& file) {
  try {
    read_folds(file);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::input);
    return error.what();
  }
  return "nothing was thrown";
}

TEST_F(FoldTable, KeepsVisitsOfAPatientTogether) {
  write("folds.tsv", header +
                         "a\tsub-01\ta/1.nii\t1\t2.5\na\tsub-01\ta/2.nii\t1\tn/a\nb\tsub-01\tb/"
                         "1.nii\t0\t3\n");
  const Folds folds = read_folds(folder() / "folds.tsv");
  EXPECT_EQ(folds.count, 2);
  EXPECT_EQ(folds.fold_of("a", "sub-01"), 1);
  EXPECT_EQ(folds.fold_of("b", "sub-01"), 0);  // the same number at another site: another patient
  EXPECT_DOUBLE_EQ(folds.rows[0].lesion_ml, 2.5);
  EXPECT_TRUE(std::isnan(folds.rows[1].lesion_ml));
  EXPECT_EQ(folds.rows[2].file, "b/1.nii");
}

TEST_F(FoldTable, RefusesALeakAndNamesThePatient) {
  write("folds.tsv", header + "a\tsub-01\tx\t0\t1\na\tsub-02\ty\t1\t1\na\tsub-01\tz\t1\t1\n");
  const std::string sentence = refusal(folder() / "folds.tsv");
  EXPECT_NE(sentence.find("a/sub-01 is in fold 0 and in fold 1"), std::string::npos) << sentence;
}

TEST_F(FoldTable, LeavesASiteOutByTheTableOrByTheTree) {
  const auto scan = [&](const std::string& source, const std::string& participant,
                        const std::string& session) {
    Scan s;
    s.source = source;
    s.participant = participant;
    s.session = session;
    s.flair = folder() / source / participant / session / "anat" / (participant + "_FLAIR.nii.gz");
    return s;
  };
  write("two/participants.tsv", "participant_id\tsite\nsub-01\tnorth\nsub-02\tsouth\n");
  const std::vector<Scan> scans = {scan("east", "sub-01", ""), scan("two", "sub-01", "ses-1"),
                                   scan("two", "sub-01", "ses-2"), scan("two", "sub-02", "")};
  const Folds folds = leave_site_out(scans);
  EXPECT_EQ(folds.count, 3);  // east, north, south
  EXPECT_EQ(folds.fold_of("east", "sub-01"), 0);
  EXPECT_EQ(folds.fold_of("two", "sub-01"), 1);
  EXPECT_EQ(folds.fold_of("two", "sub-02"), 2);

  write_folds(folds, folder() / "folds.tsv");
  const Folds again = read_folds(folder() / "folds.tsv");
  ASSERT_EQ(again.rows.size(), 4U);
  EXPECT_EQ(again.rows[2].file, "two/sub-01/ses-2/anat/sub-01_FLAIR.nii.gz");
  EXPECT_EQ(again.rows[2].fold, 1);

  EXPECT_THROW(leave_site_out({scans[1], scans[2]}), Error);  // one site alone
}

TEST_F(FoldTable, RefusesWhatIsNotAFold) {
  write("word.tsv", header + "a\tsub-01\tx\tone\t1\n");
  write("negative.tsv", header + "a\tsub-01\tx\t-1\t1\n");
  write("half.tsv", header + "a\tsub-01\tx\t0.5\t1\n");
  write("gap.tsv", header + "a\tsub-01\tx\t0\t1\na\tsub-02\tx\t2\t1\n");
  write("columns.tsv", "source\tparticipant_id\nx\ty\n");
  write("empty.tsv", header);
  EXPECT_NE(refusal(folder() / "word.tsv").find("'one'"), std::string::npos);
  EXPECT_NE(refusal(folder() / "negative.tsv").find("'-1'"), std::string::npos);
  EXPECT_NE(refusal(folder() / "half.tsv").find("'0.5'"), std::string::npos);
  EXPECT_NE(refusal(folder() / "gap.tsv").find("fold 1 has no patient"), std::string::npos);
  EXPECT_NE(refusal(folder() / "columns.tsv").find("'fold'"), std::string::npos);
  EXPECT_NE(refusal(folder() / "empty.tsv").find("no patients"), std::string::npos);
}

TEST_F(FoldTable, NamesThePatientsItLacks) {
  write("folds.tsv", header + "a\tsub-01\tx\t0\t1\n");
  const Folds folds = read_folds(folder() / "folds.tsv");
  Scan known;
  known.source = "a";
  known.participant = "sub-01";
  Scan unknown = known;
  unknown.source = "c";
  EXPECT_EQ(folds.fold_of(known), 0);
  EXPECT_THROW(static_cast<void>(folds.fold_of(unknown)), Error);
  EXPECT_NO_THROW(require_all(folds, {known}));
  try {
    require_all(folds, {known, unknown});
    FAIL() << "a missing patient was accepted";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("c/sub-01"), std::string::npos);
  }
}

}  // namespace
}  // namespace dawson::dataset
