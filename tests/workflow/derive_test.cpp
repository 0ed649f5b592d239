#include "dawson/workflow/derive.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "dawson/core/error.h"
#include "dawson/core/json.h"
#include "dawson/core/table.h"
#include "dawson/dataset/bids.h"
#include "support/made_models.h"
#include "support/made_tree.h"
#include "support/temporary_folder.h"

namespace dawson::workflow {
namespace {

namespace fs = std::filesystem;

/// Two stripped patients of one source, 3 mm voxels, and a library of one patient's lesions.
class Derive : public ::testing::Test {
 protected:
  void SetUp() override {
    const volume::Grid grid = test::centred({64, 76, 70}, {3, 3, 3});
    for (const char* sub : {"sub-01", "sub-02"}) {
      made::add_to_tree(folder_ / "data/site", sub, made::stripped_head(grid));
    }
    fs::create_directories(folder_ / "shapes");
    const std::vector<made::Ball> balls{{{-30, -10, 24}, 5}, {{28, 20, 20}, 4}, {{30, -30, 16}, 5}};
    volume::write_nifti(folder_ / "shapes/patient01.nii.gz",
                        made::stripped_head(grid, balls).lesions);
  }
  [[nodiscard]] DeriveSettings settings() const {
    DeriveSettings s;
    s.trees = {folder_ / "data/site"};
    s.atlas = made::atlas_folder();
    return s;
  }
  [[nodiscard]] DeriveSettings painting() const {
    DeriveSettings s = settings();
    s.painted = 2;
    s.shapes = folder_ / "shapes";
    s.least_load_ml = 0.5;
    s.greatest_load_ml = 1.5;
    return s;
  }
  [[nodiscard]] fs::path out() const { return folder_ / "out"; }
  Progress progress_;
  testing::TemporaryFolder folder_;
};

double lesion_ml(const dataset::Scan& scan) {
  const volume::Mask mask = volume::read_nifti_mask(*scan.lesion_mask);
  return static_cast<double>(std::count(mask.data.begin(), mask.data.end(), 1)) *
         mask.grid.voxel_volume_mm3() / 1000;
}

TEST_F(Derive, WritesLesionFreeTreesThatKeepSourceParticipantAndFileNames) {
  const CohortOutcome outcome = derive_cohort(settings(), out(), progress_);
  EXPECT_EQ(outcome.done, 2U);
  const auto before = dataset::find_scans(folder_ / "data");
  const auto after = dataset::find_scans(out());
  ASSERT_EQ(after.size(), 2U);
  for (std::size_t n = 0; n < 2; ++n) {
    EXPECT_EQ(after[n].patient(), before[n].patient());
    EXPECT_EQ(after[n].flair.filename(), before[n].flair.filename());
    ASSERT_TRUE(after[n].lesion_mask && after[n].brain_mask);
    EXPECT_EQ(lesion_ml(after[n]), 0);
    const auto scan = volume::read_nifti(after[n].flair).image;
    const auto original = volume::read_nifti(before[n].flair).image;
    const auto lesions = volume::read_nifti_mask(*before[n].lesion_mask);
    ASSERT_TRUE(volume::same_grid(scan.grid, original.grid));
    double inside = 0;
    double voxels = 0;
    for (std::size_t v = 0; v < scan.data.size(); ++v) {
      if (lesions.data[v] == 0) continue;
      inside += scan.data[v];
      ++voxels;
    }
    EXPECT_NEAR(inside / voxels, 100, 12) << "made tissue is 100, its lesions 170";
    EXPECT_TRUE(std::all_of(scan.data.begin(), scan.data.begin() + 100, [](float v) {
      return v == 0;
    })) << "no longer stripped";
  }
  const core::Json about = core::read_json(out() / "site/dataset_description.json");
  EXPECT_EQ(about["DatasetType"], "derivative");
  EXPECT_NE(about["GeneratedBy"][0]["Description"].get<std::string>().find("4 mm"),
            std::string::npos);
  const core::Table table = core::Table::read(out() / "site/derived.tsv");
  ASSERT_EQ(table.rows().size(), 2U);
  EXPECT_EQ(table.rows()[0][table.column("removed_lesions")], "3");
  EXPECT_EQ(table.rows()[0][table.column("made")], "lesion-free");
}

TEST_F(Derive, NamesConfluentOnesSoThatBothKindsCanTrain) {
  DeriveSettings settings = painting();
  settings.paint.confluent = true;
  derive_cohort(settings, out(), progress_);
  EXPECT_EQ(dataset::find_scans(out()).front().stem(), "sub-01_rec-confluent1");
}

TEST_F(Derive, PaintsSeveralVersionsUnderNamesOfTheirOwn) {
  EXPECT_EQ(derive_cohort(painting(), out(), progress_).done, 2U);
  const auto scans = dataset::find_scans(out());
  ASSERT_EQ(scans.size(), 4U);
  EXPECT_EQ(scans[0].stem(), "sub-01_rec-painted1");
  EXPECT_EQ(scans[1].stem(), "sub-01_rec-painted2");
  EXPECT_EQ(scans[1].patient(), "site/sub-01");
  const core::Table table = core::Table::read(out() / "site/derived.tsv");
  for (std::size_t n = 0; n < 4; ++n) {
    ASSERT_TRUE(scans[n].lesion_mask);
    EXPECT_GT(lesion_ml(scans[n]), 0.05);
    EXPECT_NEAR(std::stod(table.rows()[n][table.column("painted_ml")]), lesion_ml(scans[n]), 2e-3);
  }
  const core::Json sources =
      core::read_json(out() / "site/dataset_description.json").at("SourceDatasets");
  ASSERT_EQ(sources.size(), 2U);
  EXPECT_EQ(sources[0]["Description"], "the BIDS tree 'site'");
  EXPECT_EQ(sources[1]["Description"], "1 lesion mask of the folder 'shapes'");
  const auto first = volume::read_nifti_mask(*scans[0].lesion_mask);
  EXPECT_NE(first.data, volume::read_nifti_mask(*scans[1].lesion_mask).data);
}

TEST_F(Derive, KeepsOwnLesionsWhenAsked) {
  DeriveSettings s = painting();
  s.painted = 1;
  s.keep_lesions = true;
  derive_cohort(s, out(), progress_);
  const auto made = dataset::find_scans(out());
  const auto own = volume::read_nifti_mask(*dataset::find_scans(folder_ / "data")[0].lesion_mask);
  const auto all = volume::read_nifti_mask(*made[0].lesion_mask);
  std::size_t more = 0;
  for (std::size_t v = 0; v < own.data.size(); ++v) {
    ASSERT_GE(all.data[v], own.data[v]) << "an own lesion was lost";
    more += all.data[v] > own.data[v];
  }
  EXPECT_GT(more, 0U);
}

TEST_F(Derive, GivesAScanTheSameFilesWhateverElseIsInTheCohort) {
  derive_cohort(painting(), out(), progress_);
  fs::remove_all(folder_ / "data/site/sub-01");
  derive_cohort(painting(), folder_ / "alone", progress_);
  const char* file = "site/sub-02/anat/sub-02_rec-painted2_FLAIR.nii.gz";
  EXPECT_EQ(volume::read_nifti(out() / file).image.data,
            volume::read_nifti(folder_ / "alone" / file).image.data);
}

TEST_F(Derive, NamesAScanThatFailsAndGoesOn) {
  testing::write(made::flair_of(folder_ / "data/site", "sub-01"), "no image");
  const CohortOutcome outcome = derive_cohort(settings(), out(), progress_);
  EXPECT_EQ(outcome.done, 1U);
  ASSERT_EQ(outcome.failures.size(), 1U);
  EXPECT_NE(outcome.failures[0].find("site/sub-01"), std::string::npos);
  EXPECT_EQ(dataset::find_scans(out()).size(), 1U);
}

TEST_F(Derive, LeavesNothingWhenItRefuses) {
  const auto code = [&](const DeriveSettings& s) {
    try {
      derive_cohort(s, out(), progress_);
    } catch (const Error& e) {
      return e.code();
    }
    return ExitCode::done;
  };
  DeriveSettings s = painting();
  s.shapes = "";
  EXPECT_EQ(code(s), ExitCode::usage);
  s = settings();
  s.keep_lesions = true;
  EXPECT_EQ(code(s), ExitCode::usage);
  s = painting();
  s.shapes = folder_ / "data";
  EXPECT_EQ(code(s), ExitCode::input);
  for (const char* sub : {"sub-01", "sub-02"}) {
    testing::write(made::flair_of(folder_ / "data/site", sub), "no image");
  }
  EXPECT_EQ(code(settings()), ExitCode::input);
  EXPECT_FALSE(fs::exists(out()));
}

}  // namespace
}  // namespace dawson::workflow
