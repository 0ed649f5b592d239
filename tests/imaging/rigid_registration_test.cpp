#include "dawson/imaging/rigid_registration.h"

#include <gtest/gtest.h>

#include "dawson/core/error.h"
#include "imaging/shapes.h"

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

}  // namespace
}  // namespace dawson::imaging
