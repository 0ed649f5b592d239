// A T1w beside the FLAIR, from trees to masks.
#include <gtest/gtest.h>

#include "dawson/core/error.h"
#include "dawson/core/hash.h"
#include "dawson/training/presets.h"
#include "dawson/training/trainer.h"
#include "dawson/workflow/prepare.h"
#include "dawson/workflow/segment.h"
#include "support/made_models.h"
#include "support/made_sequences.h"
#include "support/made_tree.h"
#include "support/temporary_folder.h"

namespace dawson::workflow {
namespace {

namespace fs = std::filesystem;
using volume::operator*;

const preprocessing::RecipeSettings with_t1w = {
    .in_plane_mm = 4, .slice_mm = 4, .remove_bias = false, .sequences = {"T1w"}};

volume::Grid grid() {
  return made::coarse_grid();
}

class Sequences : public ::testing::Test {
 protected:
  Sequences() { made::write_models(folder_ / "models", with_t1w); }

  [[nodiscard]] fs::path tree() const { return folder_ / "site"; }
  [[nodiscard]] fs::path path(const std::string& name) const { return folder_ / name; }

  fs::path add(const std::string& sub, const made::Head& head, const volume::Image& t1w) const {
    made::add_to_tree(tree(), sub, head);
    const fs::path file = tree() / sub / "anat" / (sub + "_T1w.nii.gz");
    volume::write_nifti(file, t1w);
    return file;
  }

  [[nodiscard]] preprocessing::Recipe recipe() const {
    return preprocessing::Recipe(with_t1w,
                                 std::make_shared<const anatomy::BrainFinder>(
                                     bundle::Bundle::open(folder_ / "models" / "brain")),
                                 made::atlas());
  }

  /// Finds what is bright on the FLAIR; `t1w` weighs in the T1w.
  [[nodiscard]] model::Model pixel_model(float t1w) const {
    made::pixel_bundle("lesion", {3, t1w, 0}, -12, recipe().to_json())
        .save(folder_ / "pixel", /*half=*/true, /*overwrite=*/true);
    return model::open(folder_ / "pixel", folder_ / "models" / "brain", made::atlas_folder());
  }

  CohortOutcome prepare(Progress& progress) const {
    return prepare_lesions(dataset::find_scans(tree()), recipe(), path("cache"), {}, progress);
  }

 private:
  testing::TemporaryFolder folder_;
};

const imaging::Affine displacement{test::turn(0, 5) * test::turn(2, -8), {12, -9, 10}};

TEST_F(Sequences, AreTrainedOnAndFoundAgainWhereverTheyLie) {
  const made::Head first = made::head(grid());
  const made::Head second = made::head(grid(), {{{26, 14, 20}, 9}, {{-24, -30, 16}, 8}});
  made::add_to_tree(tree(), "sub-01", first);  // without a T1w
  add("sub-02", second, made::displaced(made::t1w(second.scan), displacement));
  Progress progress;
  ASSERT_EQ(prepare(progress).done, 2U);
  EXPECT_TRUE(progress.warnings().empty()) << progress.warnings().front();

  training::TrainingSettings settings =
      training::with_sequences(training::default_settings("lesion"), 1);
  settings.network.width = 4;
  settings.network.levels = 2;
  settings.iterations = 60;
  settings.batch = 4;
  settings.patch = 32;
  settings.learning_rate = 0.02;
  settings.warmup_iterations = 5;
  settings.average_decay = 0.9;
  settings.compute = "float32";
  training::train({{path("cache"), {}, 1.0}}, settings, path("run"), false, progress);
  const model::Model model =
      model::open(path("run") / "model", path("models") / "brain", made::atlas_folder());
  EXPECT_EQ(model.bundle.input.offsets_mm,
            (std::vector<std::vector<double>>{{-3, 0, 3}, {0}, {0}}));

  const volume::Image t1w = made::t1w(first.scan);
  const auto found = [&](std::vector<preprocessing::OtherScan> others) {
    return segmentation::segment(model, {first.scan, std::move(others)}, {}, progress);
  };
  const auto aligned = found({{"T1w", t1w}});
  EXPECT_EQ(aligned.sequences, (std::vector<std::string>{"FLAIR", "T1w"}));
  EXPECT_GT(made::dice(aligned.lesion_mask, first.lesions), 0.7);

  const auto moved = found({{"T1w", made::displaced(t1w, displacement)}});
  EXPECT_EQ(moved.sequences, aligned.sequences);
  EXPECT_GT(made::dice(moved.lesion_mask, aligned.lesion_mask), 0.9);

  const auto alone = found({});
  EXPECT_EQ(alone.sequences, (std::vector<std::string>{"FLAIR"}));
  EXPECT_GT(made::dice(alone.lesion_mask, first.lesions), 0.5);
  EXPECT_TRUE(progress.warnings().empty());

  const auto refused = found({{"T1w", made::t1w(made::other_head(grid()).scan)}});
  EXPECT_EQ(refused.sequences, alone.sequences);
  EXPECT_EQ(refused.lesion_mask.data, alone.lesion_mask.data);
  ASSERT_EQ(progress.warnings().size(), 1U);
  EXPECT_NE(progress.warnings()[0].find("the T1w is left out"), std::string::npos)
      << progress.warnings()[0];
}

TEST_F(Sequences, ThatCannotBeAreNamedAndTheScanIsPreparedWithoutThem) {
  const made::Head head = made::head(grid());
  const fs::path file = add("sub-01", head, volume::Image(grid(), 7.0F));
  made::add_to_tree(tree(), "sub-02", head);
  Progress progress;
  EXPECT_EQ(prepare(progress).done, 2U);
  ASSERT_EQ(progress.warnings().size(), 1U);
  EXPECT_TRUE(progress.warnings()[0].starts_with("site/sub-01: the T1w is left out: "))
      << progress.warnings()[0];
  const cache::Cache cache = cache::Cache::open(path("cache"));
  for (const cache::Entry& entry : cache.entries()) {
    ASSERT_EQ(entry.channels.size(), 3U);
    EXPECT_EQ(entry.channels[1].name, "T1w");
    const cache::Arrays arrays = cache.load(entry);
    const auto t1w = arrays.image.begin() + static_cast<std::ptrdiff_t>(entry.voxels());
    // Byte 0 is what sequence dropout writes into a channel: channel_roles' background.
    EXPECT_TRUE(std::all_of(t1w, t1w + static_cast<std::ptrdiff_t>(entry.voxels()),
                            [](std::uint8_t v) { return v == 0; }));
  }
  EXPECT_EQ(training::sequences_beside_flair(cache), 1);

  const std::string before = cache.entries().front().content_sha256;
  volume::write_nifti(file, made::t1w(head.scan));  // a new T1w is a new content
  Progress again;
  EXPECT_EQ(prepare(again).done, 2U);
  EXPECT_NE(cache::Cache::open(path("cache")).entries().front().content_sha256, before);
  EXPECT_TRUE(again.warnings().empty());
}

TEST_F(Sequences, StandInReportAndRunRecordAndAreFoundBesideTheFlairsOfATree) {
  const made::Head head = made::head(grid());
  const fs::path t1w = add("sub-01", head, made::t1w(head.scan));
  Progress progress;
  const std::vector<SegmentJob> jobs = find_jobs({tree()}, path("out"), progress);
  ASSERT_EQ(jobs.size(), 1U);
  EXPECT_EQ(jobs.front().others.at("T1w"), t1w);
  segment_scan(jobs.front(), segmentation::Network(pixel_model(-0.5F), {}), {}, progress);
  const fs::path folder = path("out") / "sub-01" / "anat";
  EXPECT_EQ(core::read_json(folder / "sub-01_report.json").at("image").at("sequences"),
            (core::Json{"FLAIR", "T1w"}));
  const core::Json run = core::read_json(folder / "sub-01_run.json");
  const core::Json& record = run.at("sequences").at(0);
  EXPECT_EQ(record.at("name"), "T1w");
  EXPECT_EQ(record.at("sha256"), core::sha256_file(t1w));
  EXPECT_EQ(record.at("used"), true);
  EXPECT_EQ(recorded_others(run, folder).at("T1w"), t1w);
  volume::write_nifti(t1w, head.scan);
  EXPECT_THROW(recorded_others(run, folder), Error);
}

}  // namespace
}  // namespace dawson::workflow
