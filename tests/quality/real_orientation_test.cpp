#include <gtest/gtest.h>

#include "dawson/core/folders.h"
#include "dawson/quality/orientation.h"
#include "dawson/volume/nifti.h"
#include "imaging/shapes.h"

namespace dawson::quality {
namespace {

TEST(RealOrientation, IsSeenByWhatIsLeftOfABrain) {
  const anatomy::Atlas atlas = anatomy::Atlas::open(core::find_model_file("atlas"));
  Progress progress;
  for (const std::string subject : {"sub-107130", "sub-101627"}) {
    const volume::Mask whole = volume::read_nifti_mask(
        std::string(DAWSON_TEST_DATA) + "/tabriz/derivatives/manual_masks/" + subject + "/anat/" +
        subject + "_space-FLAIR_label-brain_mask.nii.gz");
    for (const bool above : {true, false}) {
      SCOPED_TRACE(subject + (above ? ", crown missing" : ", base missing"));
      const volume::Mask part = test::cut_off(whole, 2, 40, above);
      const Orientation upright = orientation_of(part, atlas, progress);
      EXPECT_FALSE(upright.is_doubtful()) << upright.as_it_is << " " << upright.turned;
      const Orientation over = orientation_of(test::turned(part, false, true), atlas, progress);
      EXPECT_TRUE(over.is_doubtful()) << over.as_it_is << " " << over.turned;
    }
  }
}

}  // namespace
}  // namespace dawson::quality
