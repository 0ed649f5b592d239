#include "dawson/report/scan_facts.h"

#include <gtest/gtest.h>

#include "dawson/report/histogram.h"
#include "dawson/report/words.h"
#include "made_case.h"

namespace dawson::report {
namespace {

ScanFacts facts_of(const std::string& orientation, const volume::Vector3& spacing) {
  return scan_facts(made::grid(orientation, {20, 20, 20}, spacing), {});
}

// Wattjes et al. (2021), Lancet Neurology 20:653: FLAIR 3D of 1 mm, or 2D of at most 3 mm and
// 1 mm × 1 mm in the plane.
TEST(ScanFacts, MeasureTheScanByTheCoreProtocol) {
  EXPECT_EQ(facts_of("RAS", {1, 1, 1}).protocol, Protocol::core_3d);
  EXPECT_EQ(facts_of("RAS", {1.02, 1.02, 1.02}).protocol, Protocol::core_3d);
  EXPECT_EQ(facts_of("RAS", {0.8, 0.8, 3}).protocol, Protocol::acceptable_2d);
  EXPECT_FALSE(facts_of("RAS", {0.8, 0.8, 3}).coarse_in_plane);
  EXPECT_TRUE(facts_of("RAS", {3, 1.2, 1.2}).coarse_in_plane);
  const ScanFacts thick = facts_of("RAS", {8.1, 0.9, 0.9});
  EXPECT_EQ(thick.protocol, Protocol::coarser);
  EXPECT_EQ(thick.slice_mm, 8.1);
  EXPECT_EQ(thick.in_plane_mm[0], 0.9);
  EXPECT_EQ(thick.field_of_view_mm, (volume::Vector3{162, 18, 18}));
}

TEST(ScanFacts, NameTheEdgesThatTheBrainReachesInTheWorldsDirections) {
  const volume::Grid grid = made::grid("LPS", {40, 40, 20}, {2, 2, 5});
  volume::Mask brain(grid);
  EXPECT_EQ(scan_facts(grid, brain).edges_reached, "");
  // 10 × 10 voxels of 2 × 2 mm are 4 cm²: on the last layer upwards, and too few (3 × 10) below.
  for (int i = 10; i < 20; ++i) {
    for (int j = 10; j < 20; ++j) brain.at(i, j, 19) = 1;
    for (int j = 10; j < 13; ++j) brain.at(i, j, 0) = 1;
  }
  EXPECT_EQ(scan_facts(grid, brain).edges_reached, "S");
  // Half of the side where x begins, which is the right: the first axis runs to the left.
  for (int j = 0; j < 20; ++j) {
    for (int k = 0; k < 19; ++k) brain.at(0, j, k) = 1;
  }
  EXPECT_EQ(scan_facts(grid, brain).edges_reached, "RS");
}

TEST(SizeHistogram, CountsEachLesionInItsClassAndTheRestApart) {
  segmentation::Segmentation s;
  for (const double mm3 : {3.0, 9.99, 10.0, 49.0, 99.9, 500.0, 12000.0}) {
    segmentation::Lesion lesion;
    lesion.volume_ml = mm3 / 1000;
    s.lesions.push_back(lesion);
    s.lesion_volume_ml += lesion.volume_ml;
  }
  s.lesion_volume_ml += 0.002;
  const SizeHistogram sizes = size_histogram(s);
  const std::array<std::size_t, 5> expected{2, 2, 1, 0, 2};
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(sizes.classes[i].lesions, expected[i]) << i;
  }
  EXPECT_NEAR(sizes.classes[4].volume_ml, 12.5, 1e-9);
  EXPECT_NEAR(sizes.uncounted_ml, 0.002, 1e-9);
  EXPECT_EQ(class_text(sizes.classes[0], english()), "3 to 10");
  EXPECT_EQ(class_text(sizes.classes[4], english()), "over 500");
}

}  // namespace
}  // namespace dawson::report
