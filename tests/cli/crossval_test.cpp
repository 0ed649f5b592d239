// crossval as a user starts it: how patients are split, and which split is refused.
#include <algorithm>

#include "dawson/cache/cache.h"
#include "dawson/core/table.h"
#include "support/two_folds.h"

namespace dawson::cli {
namespace {

namespace fs = std::filesystem;

class Crossval : public TwoFolds {
 protected:
  /// Networks that learn nothing: what is tested is the way.
  static constexpr const char* tiny =
      " --levels 2 --width 4 --brain-iterations 2 --iterations 2 --patch 32 --batch 2 --threads 1";
};

std::vector<std::string> patients_in(const fs::path& folder) {
  std::vector<std::string> patients;
  const cache::Cache cache = cache::Cache::open(folder);
  for (const cache::Entry& e : cache.entries()) patients.push_back(e.patient());
  return patients;
}

TEST_F(Crossval, LeavesOneSiteOutAfterTheOther) {
  made::add_to_tree(path("data/other"), "sub-03", made::stripped_head(made::coarse_grid()));
  const Ended ended = dawson("crossval -i data --leave-site-out -o out" + std::string(tiny));
  ASSERT_EQ(ended.code, 0) << ended.err;
  const core::Table folds = core::Table::read(path("out/folds.tsv"));
  ASSERT_EQ(folds.rows().size(), 3U);
  for (const auto& row : folds.rows()) {  // by name: other, site
    EXPECT_EQ(row[folds.column("fold")], row[folds.column("source")] == "other" ? "0" : "1");
  }
  using Names = std::vector<std::string>;
  EXPECT_EQ(patients_in(path("out/fold-0/cache")), (Names{"site/sub-01", "site/sub-02"}));
  EXPECT_EQ(patients_in(path("out/fold-1/cache")), Names{"other/sub-03"});
  const std::string page = testing::read(path("out/results.md"));
  EXPECT_NE(page.find("--leave-site-out"), std::string::npos) << page;
  EXPECT_NE(page.find("3 patients, 3 scans"), std::string::npos) << page;
}

TEST_F(Crossval, RefusesToLeaveOutTheOnlySite) {
  expect_refusal(3, "site", "crossval -i data --leave-site-out -o out" + std::string(tiny));
}

TEST_F(Crossval, RefusesWhatAveragedNetworksLeaveNoRoomFor) {
  const std::string mean = "crossval -i data --leave-site-out --members a b -o out";
  expect_refusal(2, "--members: needs --from", mean);
  expect_refusal(2, "--iterations: is of no use with --members",
                 mean + " --from cv --iterations 2");
  expect_refusal(2, "--method: is of no use with --members", mean + " --from cv --method forest");
}

TEST_F(Crossval, RefusesFoldsThatLeakAPatient) {
  testing::write(path("leak.tsv"),
                 "source\tparticipant_id\tfold\nsite\tsub-01\t0\nsite\tsub-02\t1\n"
                 "site\tsub-01\t1\n");
  expect_refusal(3, "leak.tsv: ", "crossval -i data --folds leak.tsv -o out" + std::string(tiny));
  expect_refusal(3, "site/sub-01", "crossval -i data --folds leak.tsv -o out" + std::string(tiny));
}

}  // namespace
}  // namespace dawson::cli
