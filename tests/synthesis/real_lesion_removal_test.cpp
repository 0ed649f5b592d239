// Lesions of real scans removed: a thick clinical scan of 1.5 T with skull, a stripped one of 3 T
// at 1 mm.
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "dawson/anatomy/brain.h"
#include "dawson/synthesis/lesion_removal.h"
#include "dawson/volume/nifti.h"
#include "synthesis/made_scan.h"

namespace dawson::synthesis {
namespace {

using volume::Image;
using volume::Mask;

struct RealScan {
  const char* source;
  const char* sub;
};

class RemovalFromScan : public ::testing::TestWithParam<RealScan> {
 protected:
  void SetUp() override {
    const std::string tree = std::string(DAWSON_TEST_DATA) + "/" + GetParam().source + "/";
    const std::string sub = GetParam().sub;
    const std::string masks = tree + "derivatives/manual_masks/" + sub + "/anat/" + sub;
    scan_ = volume::read_nifti(tree + sub + "/anat/" + sub + "_FLAIR.nii.gz").image;
    lesions_ = volume::read_nifti_mask(masks + "_space-FLAIR_label-lesion_mask.nii.gz");
    brain_ = anatomy::is_stripped(scan_)
                 ? anatomy::stripped_outline(scan_)
                 : volume::read_nifti_mask(masks + "_space-FLAIR_label-brain_mask.nii.gz");
    static std::map<std::string, LesionFree> results;  // one removal serves all tests of a scan
    if (results.count(sub) == 0) {
      Progress progress;
      results[sub] = remove_lesions(scan_, lesions_, brain_, core::Random(1), progress);
    }
    result_ = results[sub];
  }
  /// Tissue 5–10 mm from lesions, 8 mm inside the brain, within the brain's middle values: mostly
  /// normal white matter near lesions, found in another way than the removal's own.
  [[nodiscard]] Mask normal() const {
    const anatomy::RobustScale scale = anatomy::robust_scale(scan_, brain_);
    const Image mm = imaging::distance_to_mm(lesions_);
    Mask mask = imaging::erode_mm(brain_, 8);
    for (std::size_t v = 0; v < mask.data.size(); ++v) {
      const double z = (scan_.data[v] - scale.median) / scale.deviation;
      if (mm.data[v] < 5 || mm.data[v] > 10 || std::abs(z) > 1.5) mask.data[v] = 0;
    }
    return mask;
  }
  /// Lesion voxels that are filled and not at fluid, deep enough for their neighbours to be so too.
  [[nodiscard]] Mask filled_lesions() const {
    Mask mask = lesions_;
    for (std::size_t v = 0; v < mask.data.size(); ++v) mask.data[v] &= result_.filled.data[v];
    return mask;
  }
  Image scan_;
  Mask lesions_, brain_;
  LesionFree result_;
};

TEST_P(RemovalFromScan, FilledVoxelsAreDistributedAsNormalWhiteMatter) {
  const anatomy::RobustScale brain = anatomy::robust_scale(scan_, brain_);
  const anatomy::RobustScale usual = anatomy::robust_scale(scan_, normal());
  const anatomy::RobustScale before = anatomy::robust_scale(scan_, filled_lesions());
  const anatomy::RobustScale after = anatomy::robust_scale(result_.scan, filled_lesions());
  const double z_before = (before.median - usual.median) / brain.deviation;
  const double z_after = (after.median - usual.median) / brain.deviation;
  RecordProperty("z_before", std::to_string(z_before));
  RecordProperty("z_after", std::to_string(z_after));
  RecordProperty("deviation_ratio", std::to_string(after.deviation / usual.deviation));
  EXPECT_GT(z_before, 1.5);
  EXPECT_NEAR(z_after, 0, 0.3);
  EXPECT_GT(after.deviation / usual.deviation, 0.5);
  EXPECT_LT(after.deviation / usual.deviation, 1.2);
}

TEST_P(RemovalFromScan, LeavesNoEdge) {
  const Mask tissue = imaging::erode_mm(brain_, 8);
  const double before = step_across(scan_, lesions_, tissue);
  const double after = step_across(result_.scan, lesions_, tissue);
  const double rim = step_across(result_.scan, result_.filled, tissue);
  const double usual = step_along(scan_, normal(), 0);
  RecordProperty("edge_before", std::to_string(before / usual));
  RecordProperty("edge_after", std::to_string(after / usual));
  RecordProperty("rim", std::to_string(rim / usual));
  EXPECT_LT(after, 0.6 * before);
  EXPECT_LT(after, 1.3 * usual);
}

TEST_P(RemovalFromScan, ChangesNothingBeyondTheMargin) {
  const Image mm = imaging::distance_to_mm(lesions_);
  std::size_t filled = 0;
  for (std::size_t v = 0; v < scan_.data.size(); ++v) {
    filled += result_.filled.data[v];
    if (mm.data[v] >= 4 || result_.filled.data[v] == 0) {
      ASSERT_EQ(result_.scan.data[v], scan_.data[v]) << v;
    }
  }
  EXPECT_GT(filled, 0U);
}

INSTANTIATE_TEST_SUITE_P(Real, RemovalFromScan,
                         ::testing::Values(RealScan{"tabriz", "sub-107130"},
                                           RealScan{"tabriz", "sub-101627"},
                                           RealScan{"ljubljana", "sub-26"}),
                         [](const auto& scan) {
                           std::string name = scan.param.sub;
                           name.erase(3, 1);
                           return name;
                         });

}  // namespace
}  // namespace dawson::synthesis
