#include "dawson/anatomy/face.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <stdexcept>

#include "dawson/core/error.h"
#include "dawson/core/random.h"
#include "imaging/shapes.h"

namespace dawson::anatomy {
namespace {

using volume::Grid;
using volume::Image;
using volume::Mask;
using volume::Matrix3;
using volume::Vector3;
using volume::operator*;

constexpr float air = 0, skin = 130, tissue = 100;

// From the middle of the eyes to the chin and from cheek to cheek, for the brain of shapes.h.
bool in_face(const Vector3& p) {
  return std::abs(p[0]) < 50 && p[1] > 70 && p[1] < 108 && p[2] > -128 && p[2] < -48;
}

bool in_skull(const Vector3& p) {
  return test::in_ellipsoid(p, {0, -2, -6}, {80, 98, 76});
}

/// A head turned by `turned` about the world's origin.
struct TurnedHead {
  Matrix3 turned = test::turn(0, 0);

  [[nodiscard]] Vector3 own(const Vector3& world) const {
    return volume::transpose(turned) * world;
  }
  [[nodiscard]] Mask brain(const Grid& grid) const {
    return test::carved(grid, [&](const Vector3& p) { return test::in_brain(own(p)); });
  }
  [[nodiscard]] Mask face(const Grid& grid) const {
    return test::carved(grid, [&](const Vector3& p) { return in_face(own(p)); });
  }
  [[nodiscard]] Image scan(const Grid& grid) const {
    return test::painted(grid, [&](const Vector3& world) {
      const Vector3 p = own(world);
      if (test::in_brain(p)) return tissue;
      return in_face(p) || in_skull(p) ? skin : air;
    });
  }
};

Grid whole_head(const Vector3& spacing, const Matrix3& direction = test::turn(0, 0)) {
  return test::centred({int(280 / spacing[0]), int(280 / spacing[1]), int(280 / spacing[2])},
                       spacing, direction);
}

/// Axial slices as clinics take them.
Grid thick_slices(const Matrix3& direction = test::turn(0, 0)) {
  return whole_head({3, 3, 7}, direction);
}

std::size_t count(const Mask& mask) {
  return std::size_t(std::count(mask.data.begin(), mask.data.end(), 1));
}

/// Mask voxels whose values differ in two images.
std::size_t changed_in(const Mask& mask, const Image& before, const Image& after) {
  std::size_t changed = 0;
  for (std::size_t v = 0; v < mask.data.size(); ++v) {
    if (mask.data[v] != 0 && before.data[v] != after.data[v]) ++changed;
  }
  return changed;
}

/// How near any corner of a mask voxel comes to the face (mm).
double clearance_mm(const Mask& mask, const Face& face) {
  double nearest = std::numeric_limits<double>::infinity();
  for (int k = 0; k < mask.grid.size[2]; ++k) {
    for (int j = 0; j < mask.grid.size[1]; ++j) {
      for (int i = 0; i < mask.grid.size[0]; ++i) {
        if (mask.at(i, j, k) == 0) continue;
        for (int c = 0; c < 8; ++c) {
          const Vector3 corner{i + (c & 1) - 0.5, j + (c >> 1 & 1) - 0.5, k + (c >> 2) - 0.5};
          for (const FacePlane& plane : face.planes) {
            nearest = std::min(nearest, -plane.beyond_mm(mask.grid.to_world(corner)));
          }
        }
      }
    }
  }
  return nearest;
}

double degrees_between(const Vector3& a, const Vector3& b) {
  const double cosine = a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
  return std::acos(std::clamp(cosine, -1.0, 1.0)) * 57.29577951308232;
}

TEST(Face, LiesInFrontAndBelowWithTheBrainBehindIt) {
  const Face face = fit_face(TurnedHead{}.brain(thick_slices()));
  ASSERT_EQ(face.planes.size(), 3U);
  for (const FacePlane& plane : face.planes) {
    const auto& n = plane.normal;
    EXPECT_GT(n[1], 0.3);
    EXPECT_LT(n[2], -0.15);
    EXPECT_NEAR(std::hypot(n[0], n[1], n[2]), 1, 1e-12);
    EXPECT_LT(plane.beyond_mm({0, 0, 0}), -40);
    EXPECT_GT(plane.beyond_mm({0, 100, -70}), 15);  // a nose
    EXPECT_LT(plane.beyond_mm({0, -100, 0}), 0);    // the back of the head
    EXPECT_LT(plane.beyond_mm({0, 0, 90}), 0);      // its top
  }
  EXPECT_EQ(face.planes[0].normal[0], 0);  // Quickshear's
  EXPECT_GT(face.planes[1].normal[0], 0.1);
  EXPECT_LT(face.planes[2].normal[0], -0.1);
}

TEST(Face, IsTheSameHoweverTheScanIsStored) {
  const Grid grid = thick_slices(test::turn(0, 17) * test::turn(2, 6));
  const Face expected = fit_face(TurnedHead{}.brain(grid));
  for (const volume::Index3& order :
       {volume::Index3{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}}) {
    for (int flips = 0; flips < 8; ++flips) {
      const Grid stored = test::stored_otherwise(
          grid, order, {(flips & 1) != 0, (flips & 2) != 0, (flips & 4) != 0});
      const Face face = fit_face(TurnedHead{}.brain(stored));
      for (int n = 0; n < 3; ++n) {
        EXPECT_LT(degrees_between(face.planes[n].normal, expected.planes[n].normal), 1e-4)
            << stored.orientation();
        EXPECT_NEAR(face.planes[n].offset_mm, expected.planes[n].offset_mm, 1e-6)
            << stored.orientation();
      }
    }
  }
}

TEST(Face, TouchesTheBrainWhereTheMarginIsNoneAndKeepsTheMarginElse) {
  // Without the necks and points that an opening takes away: the cerebrum alone.
  const Mask brain = test::carved(thick_slices(test::turn(0, -14)), [](const Vector3& p) {
    return test::in_ellipsoid(p, {0, 0, 0}, {66, 84, 58});
  });
  for (const double margin_mm : {0.0, 3.0, 10.0}) {
    EXPECT_NEAR(clearance_mm(brain, fit_face(brain, margin_mm)), margin_mm, 1e-6);
  }
}

// Heads and grids turned every way they lie in a scanner, and more.
TEST(Face, HasNoPartOfAnyBrainVoxelWhateverTheTurns) {
  core::Random random(11);
  for (int n = 0; n < 25; ++n) {
    TurnedHead head;
    Matrix3 direction = test::turn(0, 0);
    for (int axis = 0; axis < 3; ++axis) {
      head.turned = head.turned * test::turn(axis, random.uniform(-35, 35));
      direction = direction * test::turn(axis, random.uniform(-60, 60));
    }
    const Grid grid =
        whole_head({random.uniform(2, 4), random.uniform(2, 4), random.uniform(3, 9)}, direction);
    const Vector3 moved{random.uniform(-900, 900), random.uniform(-900, 900), 500};
    Mask brain = head.brain(grid);
    Image scan = head.scan(grid);
    for (int a = 0; a < 3; ++a) {
      brain.grid.origin[a] += moved[a];
      scan.grid.origin[a] += moved[a];
    }
    const Face face = fit_face(brain);
    EXPECT_GT(clearance_mm(brain, face), 0) << n;
    const Image before = scan;
    EXPECT_GT(deface(scan, face), 0U) << n;
    EXPECT_EQ(changed_in(brain, before, scan), 0U) << n;
  }
}

TEST(Face, NodsWithTheHead) {
  const Grid grid = whole_head({3, 3, 3});
  const Face level = fit_face(TurnedHead{}.brain(grid));
  for (const double nod : {-45.0, -30.0, -15.0, 15.0, 30.0, 45.0}) {
    const TurnedHead head{test::turn(0, nod)};
    const Face face = fit_face(head.brain(grid));
    for (int n = 0; n < 3; ++n) {
      // Voxels cut the same brain another way: an edge of its hull turns by a few degrees.
      EXPECT_LT(degrees_between(face.planes[n].normal, head.turned * level.planes[n].normal), 10)
          << nod;
    }
    Image scan = head.scan(grid);
    const Image before = scan;
    deface(scan, face);
    const Mask made = head.face(grid);
    EXPECT_EQ(changed_in(made, before, scan), count(made)) << nod;
    EXPECT_EQ(changed_in(head.brain(grid), before, scan), 0U) << nod;
  }
}

TEST(Face, IsFoundInHeadsThatAreTurnedAndInclinedToo) {
  const Grid grid = whole_head({3, 3, 3});
  for (const double degrees : {-15.0, 15.0}) {
    for (const int axis : {1, 2}) {
      const TurnedHead head{test::turn(axis, degrees)};
      Image scan = head.scan(grid);
      const Image before = scan;
      deface(scan, fit_face(head.brain(grid)));
      const Mask face = head.face(grid);
      EXPECT_GE(double(changed_in(face, before, scan)), 0.97 * double(count(face)))
          << axis << " " << degrees;
    }
  }
}

// As the brain model sees one scan in ten: a patch of nasal cavity, by itself or on a thread.
TEST(Face, IsNotMovedByWhatAModelTookForBrainInTheNose) {
  const TurnedHead head;
  const Mask brain = head.brain(whole_head({2, 2, 3}));
  const Face expected = fit_face(brain);
  const Mask nose = test::carved(brain.grid, [](const Vector3& p) {
    const bool patch = test::in_ellipsoid(p, {2, 84, -64}, {12, 12, 14});
    return patch || (std::abs(p[0]) < 4 && p[1] > 50 && p[1] < 80 && std::abs(p[2] + 56) < 4);
  });
  Mask model = brain;
  for (std::size_t v = 0; v < model.data.size(); ++v) model.data[v] |= nose.data[v];
  const Face face = fit_face(model);
  for (int n = 0; n < 3; ++n) {
    EXPECT_LT(degrees_between(face.planes[n].normal, expected.planes[n].normal), 3);
    EXPECT_NEAR(face.planes[n].offset_mm, expected.planes[n].offset_mm, 3);
  }
  Image scan = head.scan(brain.grid);
  const Image before = scan;
  deface(scan, face, model);
  EXPECT_EQ(changed_in(model, before, scan), 0U);
}

TEST(Face, RefusesAnEmptyMaskAndAMarginThatIsNoNumber) {
  const Mask empty(thick_slices());
  try {
    fit_face(empty);
    ADD_FAILURE();
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ExitCode::input);
  }
  const Mask brain = TurnedHead{}.brain(thick_slices());
  EXPECT_THROW(fit_face(brain, std::numeric_limits<double>::quiet_NaN()), std::invalid_argument);
}

TEST(Face, IsFoundForASingleVoxelToo) {
  Mask mask(test::centred({5, 5, 5}, {1, 1, 7}, test::turn(0, 20)));
  mask.at(2, 2, 2) = 1;
  EXPECT_NEAR(clearance_mm(mask, fit_face(mask, 2)), 2, 1e-9);
}

TEST(Deface, TakesTheWholeFaceAndNothingElse) {
  const TurnedHead head;
  Image scan = head.scan(thick_slices());
  const Image before = scan;
  const Face face = fit_face(head.brain(scan.grid));
  const std::size_t changed = deface(scan, face);
  EXPECT_EQ(changed_in(Mask(scan.grid, 1), before, scan), changed);
  const Mask made = head.face(scan.grid);
  EXPECT_EQ(changed_in(made, before, scan), count(made));
  const Mask rest = test::carved(scan.grid, [&](const Vector3& p) { return !face.contains(p); });
  EXPECT_EQ(changed_in(rest, before, scan), 0U);
  EXPECT_EQ(deface(scan, face), 0U);  // nothing is left to take
}

// A T1w of the same visit: sagittal, other voxels, other axes.
TEST(Deface, TakesTheFaceOfAnotherSequenceOnItsOwnGrid) {
  const TurnedHead head{test::turn(0, 12)};
  const Mask brain = head.brain(thick_slices(test::turn(0, 12)));
  const Grid sagittal = test::stored_otherwise(whole_head({4, 2, 2}, test::turn(1, 5)), {1, 2, 0},
                                               {true, true, false});
  Image scan = head.scan(sagittal);
  const Image before = scan;
  deface(scan, fit_face(brain), brain);
  const Mask face = head.face(sagittal);
  EXPECT_EQ(changed_in(face, before, scan), count(face));
  EXPECT_EQ(changed_in(head.brain(sagittal), before, scan), 0U);
}

TEST(Deface, LeavesAGivenBrainWholeEvenWhereTheFaceHoldsIt) {
  const TurnedHead head;
  const Face front_half{{FacePlane{{0, 1, 0}, 0}}};
  const Mask brain = head.brain(thick_slices());
  for (const Grid& grid :
       {brain.grid, test::stored_otherwise(brain.grid, {2, 0, 1}, {true, false, true})}) {
    Image scan = head.scan(grid);
    const Image before = scan;
    EXPECT_GT(deface(scan, front_half, brain), 0U);
    EXPECT_EQ(changed_in(head.brain(grid), before, scan), 0U);
    const Mask face = head.face(grid);
    EXPECT_EQ(changed_in(face, before, scan), count(face));
    scan = before;
    deface(scan, front_half);
    EXPECT_GT(changed_in(head.brain(grid), before, scan), 1000U);
  }
}

TEST(Deface, WritesTheScansOwnBackgroundWhereThatIsNotZero) {
  const TurnedHead head;
  Image scan = head.scan(thick_slices());
  for (float& v : scan.data) v -= 1024;
  const Mask face = head.face(scan.grid);
  deface(scan, fit_face(head.brain(scan.grid)));
  for (std::size_t v = 0; v < face.data.size(); ++v) {
    if (face.data[v] != 0) {
      ASSERT_EQ(scan.data[v], -1024);
    }
  }
}

TEST(BackgroundValue, IsZeroOrTheDarkestTenthsEndNextToIt) {
  const auto of = [](std::vector<float> values) {
    return background_value(Image(Grid{{int(values.size()), 1, 1}}, std::move(values)));
  };
  std::vector<float> values(100, 500);
  std::fill_n(values.begin(), 40, 0.0F);
  EXPECT_EQ(of(values), 0);  // air that was blanked
  for (int n = 0; n < 40; ++n) values[n] = float(n);
  values[7] = -30;
  EXPECT_EQ(of(values), 0);  // noise, and undershoots of resampling
  for (float& v : values) v += 1000;
  EXPECT_EQ(of(values), 970);  // all above 0: the lowest
  for (float& v : values) v -= 3000;
  EXPECT_EQ(of(values), -1990);  // all below: the highest of the darkest tenth
  EXPECT_THROW(background_value(Image(Grid{{0, 0, 0}}, std::vector<float>{})), Error);
}

}  // namespace
}  // namespace dawson::anatomy
