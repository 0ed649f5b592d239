// segment over many scans: in one process, in several, on a cluster, and again after a kill.
#include <algorithm>
#include <sstream>

#include "support/made_tree.h"
#include "support/program.h"
#include "support/slurm.h"

namespace dawson::cli {
namespace {

namespace fs = std::filesystem;

/// Three heads of a BIDS tree, and one that no program can read.
class SegmentCohort : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    for (const char* sub : {"sub-01", "sub-02", "sub-03"}) {
      made::add_to_tree(path("site"), sub, made::stripped_head(made::coarse_grid()));
    }
    fs::create_directories(path("site/sub-04/anat"));
    testing::write(path("site/sub-04/anat/sub-04_FLAIR.nii.gz"), "no image");
  }
  [[nodiscard]] Ended segment(const std::string& more, const std::string& before = "") const {
    return dawson("segment -i site " + more, before);
  }
  /// The cohort's table without its seconds.
  [[nodiscard]] std::string table(const std::string& out) const {
    std::istringstream in(testing::read(path(out + "/cohort.tsv")));
    std::string all;
    for (std::string line; std::getline(in, line);) {
      std::vector<std::string> cells;
      std::istringstream row(line);
      for (std::string cell; std::getline(row, cell, '\t');) cells.push_back(cell);
      EXPECT_EQ(cells.size(), 10U) << line;
      cells.erase(cells.end() - 2);
      for (const std::string& cell : cells) all += cell + "\t";
      all += "\n";
    }
    return all;
  }
  [[nodiscard]] fs::file_time_type written(const std::string& file) const {
    return fs::last_write_time(path(file));
  }
};

TEST_F(SegmentCohort, InSeveralProcessesComesToTheSameTable) {
  ASSERT_EQ(segment("-o one").code, 7);
  const std::string one = table("one");
  EXPECT_EQ(std::count(one.begin(), one.end(), '\n'), 5) << one;
  const Ended ended = segment("-o several --jobs 2");
  EXPECT_EQ(ended.code, 7) << ended.err;
  EXPECT_EQ(ended.out, "several/cohort.tsv\n");
  EXPECT_NE(ended.err.find("1 of 4 scans failed; the rest is done"), std::string::npos)
      << ended.err;
  EXPECT_EQ(table("several"), one);
  EXPECT_NE(one.find("site/sub-04\tfailed"), std::string::npos);
  EXPECT_TRUE(fs::exists(path("several/parts/part-1-of-2.log")));
  // Nothing is written over that was not asked for.
  expect_refusal(4, "cohort.tsv", "segment -i site -o several --jobs 2");
}

TEST_F(SegmentCohort, OnSlurmComesToTheSameTable) {
  DAWSON_NEEDS_SLURM();
  ASSERT_EQ(segment("-o one").code, 7);
  const Ended ended = segment("-o cluster --slurm --slurm-memory 2G");
  EXPECT_EQ(ended.code, 7) << ended.err;
  EXPECT_EQ(table("cluster"), table("one"));
  EXPECT_TRUE(fs::exists(path("cluster/parts/slurm/job.txt")));
}

TEST_F(SegmentCohort, ResumeKeepsWhatIsDoneOfTheSameScanModelAndRule) {
  ASSERT_EQ(segment("-o out").code, 7);
  const std::string once = table("out");
  const std::string first = "out/sub-01/anat/sub-01_run.json";
  const std::string second = "out/sub-02/anat/sub-02_run.json";
  const auto before = written(first);
  fs::remove_all(path("out/sub-02"));
  fs::remove(path("out/cohort.tsv"));
  EXPECT_EQ(segment("-o out --resume").code, 7);
  EXPECT_EQ(table("out"), once);
  EXPECT_EQ(written(first), before);
  EXPECT_TRUE(fs::exists(path(second)));

  // Another rule's results are not taken for this one's, nor written over.
  const Ended other = segment("-o out --resume --no-mirror");
  EXPECT_EQ(other.code, 7);
  EXPECT_NE(other.err.find("4 of 4 scans failed"), std::string::npos) << other.err;
  EXPECT_EQ(written(first), before);

  // Of a changed scan neither.
  volume::write_nifti(path("site/sub-01/anat/sub-01_FLAIR.nii.gz"),
                      made::head(made::coarse_grid()).scan);
  EXPECT_EQ(segment("-o out --resume").code, 7);
  EXPECT_NE(table("out").find("site/sub-01\tfailed"), std::string::npos) << table("out");
}

TEST_F(SegmentCohort, ResumesAfterAKill) {
  fs::remove_all(path("site/sub-04"));
  (void)segment("-o out", "timeout -s KILL 1.5");
  const Ended ended = segment("-o out --resume");
  EXPECT_EQ(ended.code, 0) << ended.err;
  ASSERT_EQ(segment("-o undisturbed").code, 0);
  EXPECT_EQ(table("out"), table("undisturbed"));
}

TEST_F(SegmentCohort, PartsMayBeRunByHand) {
  EXPECT_EQ(segment("-o out --part 1/3").code, 7);  // the first and the fourth
  EXPECT_TRUE(fs::exists(path("out/sub-01")));
  EXPECT_FALSE(fs::exists(path("out/sub-02")));
  EXPECT_FALSE(fs::exists(path("out/cohort.tsv")));
  const std::string part = testing::read(path("out/parts/part-1-of-3.tsv"));
  EXPECT_EQ(std::count(part.begin(), part.end(), '\n'), 3) << part;
  EXPECT_EQ(segment("-o out --part 2/3").code, 0);
  EXPECT_EQ(segment("-o out --part 3/3").code, 0);
  EXPECT_EQ(segment("-o out --resume").code, 7);
  ASSERT_EQ(segment("-o one").code, 7);
  EXPECT_EQ(table("out"), table("one"));
}

TEST_F(SegmentCohort, RefusesPartsThatAreNone) {
  for (const char* part : {"0/3", "4/3", "1", "1/", "/3", "a/b", "1/3x", "-1/3"}) {
    expect_refusal(2, "give, say, 3/20", std::string("segment -i site -o out --part=") + part);
  }
  expect_refusal(2, "a part is one process", "segment -i site -o out --part 1/2 --jobs 2");
  expect_refusal(6, "there is no Slurm here", "segment -i site -o out --slurm", "PATH=/nowhere");
}

}  // namespace
}  // namespace dawson::cli
