#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "dawson/anatomy/location.h"
#include "dawson/volume/nifti.h"
#include "support/made_bundles.h"
#include "support/made_head.h"

namespace dawson::anatomy {
namespace {

double distance(const volume::Vector3& a, const volume::Vector3& b) {
  return std::hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

// Where the volume ended 40 mm too early, the brain was stretched to fill the whole: by 10 – 27 mm.
TEST(RealLocation, IsKeptWhenPartOfTheBrainIsBeyondTheVolume) {
  const auto atlas = made::atlas();
  const auto for_brain = [](const volume::Mask& mask, const auto& visit) {
    for (int k = 0; k < mask.grid.size[2]; ++k) {
      for (int j = 0; j < mask.grid.size[1]; j += 4) {
        for (int i = 0; i < mask.grid.size[0]; i += 4) {
          if (mask.at(i, j, k) != 0) visit(mask.grid.to_world({double(i), double(j), double(k)}));
        }
      }
    }
  };
  for (const std::string subject : {"sub-107130", "sub-101627"}) {
    const volume::Mask whole = volume::read_nifti_mask(
        std::filesystem::path(DAWSON_TEST_DATA) / "tabriz/derivatives/manual_masks" / subject /
        "anat" / (subject + "_space-FLAIR_label-brain_mask.nii.gz"));
    Progress quiet;
    const imaging::Affine usual = locate(whole, *atlas, quiet).fixed_to_moving;
    EXPECT_TRUE(quiet.warnings().empty());
    struct Cut {
      double missing_mm;
      bool above;
    };
    for (const Cut cut : {Cut{40, true}, Cut{60, true}, Cut{40, false}}) {
      SCOPED_TRACE(::testing::Message() << subject << ", " << cut.missing_mm << " mm missing "
                                        << (cut.above ? "above" : "below"));
      const volume::Mask part = test::cut_off(whole, 2, cut.missing_mm, cut.above);
      Progress progress;
      const imaging::Alignment found = locate(part, *atlas, progress);
      double sum = 0;
      int points = 0;
      for_brain(part, [&](const volume::Vector3& p) {
        sum += distance(found.fixed_to_moving(p), usual(p));
        ++points;
      });
      EXPECT_LT(sum / points, 5);
      ASSERT_EQ(progress.warnings().size(), 1U);
      EXPECT_NE(progress.warnings()[0].find("ends within the brain"), std::string::npos);
    }
  }
}

}  // namespace
}  // namespace dawson::anatomy
