#include "dawson/synthesis/lesion_painting.h"

#include <gtest/gtest.h>

#include "dawson/anatomy/brain.h"
#include "dawson/core/error.h"
#include "dawson/imaging/morphology.h"
#include "dawson/lesions/lesions.h"
#include "dawson/synthesis/lesion_shapes.h"
#include "dawson/volume/nifti.h"
#include "support/temporary_folder.h"
#include "synthesis/made_scan.h"

namespace dawson::synthesis {
namespace {

using volume::Image;
using volume::Mask;

/// A ball of this radius about the origin of MNI152, as a library would hold it at 1 mm.
Mask ball(double radius_mm, const volume::Vector3& centre = {0, 0, 0}) {
  volume::Grid grid;
  grid.size = {91, 109, 91};
  grid.spacing = {2, 2, 2};
  grid.origin = {-90, -126, -72};
  Mask mask(grid);
  for (int k = 0; k < grid.size[2]; ++k) {
    for (int j = 0; j < grid.size[1]; ++j) {
      for (int i = 0; i < grid.size[0]; ++i) {
        const auto w = grid.to_world({1.0 * i, 1.0 * j, 1.0 * k});
        mask.at(i, j, k) =
            std::hypot(w[0] - centre[0], w[1] - centre[1], w[2] - centre[2]) <= radius_mm;
      }
    }
  }
  return mask;
}

/// Balls spread over the made scan's white matter.
std::vector<LesionShape> made_shapes() {
  std::vector<LesionShape> shapes;
  for (const double radius : {3.0, 4.0, 5.0}) {
    for (const volume::Vector3& at :
         {volume::Vector3{25, 0, 4}, {-22, -14, 0}, {4, 28, -6}, {-10, 24, 12}}) {
      Mask mask = ball(radius, at);
      double volume = 0;
      for (const auto v : mask.data) volume += v * mask.grid.voxel_volume_mm3();
      shapes.push_back({std::move(mask), volume, "made"});
    }
  }
  return shapes;
}

Painted paint(const MadeScan& made, double load_ml, const Mask& lesions, std::uint64_t seed = 3) {
  Progress progress;
  PaintSettings settings;
  settings.load_ml = load_ml;
  return paint_lesion_shapes(made.scan, lesions, made.brain, made_shapes(), {}, settings,
                             core::Random(seed), progress);
}

/// The made scan as if it had never had lesions.
MadeScan healthy(const volume::Vector3& spacing) {
  MadeScan made = made_scan(spacing);
  made.scan = made.clean;
  made.lesions = Mask(made.scan.grid);
  return made;
}

class LesionPainting : public ::testing::TestWithParam<volume::Vector3> {};

TEST_P(LesionPainting, ReachesTheLoadWithLesionsOfTheStatedBrightness) {
  const MadeScan made = healthy(GetParam());
  const Painted painted = paint(made, 1.5, made.lesions);
  EXPECT_NEAR(painted.painted_ml, 1.5, 0.35);
  EXPECT_GE(painted.count, 3);
  const auto found = lesions::find_components(
      painted.painted.data, {painted.painted.grid.size, painted.painted.grid.spacing});
  EXPECT_GT(found.components.size(), 2U);
  const anatomy::RobustScale scale = anatomy::robust_scale(painted.scan, made.brain);
  for (const lesions::Component& lesion : found.components) {
    if (lesion.voxels < 20) continue;
    Mask own(made.scan.grid);
    for (std::size_t v = 0; v < own.data.size(); ++v) own.data[v] = found.labels[v] == lesion.label;
    const double z =
        (anatomy::robust_scale(painted.scan, own).median - scale.median) / scale.deviation;
    EXPECT_GT(z, 1.0) << "lesion " << lesion.label;
    EXPECT_LT(z, 4.8) << "lesion " << lesion.label;
  }
}

TEST_P(LesionPainting, StaysInTissueAndAwayFromOtherLesions) {
  const MadeScan made = made_scan(GetParam());
  const Painted painted = paint(made, 1.0, made.lesions);
  ASSERT_GT(painted.count, 0);
  const Image lesion_mm = imaging::distance_to_mm(made.lesions);
  std::size_t in_fluid = 0;
  std::size_t all = 0;
  for (std::size_t v = 0; v < made.scan.data.size(); ++v) {
    EXPECT_EQ(painted.lesions.data[v], made.lesions.data[v] | painted.painted.data[v]);
    if (painted.painted.data[v] == 0) continue;
    ++all;
    in_fluid += made.fluid.data[v];
    ASSERT_EQ(made.brain.data[v], 1);
    ASSERT_GT(lesion_mm.data[v], 2 - 1e-3);
  }
  EXPECT_LE(static_cast<double>(in_fluid), 0.1 * static_cast<double>(all));
}

TEST_P(LesionPainting, ChangesNothingFarFromLesionsAndKeepsTheNoise) {
  const MadeScan made = healthy(GetParam());
  const Painted painted = paint(made, 0.6, made.lesions);
  const Image mm = imaging::distance_to_mm(painted.painted);
  for (std::size_t v = 0; v < made.scan.data.size(); ++v) {
    if (mm.data[v] <= 24) continue;  // soft edges, thick slices and halo together
    ASSERT_EQ(painted.scan.data[v], made.scan.data[v]) << v;
  }
  const double before = step_along(made.scan, painted.painted, 0);
  const double after = step_along(painted.scan, painted.painted, 0);
  EXPECT_GT(after, 0.8 * before) << "lesions without the scan's noise";
}

TEST_P(LesionPainting, IsDeterministicInTheSeed) {
  const MadeScan made = healthy(GetParam());
  const Painted first = paint(made, 0.5, made.lesions, 8);
  const Painted again = paint(made, 0.5, made.lesions, 8);
  EXPECT_EQ(first.scan.data, again.scan.data);
  EXPECT_EQ(first.painted.data, again.painted.data);
  EXPECT_NE(first.painted.data, paint(made, 0.5, made.lesions, 9).painted.data);
}

TEST_P(LesionPainting, ConfluentOnesAreLargeAndEndWhereTheFluidBegins) {
  const MadeScan made = healthy(GetParam());
  std::vector<LesionShape> shapes;  // so many small ones that a large one is drawn for its volume
  for (int copy = 0; copy < 10; ++copy) {
    for (const LesionShape& small : made_shapes()) shapes.push_back(small);
  }
  for (const volume::Vector3& at : {volume::Vector3{16, 0, 0}, {-16, 0, 0}, {0, 16, 0}}) {
    shapes.push_back({ball(9, at), 3054, "made"});  // a third of it in the fluid
  }
  Progress progress;
  PaintSettings settings;
  settings.load_ml = 4;
  settings.confluent = true;
  const Painted painted = paint_lesion_shapes(made.scan, made.lesions, made.brain, shapes, {},
                                              settings, core::Random(3), progress);
  const auto found = lesions::find_components(
      painted.painted.data, {painted.painted.grid.size, painted.painted.grid.spacing});
  EXPECT_GT(found.components.front().volume_mm3, 1200);
  for (std::size_t v = 0; v < made.scan.data.size(); ++v) {
    if (painted.painted.data[v] == 0) continue;
    ASSERT_GT(made.scan.data[v], 0.5 * made_white) << "painted into fluid";
  }
}

INSTANTIATE_TEST_SUITE_P(Spacings, LesionPainting,
                         ::testing::Values(volume::Vector3{1.5, 1.5, 1.5},
                                           volume::Vector3{1, 1, 6}));

TEST(LesionShapes, AreCutOutOneByOneInTheirPlace) {
  const testing::TemporaryFolder folder;
  Mask mask = ball(6, {-30, 10, 20});
  const Mask other = ball(4, {28, -20, 20});
  for (std::size_t v = 0; v < mask.data.size(); ++v) mask.data[v] |= other.data[v];
  volume::write_nifti(folder / "patient01_mask.nii.gz", mask);
  volume::write_nifti(folder / "patient02_mask.nii.gz", ball(5, {0, 0, 40}));
  const std::vector<LesionShape> shapes = read_lesion_shapes(folder.path());
  ASSERT_EQ(shapes.size(), 3U);
  EXPECT_EQ(shapes[0].from, "patient01_mask.nii.gz");
  EXPECT_GT(shapes[0].volume_mm3, shapes[1].volume_mm3);
  EXPECT_NEAR(shapes[0].volume_mm3, 4.0 / 3 * 3.14159 * 216, 120);
  const volume::Grid& grid = shapes[0].mask.grid;
  const auto middle =
      grid.to_world({(grid.size[0] - 1) / 2.0, (grid.size[1] - 1) / 2.0, (grid.size[2] - 1) / 2.0});
  EXPECT_NEAR(middle[0], -30, 0.1);
  EXPECT_NEAR(middle[1], 10, 0.1);
  EXPECT_NEAR(middle[2], 20, 0.1);
  EXPECT_LT(shapes[0].mask.data.size(), 20U * 20 * 20);
}

TEST(LesionShapes, RefuseFoldersWithoutLesionsAndMasksOfAnotherSpace) {
  const testing::TemporaryFolder folder;
  EXPECT_THROW(read_lesion_shapes(folder / "nowhere"), Error);
  volume::write_nifti(folder / "empty_mask.nii.gz", ball(0.1, {0.7, 0.7, 0.7}));
  EXPECT_THROW(read_lesion_shapes(folder.path()), Error);
  Mask far = ball(6);
  far.grid.origin[2] += 500;
  volume::write_nifti(folder / "far_mask.nii.gz", far);
  EXPECT_THROW(read_lesion_shapes(folder.path()), Error);
}

}  // namespace
}  // namespace dawson::synthesis
