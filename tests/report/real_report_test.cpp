// Pictures and reports of real scans, with the experts' masks in the place of a model's.
#include <gtest/gtest.h>

#include "dawson/core/json.h"
#include "dawson/report/display.h"
#include "dawson/report/overlay.h"
#include "dawson/volume/nifti.h"
#include "made_case.h"

namespace dawson::report {
namespace {

namespace fs = std::filesystem;

struct RealCase {
  volume::Image scan;
  segmentation::Segmentation segmentation;
};

double volume_ml(const volume::Mask& mask) {
  double voxels = 0;
  for (const std::uint8_t v : mask.data) voxels += v;
  return voxels * mask.grid.voxel_volume_mm3() / 1000;
}

RealCase read_case(const std::string& tree, const std::string& subject) {
  const fs::path data = fs::path(DAWSON_TEST_DATA) / tree;
  const fs::path masks = data / "derivatives" / "manual_masks" / subject / "anat";
  RealCase c;
  c.scan = volume::read_nifti(data / subject / "anat" / (subject + "_FLAIR.nii.gz")).image;
  auto& s = c.segmentation;
  s.lesion_mask =
      volume::read_nifti_mask(masks / (subject + "_space-FLAIR_label-lesion_mask.nii.gz"));
  const fs::path brain = masks / (subject + "_space-FLAIR_label-brain_mask.nii.gz");
  s.was_stripped = !fs::exists(brain);
  if (s.was_stripped) {
    s.brain_mask = volume::Mask(c.scan.grid);
    for (std::size_t v = 0; v < c.scan.data.size(); ++v) s.brain_mask.data[v] = c.scan.data[v] > 5;
  } else {
    s.brain_mask = volume::read_nifti_mask(brain);
  }
  s.lesions = segmentation::find_lesions(s.lesion_mask, {});
  s.lesion_volume_ml = volume_ml(s.lesion_mask);
  s.brain_volume_ml = volume_ml(s.brain_mask);
  return c;
}

void expect_report(const RealCase& c, const std::string& severity) {
  CaseReport r;
  r.stem = "sub-01";
  r.scan = &c.scan;
  r.segmentation = &c.segmentation;
  const made::Folder folder;
  write(r, folder.path());
  const core::Json json = core::read_json(folder.path() / "sub-01_report.json");
  EXPECT_EQ(json["lesions"]["total_isolated"], c.segmentation.lesions.size());
  EXPECT_EQ(json["severity"]["estimated"], severity);
  EXPECT_LT(fs::file_size(folder.path() / "sub-01_report.html"), 8U * 1000 * 1000);
  const std::string info =
      made::output_of("pdfinfo '" + (folder.path() / "sub-01_report.pdf").string() + "'");
  // First page, sizes, zooms, table (37 and 87 lesions), facts; without probabilities no heat
  // layer.
  const std::size_t at = info.find("Pages:");
  ASSERT_NE(at, std::string::npos) << info;
  EXPECT_GE(std::stoi(info.substr(at + 6)), 5);
}

// 22.97 of 1,744 ml: the non-zero bytes of the masks, counted apart from this program.
TEST(RealReport, OfThickSlicesWithSkull) {
  const RealCase c = read_case("tabriz", "sub-104670");
  EXPECT_NEAR(c.segmentation.lesion_volume_ml, 22.97, 0.01);
  EXPECT_EQ(display_of(c.scan.grid).plane, Plane::axial);
  expect_report(c, "moderate");
}

TEST(RealReport, OfAStrippedScanOfOneMillimetre) {
  const RealCase c = read_case("ljubljana", "sub-19");
  expect_report(c, "severe");
}

// Most of what the experts marked is in the twelve slices, and the brightest of the brain's slices
// shown stay within the picture's range.
TEST(RealOverlay, ShowsTheSlicesThatMatter) {
  const RealCase c = read_case("tabriz", "sub-104670");
  const Display d = display_of(c.scan.grid);
  const std::vector<int> chosen =
      choose_slices(c.segmentation.lesion_mask, &c.segmentation.brain_mask, d, 12);
  double shown = 0, all = 0;
  for (const std::uint8_t v : c.segmentation.lesion_mask.data) all += v;
  for (const int s : chosen) {
    for (const std::uint8_t v : cut(c.segmentation.lesion_mask, d, s).values) shown += v;
  }
  EXPECT_EQ(chosen.size(), 12U);
  EXPECT_GT(shown / all, 0.7);
}

}  // namespace
}  // namespace dawson::report
