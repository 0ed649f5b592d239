#include "dawson/workflow/prepare.h"

#include <gtest/gtest.h>

#include <limits>
#include <map>
#include <optional>

#include "dawson/core/error.h"
#include "support/made_bundles.h"
#include "support/made_tree.h"
#include "support/temporary_folder.h"

namespace dawson::workflow {
namespace {

namespace fs = std::filesystem;

constexpr const char* first = "sub-01";
constexpr const char* second = "sub-02";

class PrepareTree : public ::testing::Test {
 protected:
  void SetUp() override {
    made::add_to_tree(tree(), first, made::head(made::coarse_grid()));
    made::add_to_tree(tree(), second, made::stripped_head(made::coarse_grid()));
  }
  [[nodiscard]] fs::path tree() const { return folder_ / "site"; }
  [[nodiscard]] fs::path cache() const { return folder_ / "cache"; }
  CohortOutcome run(bool overwrite = false, bool use_given_brain = true, int workers = 1) {
    const preprocessing::Recipe recipe(
        {.in_plane_mm = 2, .slice_mm = 2, .remove_bias = false},
        use_given_brain ? nullptr
                        : std::make_shared<const anatomy::BrainFinder>(made::brain_bundle()),
        made::atlas());
    Progress& progress = progress_.emplace();
    return prepare_lesions(
        dataset::find_scans(tree()), recipe, cache(),
        {.overwrite = overwrite, .use_given_brain = use_given_brain, .workers = workers}, progress);
  }
  [[nodiscard]] const Progress& progress() const { return *progress_; }

 private:
  testing::TemporaryFolder folder_;
  std::optional<Progress> progress_;
};

TEST_F(PrepareTree, CachesEveryScanWithItsMasks) {
  EXPECT_EQ(run().done, 2U);
  const cache::Cache made = cache::Cache::open(cache());
  ASSERT_EQ(made.entries().size(), 2U);
  const cache::Entry& entry = made.entries().front();
  EXPECT_EQ(entry.patient(), "site/sub-01");
  EXPECT_EQ(entry.stem, "site_sub-01");
  const cache::Arrays arrays = made.load(entry);
  EXPECT_EQ(arrays.image.size(), 2 * entry.voxels());
  double lesion_ml = 0;
  for (const auto v : arrays.target) lesion_ml += v * 0.008;
  // Balls of 9, 7 and 6 mm: 5.4 ml, on 4 mm voxels.
  EXPECT_NEAR(lesion_ml, 5.4, 1.0);
}

TEST_F(PrepareTree, ByManyWorkersIsTheSame) {
  for (int n = 3; n < 9; ++n) {
    made::add_to_tree(tree(), "sub-0" + std::to_string(n),
                      made::stripped_head(made::coarse_grid(), {{{-20.0 + 5 * n, -30, 20}, 9}}));
  }
  EXPECT_EQ(run(false, false).done, 8U);
  const auto contents = [&] {
    std::map<std::string, std::string> files;
    for (const auto& entry : fs::directory_iterator(cache())) {
      files[entry.path().filename().string()] = testing::read(entry.path());
    }
    return files;
  };
  const auto one_by_one = contents();
  fs::remove_all(cache());
  EXPECT_EQ(run(false, false, 4).done, 8U);
  EXPECT_EQ(contents(), one_by_one);
}

TEST_F(PrepareTree, DoesWhatIsDoneNotAgainAndWhatChangedAnew) {
  run();
  const auto written = [&](const char* sub) {
    for (const auto& entry : fs::directory_iterator(cache())) {
      if (entry.path().filename().string().starts_with(std::string("site_") + sub)) {
        return fs::last_write_time(entry.path());
      }
    }
    return fs::file_time_type{};
  };
  const auto before_first = written(first);
  const auto before_second = written(second);
  ASSERT_NE(before_first, fs::file_time_type{});
  volume::write_nifti(made::mask_of(tree(), second, "lesion"),
                      made::head(made::coarse_grid(), {{{0, 0, 30}, 8}}).lesions);
  EXPECT_EQ(run().done, 2U);
  EXPECT_EQ(written(first), before_first);
  EXPECT_GT(written(second), before_second);
  EXPECT_EQ(cache::Cache::open(cache()).entries().size(), 2U);
}

TEST_F(PrepareTree, AMaskOnAnotherGridIsNamedAndTheRestIsDone) {
  volume::write_nifti(made::mask_of(tree(), first, "lesion"),
                      volume::Mask(test::centred({20, 20, 20}, {4, 4, 4})));
  const CohortOutcome outcome = run();
  EXPECT_EQ(outcome.done, 1U);
  ASSERT_EQ(outcome.failures.size(), 1U);
  EXPECT_TRUE(outcome.failures[0].starts_with("site/sub-01: ")) << outcome.failures[0];
  EXPECT_NE(outcome.failures[0].find("does not lie on the scan's grid"), std::string::npos);
  EXPECT_EQ(progress().warnings(), outcome.failures);
}

TEST_F(PrepareTree, ADamagedScanIsNamedAndTheRestIsDone) {
  fs::resize_file(made::flair_of(tree(), first), 5000);
  EXPECT_EQ(run().failures.size(), 1U);
  fs::remove(made::flair_of(tree(), first));
  fs::create_symlink("gone", made::flair_of(tree(), first));
  const CohortOutcome outcome = run();
  EXPECT_EQ(outcome.done, 1U);
}

TEST_F(PrepareTree, AScanWithoutBrainMaskNeedsABrainFinder) {
  fs::remove(made::mask_of(tree(), first, "brain"));
  const CohortOutcome outcome = run();
  ASSERT_EQ(outcome.failures.size(), 1U);
  EXPECT_NE(outcome.failures[0].find("has no brain mask"), std::string::npos);
  EXPECT_EQ(run(/*overwrite=*/true, /*use_given_brain=*/false).done, 2U);
}

TEST_F(PrepareTree, SaysWhatWasRepairedOfWhichScan) {
  volume::Image scan = made::head(made::coarse_grid()).scan;
  scan.data[5] = std::numeric_limits<float>::quiet_NaN();
  volume::write_nifti(made::flair_of(tree(), first), scan);
  EXPECT_EQ(run().done, 2U);
  ASSERT_FALSE(progress().warnings().empty());
  EXPECT_TRUE(progress().warnings().front().starts_with("site/sub-01: "))
      << progress().warnings().front();
}

TEST_F(PrepareTree, ACacheOfAnotherRecipeIsKeptUnlessToldOtherwise) {
  run();
  EXPECT_THROW(run(false, false), Error);
  EXPECT_EQ(cache::Cache::open(cache()).entries().size(), 2U);
  EXPECT_EQ(run(true, false).done, 2U);
}

TEST_F(PrepareTree, BrainsComeFromMasksAndFromStrippedOutlines) {
  fs::remove(made::mask_of(tree(), second, "brain"));
  Progress quiet;
  EXPECT_EQ(prepare_brains(dataset::find_scans(tree()), cache(), {}, quiet).done, 2U);
  const cache::Cache made = cache::Cache::open(cache());
  EXPECT_EQ(made.target(), "brain");
  fs::remove(made::mask_of(tree(), first, "brain"));
  const CohortOutcome outcome =
      prepare_brains(dataset::find_scans(tree()), cache(), {.overwrite = true}, quiet);
  ASSERT_EQ(outcome.failures.size(), 1U);
  EXPECT_NE(outcome.failures[0].find("still its skull"), std::string::npos);
}

}  // namespace
}  // namespace dawson::workflow
