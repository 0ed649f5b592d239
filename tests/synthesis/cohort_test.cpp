#include "dawson/synthesis/cohort.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <set>

#include "dawson/core/error.h"
#include "dawson/core/json.h"
#include "dawson/core/table.h"
#include "dawson/volume/nifti.h"

namespace dawson::synthesis {
namespace {

namespace fs = std::filesystem;

class TemporaryFolder {
 public:
  TemporaryFolder()
      : path_(fs::temp_directory_path() / ("dawson-cohort-" + std::to_string(getpid()))) {
    fs::remove_all(path_);
  }
  ~TemporaryFolder() { fs::remove_all(path_); }
  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

TEST(TrainingSet, NeverHoldsAReservedHead) {
  std::set<std::uint64_t> seeds;
  for (int n = 0; n < 200; ++n) {
    const PhantomSettings settings = training_settings(training_seed(3, n));
    EXPECT_FALSE(is_reserved(settings));
    EXPECT_TRUE(seeds.insert(settings.seed).second) << "a seed came twice";
  }
  EXPECT_EQ(training_seed(3, 0), 3U);
  EXPECT_EQ(training_seed(3, 1), 4U);
  EXPECT_EQ(training_seed(3, 2), 6U);
  EXPECT_EQ(training_seed(5, 0), 6U);
}

TEST(TrainingSet, UnwarpedHeadsAndFifthSeedsAreReserved) {
  PhantomSettings settings;
  settings.seed = 7;
  EXPECT_TRUE(is_reserved(settings));
  settings.warp_mm = 5;
  EXPECT_FALSE(is_reserved(settings));
  settings.seed = 10;
  EXPECT_TRUE(is_reserved(settings));
}

TEST(TrainingSet, SettingsCoverTheStatedRanges) {
  int without_lesions = 0;
  int with_skull = 0;
  int heavy = 0;
  int thick = 0;
  constexpr int heads = 600;
  for (int n = 0; n < heads; ++n) {
    const PhantomSettings s = training_settings(training_seed(1, n));
    without_lesions += s.lesion_load_ml == 0 ? 1 : 0;
    with_skull += s.skull ? 1 : 0;
    heavy += s.lesion_load_ml > 10 ? 1 : 0;
    thick += s.slice_mm > 3 ? 1 : 0;
    EXPECT_TRUE(s.lesion_load_ml == 0 || (s.lesion_load_ml >= 0.3 && s.lesion_load_ml <= 30));
    EXPECT_EQ(s.lesion_load_ml == 0, s.lesions == 0);
    EXPECT_GE(s.slice_mm, 1);
    EXPECT_LE(s.slice_mm, 7);
    EXPECT_GE(s.warp_mm, 4);
    EXPECT_LE(s.warp_mm, 8);
    EXPECT_TRUE(s.random_contrast);
  }
  EXPECT_NEAR(without_lesions, heads / 3.0, 40);
  EXPECT_NEAR(with_skull, 0.7 * heads, 40);
  EXPECT_GT(heavy, 50);
  EXPECT_GT(thick, 150);
}

TEST(LesionFreeSet, HoldsReservedHeadsAlone) {
  std::set<std::uint64_t> trained;
  for (int n = 0; n < 400; ++n) trained.insert(training_seed(1, n));
  for (const std::uint64_t first : {1, 5, 6}) {
    for (int n = 0; n < 50; ++n) {
      const std::uint64_t seed = reserved_seed(first, n);
      EXPECT_GE(seed, first);
      EXPECT_EQ(trained.count(seed), 0U) << seed;
      EXPECT_TRUE(is_reserved(lesion_free_settings(seed, n)));
    }
  }
  EXPECT_EQ(reserved_seed(5, 0), 5U);
  EXPECT_EQ(reserved_seed(6, 0), 10U);
  EXPECT_EQ(reserved_seed(6, 3), 25U);
}

TEST(LesionFreeSet, TurnsBetweenThinAndThickAndLowAndHighField) {
  std::set<std::pair<bool, bool>> kinds;
  for (int n = 0; n < 4; ++n) {
    const PhantomSettings s = lesion_free_settings(reserved_seed(5, n), n);
    EXPECT_EQ(s.lesion_load_ml, 0);
    EXPECT_EQ(s.lesions, 0);
    EXPECT_GE(s.warp_mm, 4);
    kinds.insert({s.slice_mm > 2, s.noise_percent < 3});
  }
  EXPECT_EQ(kinds.size(), 4U);
}

TEST(Cohort, IsForTrainingOrWithoutLesionsNotBoth) {
  const TemporaryFolder folder;
  CohortSettings settings;
  settings.training_set = true;
  settings.lesion_free = true;
  Progress progress;
  EXPECT_THROW(write_cohort(folder.path(), settings, progress), Error);
}

TEST(Cohort, WritesABidsTreeWithTruth) {
  const TemporaryFolder folder;
  CohortSettings settings;
  settings.phantom.seed = 5;
  settings.phantom.slice_mm = 5;
  settings.phantom.lesion_load_ml = 20;
  Progress progress;
  write_cohort(folder.path(), settings, progress);

  const auto flair =
      volume::read_nifti(folder.path() / "sub-phantom001/anat/sub-phantom001_FLAIR.nii.gz");
  const fs::path masks = folder.path() / "derivatives/manual_masks/sub-phantom001/anat";
  const auto lesions =
      volume::read_nifti_mask(masks / "sub-phantom001_space-FLAIR_label-lesion_mask.nii.gz");
  const auto brain =
      volume::read_nifti_mask(masks / "sub-phantom001_space-FLAIR_label-brain_mask.nii.gz");
  EXPECT_TRUE(flair.warnings.empty());
  EXPECT_TRUE(volume::same_grid(flair.image.grid, lesions.grid));
  EXPECT_TRUE(volume::same_grid(flair.image.grid, brain.grid));
  EXPECT_EQ(core::read_json(folder.path() / "dataset_description.json")["DatasetType"], "raw");

  const core::Table table = core::Table::read(folder.path() / "participants.tsv");
  ASSERT_EQ(table.rows().size(), 1U);
  const auto cell = [&](const char* name) { return table.rows()[0][table.column(name)]; };
  EXPECT_EQ(cell("participant_id"), "sub-phantom001");
  EXPECT_EQ(cell("seed"), "5");
  EXPECT_EQ(cell("reserved"), "yes");
  double lesion_ml = 0;
  for (const auto v : lesions.data) lesion_ml += v * lesions.grid.voxel_volume_mm3() / 1000;
  EXPECT_NEAR(std::stod(cell("lesion_load_ml")), lesion_ml, 2e-3);
  EXPECT_NEAR(lesion_ml, 20, 3);

  EXPECT_THROW(write_cohort(folder.path(), settings, progress), Error) << "overwrote";
}

TEST(Cohort, WithoutTheHeadLeavesNothingBehind) {
  const TemporaryFolder folder;
  CohortSettings settings;
  settings.head_folder = folder.path() / "nowhere";
  Progress progress;
  EXPECT_THROW(write_cohort(folder.path(), settings, progress), Error);
  EXPECT_FALSE(fs::exists(folder.path()));
}

}  // namespace
}  // namespace dawson::synthesis
