#include "dawson/imaging/rigid_registration.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cmath>

#include "dawson/core/error.h"
#include "support/made_sequences.h"

namespace dawson::imaging {
namespace {

TEST(RigidRegistration, RefusesWhatCannotBe) {
  RigidAlignment good;
  good.metric_before = 1.1;
  good.metric_after = 1.2;
  good.overlap = 0.9;
  good.turn_degrees = 10;
  EXPECT_NO_THROW(require_plausible(good));
  RigidAlignment apart = good;
  apart.overlap = 0.4;
  EXPECT_THROW(require_plausible(apart), Error);
  RigidAlignment worse = good;
  worse.metric_after = 1.05;
  EXPECT_THROW(require_plausible(worse), Error);
  RigidAlignment turned = good;
  turned.turn_degrees = 60;
  EXPECT_THROW(require_plausible(turned), Error);
}

TEST(RigidRegistration, RefusesAConstantImage) {
  Progress progress;
  const volume::Image flat(test::centred({20, 20, 20}, {8, 8, 8}), 3.0F);
  EXPECT_THROW(register_rigid(flat, flat, progress), Error);
}

using volume::operator*;

TEST(RigidRegistration, FindsAMadeHeadOnAnotherGridInAnotherContrast) {
  const volume::Image flair = made::other_head(test::centred({64, 76, 70}, {3, 3, 3})).scan;
  const Affine truth{test::turn(0, 7) * test::turn(2, -9), {14, -11, 8}};
  // Painted anew, so that no voxel is the same as one of the FLAIR.
  const volume::Image t1w = made::displaced(
      made::t1w(made::other_head(test::centred({80, 90, 70}, {2.4, 2.5, 3})).scan), truth);
  Progress progress;
  const RigidAlignment found = register_rigid(flair, t1w, progress);
  for (const volume::Vector3& p :
       {volume::Vector3{50, 0, 0}, {-50, 20, 10}, {0, 60, -20}, {0, 0, 50}}) {
    const volume::Vector3 a = found.fixed_to_moving(p);
    const volume::Vector3 b = truth(p);
    EXPECT_LT(std::hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]), 1.0);
  }
  EXPECT_GT(found.metric_after, found.metric_before);
  EXPECT_GT(found.overlap, 0.8);               // the coarse slices end within the skull
  EXPECT_NEAR(found.turn_degrees, 11.4, 1.5);  // of 7 and 9 degrees about two axes
  EXPECT_NO_THROW(require_plausible(found));
  const RigidAlignment again = register_rigid(flair, t1w, progress);
  EXPECT_EQ(again.fixed_to_moving.offset, found.fixed_to_moving.offset);
  EXPECT_EQ(again.fixed_to_moving.matrix, found.fixed_to_moving.matrix);
}

TEST(RigidRegistration, StopsWhenAskedTo) {
  const volume::Image flair = made::head(made::coarse_grid()).scan;
  const std::atomic<bool> cancel = true;
  Progress progress(nullptr, &cancel);
  EXPECT_THROW(register_rigid(flair, made::t1w(flair), progress), Error);
}

}  // namespace
}  // namespace dawson::imaging
