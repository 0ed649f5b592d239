// On the atlas's own outline and the scans of DAWSON_TEST_DATA, where they are.
#include "dawson/quality/orientation.h"

#include <gtest/gtest.h>

#include "dawson/core/folders.h"
#include "imaging/shapes.h"

namespace dawson::quality {
namespace {

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
        orientation_of(test::turned(atlas.brain, turn.front, turn.top), atlas, progress);
    EXPECT_TRUE(found.is_doubtful()) << turn.words << " " << found.as_it_is << " " << found.turned;
    EXPECT_EQ(found.turn, turn.words);
  }
}

TEST(HeadOrientation, IsSeenByWhatIsLeftOfABrain) {
  const anatomy::Atlas atlas = anatomy::Atlas::open(core::find_model_file("atlas"));
  Progress progress;
  for (const double missing_mm : {40.0, 60.0}) {
    const volume::Mask part = test::cut_off(atlas.brain, 2, missing_mm, true);
    const Orientation upright = orientation_of(part, atlas, progress);
    EXPECT_FALSE(upright.is_doubtful()) << upright.as_it_is << " " << upright.turned;
    EXPECT_GT(upright.as_it_is, 0.97);
    const Orientation found = orientation_of(test::turned(part, false, true), atlas, progress);
    EXPECT_TRUE(found.is_doubtful()) << missing_mm << " " << found.as_it_is << " " << found.turned;
    EXPECT_EQ(found.turn, "upside down");
  }
}

}  // namespace
}  // namespace dawson::quality
