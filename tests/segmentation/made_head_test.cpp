#include "support/made_head.h"

#include <gtest/gtest.h>

#include "dawson/imaging/resample.h"
#include "dawson/segmentation/segmenter.h"
#include "support/made_models.h"
#include "support/temporary_folder.h"

namespace dawson::segmentation {
namespace {

using volume::operator*;

class MadeHead : public ::testing::Test {
 protected:
  MadeHead() {
    made::write_models(folder_ / "models");
    model_ = std::make_unique<model::Model>(made::open_models(folder_ / "models"));
  }
  [[nodiscard]] Segmentation run(const volume::Image& scan) const {
    Progress progress;
    return segment(*model_, scan, {}, progress);
  }

 private:
  testing::TemporaryFolder folder_;
  std::unique_ptr<model::Model> model_;
};

TEST_F(MadeHead, ItsLesionsAreFoundAndMeasured) {
  const made::Head made = made::head(made::coarse_grid());
  const Segmentation found = run(made.scan);
  EXPECT_EQ(found.lesions.size(), 3U);
  EXPECT_GT(made::dice(found.lesion_mask, made.lesions), 0.8);
  EXPECT_GT(made::dice(found.brain_mask, made.brain), 0.95);
  EXPECT_FALSE(found.was_stripped);
  EXPECT_NEAR(found.brain_volume_ml, anatomy::Brain{made.brain}.volume_ml(), 60);
  double voxels = 0;
  for (const auto v : found.lesion_mask.data) voxels += v;
  EXPECT_NEAR(found.lesion_volume_ml, voxels * 0.064, 1e-9);  // 4 mm voxels
}

TEST_F(MadeHead, TheSameScanGivesTheSameAnswerBitForBit) {
  const made::Head made = made::head(made::coarse_grid());
  const Segmentation once = run(made.scan);
  const Segmentation again = run(made.scan);
  EXPECT_EQ(once.probabilities.data, again.probabilities.data);
  EXPECT_EQ(once.lesion_mask.data, again.lesion_mask.data);
  EXPECT_EQ(once.brain_mask.data, again.brain_mask.data);
}

TEST_F(MadeHead, FlippedAndTransposedItHasTheSameLesions) {
  const made::Head made = made::head(made::coarse_grid());
  const Segmentation upright = run(made.scan);
  for (const auto& [order, backwards] :
       {std::pair<volume::Index3, std::array<bool, 3>>{{0, 1, 2}, {true, false, false}},
        {{1, 2, 0}, {false, true, true}}}) {
    const volume::Grid stored = test::stored_otherwise(made.scan.grid, order, backwards);
    const Segmentation other = run(imaging::resample_linear(made.scan, stored));
    ASSERT_TRUE(volume::same_grid(other.lesion_mask.grid, stored));
    EXPECT_GE(made::dice(imaging::resample_nearest(other.lesion_mask, made.scan.grid),
                         upright.lesion_mask),
              0.99);
  }
}

TEST_F(MadeHead, EverythingLiesOnTheScansOwnGrid) {
  const volume::Grid oblique =
      test::centred({96, 108, 34}, {2, 2, 6}, test::turn(0, 12) * test::turn(2, 7));
  const Segmentation found = run(made::head(oblique).scan);
  EXPECT_TRUE(volume::same_grid(found.probabilities.grid, oblique, 0));
  EXPECT_TRUE(volume::same_grid(found.lesion_mask.grid, oblique, 0));
  EXPECT_TRUE(volume::same_grid(found.brain_mask.grid, oblique, 0));
  EXPECT_EQ(found.lesions.size(), 3U);
}

TEST_F(MadeHead, WithoutLesionsNoneAreFound) {
  const Segmentation found = run(made::head(made::coarse_grid(), {}).scan);
  EXPECT_TRUE(found.lesions.empty());
  EXPECT_EQ(found.lesion_volume_ml, 0);
}

}  // namespace
}  // namespace dawson::segmentation
