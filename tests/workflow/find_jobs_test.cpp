#include <gtest/gtest.h>

#include "dawson/core/error.h"
#include "dawson/workflow/segment.h"
#include "dicom/made_series.h"
#include "support/temporary_folder.h"

namespace dawson::workflow {
namespace {

namespace fs = std::filesystem;

class FindJobs : public ::testing::Test {
 protected:
  [[nodiscard]] fs::path path(const std::string& name) const { return folder_ / name; }
  fs::path touch(const std::string& name, const std::string& text = "") const {
    fs::create_directories(path(name).parent_path());
    testing::write(path(name), text);
    return path(name);
  }
  void make_tree(const std::string& tree) const {
    touch(tree + "/sub-01/anat/sub-01_FLAIR.nii.gz");
    touch(tree + "/sub-02/ses-1/anat/sub-02_ses-1_FLAIR.nii.gz");
    touch(tree + "/sub-02/ses-2/anat/sub-02_ses-2_FLAIR.nii.gz");
  }
  static std::string refusal(const std::vector<fs::path>& inputs) {
    try {
      find_jobs(inputs, "out", progress);
    } catch (const Error& e) {
      EXPECT_EQ(e.code(), ExitCode::input);
      return e.what();
    }
    return "";
  }
  inline static Progress progress{nullptr};

 private:
  testing::TemporaryFolder folder_;
};

TEST_F(FindJobs, OneImageGoesToTheFolderItself) {
  const auto jobs = find_jobs({touch("sub-01_FLAIR.nii.gz")}, "out", progress);
  ASSERT_EQ(jobs.size(), 1U);
  EXPECT_EQ(jobs[0].stem, "sub-01");
  EXPECT_EQ(jobs[0].name, "sub-01");
  EXPECT_EQ(jobs[0].folder, "out");
}

TEST_F(FindJobs, TakesTheStemFromAnyImageName) {
  EXPECT_EQ(find_jobs({touch("head.mha")}, "out", progress)[0].stem, "head");
  EXPECT_EQ(find_jobs({touch("my.scan.nii")}, "out", progress)[0].stem, "my.scan");
  EXPECT_EQ(find_jobs({touch("_FLAIR.nii")}, "out", progress)[0].stem, "_FLAIR");  // never empty
}

TEST_F(FindJobs, ATreeKeepsItsShape) {
  make_tree("site");
  touch("site/participants.tsv", "participant_id\tage\tsex\nsub-01\t41\tF\nsub-02\t35.5\tM\n");
  const auto jobs = find_jobs({path("site")}, "out", progress);
  ASSERT_EQ(jobs.size(), 3U);
  EXPECT_EQ(jobs[0].name, "site/sub-01");
  EXPECT_EQ(jobs[0].folder, "out/sub-01/anat");
  EXPECT_EQ(jobs[0].patient.age, "41");
  EXPECT_EQ(jobs[0].patient.sex, "F");
  EXPECT_EQ(jobs[1].name, "site/sub-02/ses-1");
  EXPECT_EQ(jobs[1].stem, "sub-02_ses-1");
  EXPECT_EQ(jobs[1].folder, "out/sub-02/ses-1/anat");
  EXPECT_EQ(jobs[2].patient.age, "35.5");
}

TEST_F(FindJobs, SeveralTreesGetAFolderEach) {
  make_tree("a/site1");
  make_tree("a/site2");
  for (const auto& jobs : {find_jobs({path("a")}, "out", progress),
                           find_jobs({path("a/site1"), path("a/site2")}, "out", progress)}) {
    ASSERT_EQ(jobs.size(), 6U);
    EXPECT_EQ(jobs[0].folder, "out/site1/sub-01/anat");
    EXPECT_EQ(jobs[5].folder, "out/site2/sub-02/ses-2/anat");
  }
}

TEST_F(FindJobs, AFolderOfImagesGivesAFolderEach) {
  touch("scans/b.nii.gz");
  touch("scans/a_FLAIR.nrrd");
  touch("scans/notes.md");
  const auto jobs = find_jobs({path("scans")}, "out", progress);
  ASSERT_EQ(jobs.size(), 2U);
  EXPECT_EQ(jobs[0].folder, "out/a");
  EXPECT_EQ(jobs[1].folder, "out/b");
}

TEST_F(FindJobs, AListNamesPathsFromWhereItLies) {
  touch("one.nii.gz");
  const fs::path two = touch("far/two.nii.gz");
  const auto jobs = find_jobs({touch("list.txt", "# mine\n\none.nii.gz\r\n" + two.string() + "\n")},
                              "out", progress);
  ASSERT_EQ(jobs.size(), 2U);
  EXPECT_EQ(jobs[0].scan, path("one.nii.gz"));
  EXPECT_EQ(jobs[1].scan, two);
}

TEST_F(FindJobs, InputsOfEveryKindGoTogether) {
  make_tree("site");
  const auto jobs = find_jobs({path("site"), touch("x.nii.gz")}, "out", progress);
  ASSERT_EQ(jobs.size(), 4U);
  EXPECT_EQ(jobs[0].folder, "out/site/sub-01/anat");
  EXPECT_EQ(jobs[3].folder, "out/x");
}

TEST_F(FindJobs, FromDicomTakesEachFlairAndItsPatient) {
  made::SeriesSettings series;
  const volume::Image image = made::numbered(made::oblique_grid());
  made::write_series(path("export/a"), image, series);
  series.uid += ".7";
  series.description = "t1_mprage";
  series.echo_ms = 3;
  series.repetition_ms = 2000;
  series.inversion_ms = 900;
  made::write_series(path("export/b"), image, series);
  touch("export/README.txt", "not an image");
  const auto jobs = find_jobs({path("export")}, "out", progress);
  ASSERT_EQ(jobs.size(), 1U);
  EXPECT_EQ(jobs[0].stem, "series-5");
  EXPECT_EQ(jobs[0].folder, "out");
  EXPECT_EQ(jobs[0].patient.name, "Jane Doe");
  EXPECT_EQ(jobs[0].patient.participant, "P-17");
  EXPECT_EQ(jobs[0].patient.age, "34");
  EXPECT_EQ(jobs[0].patient.sex, "F");
  EXPECT_EQ(read_scan_of(jobs[0], progress).image.data, image.data);
}

TEST_F(FindJobs, FromDicomWithoutAFlairSaysWhatIsThere) {
  made::SeriesSettings series;
  series.description = "t1_mprage";
  series.echo_ms = 3;
  series.repetition_ms = 2000;
  series.inversion_ms = 900;
  made::write_series(path("export"), made::numbered(made::oblique_grid()), series);
  const std::string said = refusal({path("export")});
  EXPECT_NE(said.find("no FLAIR"), std::string::npos) << said;
  EXPECT_NE(said.find("T1w"), std::string::npos) << said;
}

TEST_F(FindJobs, RefusesWhatWouldShareAPlace) {
  const std::string said = refusal({touch("a/x.nii.gz"), touch("b/x.nii.gz")});
  EXPECT_NE(said.find("would have the same results"), std::string::npos) << said;
  make_tree("a/site");
  make_tree("b/site");
  EXPECT_NE(refusal({path("a/site"), path("b/site")}), "");
}

TEST_F(FindJobs, RefusesWhatIsNotThere) {
  EXPECT_NE(refusal({path("nowhere.nii.gz")}).find("does not exist"), std::string::npos);
  fs::create_directories(path("empty"));
  EXPECT_NE(refusal({path("empty")}).find("holds neither"), std::string::npos);
  EXPECT_NE(refusal({touch("list.txt", "# nothing\n\n")}).find("names no scan"), std::string::npos);
}

}  // namespace
}  // namespace dawson::workflow
