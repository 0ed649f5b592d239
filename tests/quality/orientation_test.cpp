// On the atlas's own outline and the scans of DAWSON_TEST_DATA, where they are.
#include "dawson/quality/orientation.h"

#include <gtest/gtest.h>

#include "dawson/core/folders.h"
#include "imaging/shapes.h"

namespace dawson::quality {
namespace {

/// The outline with its world turned over.
volume::Mask turned(volume::Mask mask, bool front, bool top) {
  for (const std::size_t world : {std::size_t{1}, std::size_t{2}}) {
    if (!(world == 1 ? front : top)) continue;
    mask.grid.origin[world] *= -1;
    for (double& d : mask.grid.direction[world]) d *= -1;
  }
  return mask;
}

TEST(HeadOrientation, IsDoubtedWhereAnotherFitsBetter) {
  const anatomy::Atlas atlas = anatomy::Atlas::open(core::find_model_file("atlas"));
  Progress progress;
  const Orientation upright = orientation_of(atlas.brain, atlas, progress);
  EXPECT_FALSE(upright.is_doubtful()) << upright.as_it_is << " " << upright.turned;
  EXPECT_GT(upright.as_it_is, 0.98);
  const struct {
    bool front, top;
    const char* words;
  } turns[] = {{false, true, "upside down"},
               {true, false, "back to front"},
               {true, true, "upside down and back to front"}};
  for (const auto& turn : turns) {
    const Orientation found =
        orientation_of(turned(atlas.brain, turn.front, turn.top), atlas, progress);
    EXPECT_TRUE(found.is_doubtful()) << turn.words << " " << found.as_it_is << " " << found.turned;
    EXPECT_EQ(found.turn, turn.words);
  }
}

TEST(HeadOrientation, IsSeenByWhatIsLeftOfABrain) {
  const anatomy::Atlas atlas = anatomy::Atlas::open(core::find_model_file("atlas"));
  Progress progress;
  for (const double height : {20.0, 40.0}) {
    const volume::Mask part = test::kept_on_one_side(atlas.brain, 2, height, false);
    const Orientation upright = orientation_of(part, atlas, progress);
    EXPECT_FALSE(upright.is_doubtful()) << upright.as_it_is << " " << upright.turned;
    EXPECT_GT(upright.as_it_is, 0.97);
    const Orientation found = orientation_of(turned(part, false, true), atlas, progress);
    EXPECT_TRUE(found.is_doubtful()) << height << " " << found.as_it_is << " " << found.turned;
    EXPECT_EQ(found.turn, "upside down");
  }
}

}  // namespace
}  // namespace dawson::quality
