// Pictures of real scans with the experts' masks: what is marked is what is bright.
#include <gtest/gtest.h>

#include <algorithm>

#include "dawson/report/comparison.h"
#include "dawson/report/zoom.h"
#include "dawson/volume/nifti.h"

namespace dawson::report {
namespace {

namespace fs = std::filesystem;

struct RealScan {
  volume::Image scan;
  volume::Mask lesions;
};

RealScan read(const std::string& tree, const std::string& subject) {
  const fs::path data = fs::path(DAWSON_TEST_DATA) / tree;
  const std::string mask = subject + "_space-FLAIR_label-lesion_mask.nii.gz";
  return {volume::read_nifti(data / subject / "anat" / (subject + "_FLAIR.nii.gz")).image,
          volume::read_nifti_mask(data / "derivatives" / "manual_masks" / subject / "anat" / mask)};
}

double mean_grey(const Picture& picture, int from, int to) {
  double sum = 0;
  for (int y = from; y < to; ++y) {
    for (int x = from; x < to; ++x) sum += picture.pixel(x, y)[2];
  }
  return sum / ((to - from) * (to - from));
}

// A mask drawn mirrored, or a slice too high, would lie on ordinary tissue or fluid.
TEST(RealPictures, ZoomInOnWhatIsBrighterThanItsSurroundings) {
  for (const auto& [tree, subject] : {std::pair{"tabriz", "sub-104670"},
                                      {"tabriz", "sub-106639"},
                                      {"ljubljana", "sub-26"},
                                      {"mslesseg", "sub-P39"}}) {
    const RealScan real = read(tree, subject);
    OverlayInput input;
    input.scan = &real.scan;
    input.lesions = &real.lesions;
    int brighter = 0, all = 0;
    for (const Zoom& zoom :
         draw_zooms(input, segmentation::find_lesions(real.lesions, {}), english(), 5, 240)) {
      for (const ZoomPlane& plane : zoom.planes) {
        // 1.5 mm around the lesion's voxel; the whole less its edges with their marks.
        brighter += mean_grey(plane.picture, 117, 123) > mean_grey(plane.picture, 40, 200) ? 1 : 0;
        ++all;
      }
    }
    EXPECT_EQ(all, 15) << subject;
    EXPECT_GE(brighter, 12) << subject << ": by chance about half";
  }
}

TEST(RealPictures, CompareAScanWithItself) {
  const RealScan real = read("tabriz", "sub-101228");
  OverlayInput input;
  input.scan = &real.scan;
  input.lesions = &real.lesions;
  input.reference = &real.lesions;
  const Pairs pairs = draw_pairs(input, 6, 200);
  ASSERT_EQ(pairs.prediction.tiles.size(), 6U);
  for (const Tile& tile : pairs.prediction.tiles) {
    for (int y = 0; y < tile.picture.height; ++y) {
      for (int x = 0; x < tile.picture.width; ++x) {
        const std::uint8_t* rgb = tile.picture.pixel(x, y);
        ASSERT_LE(rgb[0], std::max(rgb[1], rgb[2]) + 2) << "vermilion: nothing is false";
      }
    }
  }
}

}  // namespace
}  // namespace dawson::report
