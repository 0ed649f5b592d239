#include "dawson/report/severity.h"

#include <gtest/gtest.h>

#include <cmath>

#include "dawson/core/error.h"
#include "dawson/report/words.h"

namespace dawson::report {
namespace {

// The example of the original program's report: 8 lesions, 2.37 % of the brain.
TEST(Severity, OfTheOriginalsExampleIsModerate) {
  EXPECT_EQ(severity_of(2.37), Severity::moderate);
}

TEST(Severity, BandsBeginAtTheirLimits) {
  EXPECT_EQ(severity_of(0), Severity::none);
  EXPECT_EQ(severity_of(1e-6), Severity::minimal);
  EXPECT_EQ(severity_of(0.0999), Severity::minimal);
  EXPECT_EQ(severity_of(0.1), Severity::mild);
  EXPECT_EQ(severity_of(0.999), Severity::mild);
  EXPECT_EQ(severity_of(1), Severity::moderate);
  EXPECT_EQ(severity_of(2.999), Severity::moderate);
  EXPECT_EQ(severity_of(3), Severity::severe);
  EXPECT_EQ(severity_of(80), Severity::severe);
}

TEST(Severity, FollowsBandsThatAreGiven) {
  const SeverityBands bands{0.5, 2, 2.2};
  EXPECT_EQ(severity_of(0.4, bands), Severity::minimal);
  EXPECT_EQ(severity_of(2.37, bands), Severity::severe);
}

TEST(Severity, IsUndeterminedWithoutBrain) {
  segmentation::Segmentation s;
  s.lesion_volume_ml = 1;
  EXPECT_TRUE(std::isnan(lesion_percent(s)));
  EXPECT_EQ(severity_of(lesion_percent(s)), Severity::undetermined);
}

TEST(Severity, RefusesBandsOutOfOrder) {
  for (const SeverityBands& bands :
       {SeverityBands{1, 0.5, 3}, SeverityBands{0, 1, 3}, SeverityBands{0.1, 1, NAN}}) {
    try {
      check_bands(bands);
      FAIL();
    } catch (const Error& e) {
      EXPECT_EQ(e.code(), ExitCode::usage);
    }
  }
}

TEST(LesionCounts, TellTheSizesApart) {
  segmentation::Lesion sphere, below, voxel;
  sphere.voxels = 14;
  sphere.volume_ml = 14.138e-3;  // a sphere of 3 mm holds 14.137 mm³
  below.voxels = 14;
  below.volume_ml = 14.0e-3;
  voxel.voxels = 1;
  voxel.volume_ml = 5.4e-3;
  const LesionCounts counts = count({sphere, below, voxel});
  EXPECT_EQ(counts.total, 3U);
  EXPECT_EQ(counts.of_3mm_diameter, 1U);
  EXPECT_EQ(counts.single_voxel, 1U);
}

TEST(Words, AreFilledInAtTheirPlaces) {
  EXPECT_EQ(filled("{1} of {0}, {1}", {"ten", "two"}), "two of ten, two");
  EXPECT_EQ(filled("{7} {x} {", {"a"}), "{7} {x} {");
  EXPECT_EQ(filled("{0}", {"{0}"}), "{0}");
}

}  // namespace
}  // namespace dawson::report
