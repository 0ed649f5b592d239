// qc: what it says of scans that something is wrong with, and what prepare makes of it.
#include <algorithm>
#include <sstream>

#include "support/made_tree.h"
#include "support/program.h"

namespace dawson::cli {
namespace {

namespace fs = std::filesystem;

class Qc : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    made::add_to_tree(path("site"), "sub-01", made::stripped_head(made::coarse_grid()));
    made::add_to_tree(path("site"), "sub-02",
                      made::stripped_head(made::coarse_grid(), {{{-20, -30, 20}, 14}}));
  }
  /// A cell of qc.tsv.
  [[nodiscard]] std::string cell(const std::string& name, const std::string& column) const {
    std::istringstream in(testing::read(path("out/qc.tsv")));
    std::vector<std::string> names;
    for (std::string line; std::getline(in, line);) {
      std::vector<std::string> cells;
      std::istringstream row(line);
      for (std::string c; std::getline(row, c, '\t');) cells.push_back(c);
      if (names.empty()) names = cells;
      if (cells.front() != name) continue;
      return cells.at(std::size_t(std::find(names.begin(), names.end(), column) - names.begin()));
    }
    return "no such case";
  }
};

TEST_F(Qc, NamesWhatIsWrongAndWritesTableAndPage) {
  volume::write_nifti(path("copy_FLAIR.nii.gz"), [] {
    volume::Image scan = made::stripped_head(made::coarse_grid()).scan;
    for (float& x : scan.data) x *= 5;
    return scan;
  }());
  testing::write(path("broken_FLAIR.nii.gz"), "no image");
  const Ended ended = dawson("qc -i site -i copy_FLAIR.nii.gz -i broken_FLAIR.nii.gz -o out");
  ASSERT_EQ(ended.code, 0) << ended.err;
  EXPECT_EQ(ended.out, "out/index.html\n");
  EXPECT_EQ(cell("broken", "verdict"), "reject");
  EXPECT_NE(cell("broken", "reasons").find("cannot be read"), std::string::npos);
  EXPECT_EQ(cell("copy", "same_as"), "site/sub-01");
  EXPECT_EQ(cell("site/sub-01", "same_as"), "copy");
  EXPECT_EQ(cell("site/sub-02", "same_as"), "n/a");
  EXPECT_NE(cell("site/sub-02", "noise"), "n/a");
  EXPECT_TRUE(fs::exists(path("out/qc.json")));
  const std::string page = testing::read(path("out/index.html"));
  EXPECT_NE(page.find("not a medical device"), std::string::npos);
  EXPECT_NE(page.find("is the same scan as site/sub-01"), std::string::npos);
  EXPECT_EQ(page.find("<script"), std::string::npos);
  std::size_t pictures = 0;
  for (std::size_t at = page.find("data:image/png"); at != std::string::npos;
       at = page.find("data:image/png", at + 1)) {
    ++pictures;
  }
  EXPECT_EQ(pictures, 3U);
  expect_refusal(4, "qc.tsv", "qc -i site -o out");
  EXPECT_EQ(dawson("qc -i broken_FLAIR.nii.gz -o strict --strict").code, 8);
}

TEST_F(Qc, APersonsVerdictStandsAboveAndPrepareHeedsIt) {
  testing::write(path("mine.tsv"),
                 "case\tverdict\treason\nsite/sub-01\treject\tmoved & moved again\n"
                 "site/sub-02\taccept\tn/a\n");
  ASSERT_EQ(dawson("qc -i site -o out --review mine.tsv").code, 0);
  EXPECT_EQ(cell("site/sub-01", "verdict"), "reject");
  EXPECT_EQ(cell("site/sub-01", "by"), "person");
  EXPECT_TRUE(cell("site/sub-01", "reasons").starts_with("moved & moved again"));
  EXPECT_EQ(cell("site/sub-02", "verdict"), "accept");
  EXPECT_NE(testing::read(path("out/index.html")).find("moved &amp; moved again"),
            std::string::npos);
  for (const char* review : {"mine.tsv", "out/qc.tsv"}) {
    const Ended prepared =
        dawson(std::string("prepare -i site -o cache --overwrite --review ") + review);
    EXPECT_EQ(prepared.code, 0) << prepared.err;
    EXPECT_NE(prepared.err.find("left out, as reviewed: site/sub-01: moved & moved again"),
              std::string::npos)
        << prepared.err;
    EXPECT_NE(prepared.err.find("1 of 1 scans are in the cache"), std::string::npos);
  }
}

TEST_F(Qc, RefusesReviewsThatCannotBeMeant) {
  testing::write(path("r.tsv"), "case\tverdict\nsite/sub-09\treject\n");
  expect_refusal(3, "names 'site/sub-09'", "qc -i site -o out --review r.tsv");
  testing::write(path("r.tsv"), "case\tverdict\nsite/sub-01\treject\nsite/sub-01\taccept\n");
  expect_refusal(3, "accepts and rejects site/sub-01", "qc -i site -o out --review r.tsv");
  testing::write(path("r.tsv"), "scan\tverdict\n");
  expect_refusal(3, "has no column 'case'", "qc -i site -o out --review r.tsv");
  testing::write(path("r.tsv"), "case\tverdict\nsite/sub-01\treject\nsite/sub-02\treject\n");
  expect_refusal(3, "rejects every scan", "prepare -i site -o cache --review r.tsv");
}

}  // namespace
}  // namespace dawson::cli
