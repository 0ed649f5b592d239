// Known displacements of a real T1w scan that its source had brought to the FLAIR.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <string>

#include "dawson/imaging/formats.h"
#include "dawson/imaging/rigid_registration.h"
#include "imaging/shapes.h"

namespace dawson::imaging {
namespace {

using volume::Vector3;
using volume::operator*;

const std::filesystem::path data = DAWSON_TEST_DATA;
const std::string scan = (data / "tabriz/sub-107130/anat/sub-107130_").string();

/// The same voxels, said to lie where `truth` takes them.
volume::Image displaced(volume::Image image, const Affine& truth) {
  image.grid.origin = truth(image.grid.origin);
  image.grid.direction = truth.matrix * image.grid.direction;
  return image;
}

/// Farthest (mm) that two transforms take points of a brain-sized box about `centre` apart.
double most_apart_mm(const Affine& found, const Affine& truth, const Vector3& centre) {
  double most = 0;
  for (const double x : {-50.0, 50.0}) {
    for (const double y : {-60.0, 60.0}) {
      for (const double z : {-40.0, 40.0}) {
        const Vector3 p{centre[0] + x, centre[1] + y, centre[2] + z};
        const Vector3 a = found(p);
        const Vector3 b = truth(p);
        most = std::max(most, std::hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]));
      }
    }
  }
  return most;
}

TEST(RealRigidRegistration, FindsAKnownDisplacementOfAThickT1w) {
  const volume::Image flair = read_image(scan + "FLAIR.nii.gz").image;
  const volume::Image t1w = read_image(scan + "T1w.nii.gz").image;
  Progress progress;
  const Affine truth{test::turn(0, 8) * test::turn(2, -6), {9, -14, 11}};
  const RigidAlignment found = register_rigid(flair, displaced(t1w, truth), progress);
  const volume::Index3 n = flair.grid.size;
  const Vector3 centre = flair.grid.to_world({n[0] / 2.0, n[1] / 2.0, n[2] / 2.0});
  // Against the source's own registration; the box's corners lie farther out than the brain does.
  EXPECT_LT(most_apart_mm(found.fixed_to_moving, truth, centre), 0.7);
  EXPECT_GT(found.metric_after, found.metric_before + 0.1);
  EXPECT_NO_THROW(require_plausible(found));
  const RigidAlignment again = register_rigid(flair, displaced(t1w, truth), progress);
  EXPECT_EQ(again.fixed_to_moving.offset, found.fixed_to_moving.offset);
}

}  // namespace
}  // namespace dawson::imaging
