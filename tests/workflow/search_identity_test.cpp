#include "dawson/workflow/search_identity.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "support/made_tree.h"
#include "support/temporary_folder.h"

namespace dawson::workflow {
namespace {

namespace fs = std::filesystem;

class SearchIdentity : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const char* tree : {"here/site", "extra/phantoms"}) {
      made::add_to_tree(folder_ / tree, "sub-01", made::stripped_head(made::coarse_grid()));
    }
    settings_.search = {{{"width", {"4", "6"}}}, 0, 1, {2, 3}, 0.5};
    settings_.data = {folder_ / "here"};
    settings_.folds = {{{"site", "sub-01", "", 0}, {"site", "sub-02", "", 1}}, 2};
    settings_.shared = {{"batch", 8}};
  }
  [[nodiscard]] core::Json identity() const {
    return search_identity(settings_, draw_points(settings_.search));
  }
  testing::TemporaryFolder folder_;
  TuneSettings settings_;
};

TEST_F(SearchIdentity, DiffersWithWhateverDecidesAFigure) {
  const core::Json first = identity();
  const TuneSettings before = settings_;
  const auto differs_in = [&] {
    const std::string words = differences(first, identity());
    settings_ = before;
    return words;
  };
  EXPECT_EQ(differs_in(), "");
  settings_.search.rungs = {200, 300};
  EXPECT_EQ(differs_in(), "iterations");
  settings_.search.keep = 0.25;
  EXPECT_EQ(differs_in(), "the share kept");
  settings_.shared["batch"] = 16;
  settings_.shared["patch"] = 32;
  EXPECT_EQ(differs_in(), "batch and patch");
  settings_.folds.rows[1].fold = 0;
  EXPECT_EQ(differs_in(), "the split");
  settings_.extra = {folder_ / "extra"};
  EXPECT_EQ(differs_in(), "the extra scans");
  settings_.search.choices[0].values = {"4", "8"};
  EXPECT_EQ(differs_in(), "what is tried");
}

TEST_F(SearchIdentity, KnowsOtherScansAndNotWhereTheyLie) {
  const core::Json first = identity();
  std::reverse(settings_.folds.rows.begin(), settings_.folds.rows.end());  // the same split
  fs::rename(folder_ / "here", folder_ / "there");
  settings_.data = {folder_ / "there"};
  EXPECT_EQ(differences(first, identity()), "");
  for (const auto& entry : fs::recursive_directory_iterator(folder_ / "there")) {
    if (!entry.path().string().ends_with("mask.nii.gz")) continue;
    fs::resize_file(entry.path(), fs::file_size(entry.path()) + 1);  // drawn anew
    EXPECT_EQ(differences(first, identity()), "the scans");
    return;
  }
  FAIL() << "no mask";
}

}  // namespace
}  // namespace dawson::workflow
