#include <gtest/gtest.h>

#include <algorithm>

#include "training/slices.h"
#include "training/toy.h"

namespace dawson::training {
namespace {

AugmentationSettings elastic(double mm) {
  AugmentationSettings s = no_augmentation();
  s.elastic_mm = mm;
  return s;
}

/// Where each pixel of a patch came from, pixels from where it is: [2, size, size] (x, y).
at::Tensor displacements(const AugmentationSettings& settings, double pixel_mm,
                         std::uint64_t seed) {
  DrawnSlice slice = slice_with_disc(0, 0, 1);
  slice.pixel_mm = pixel_mm;
  // Far from its edge, which repeats, the slice tells its own coordinates.
  slice.width = slice.height = 3 * size;
  slice.centre_x = slice.centre_y = 0.5 * (3 * size - 1);
  slice.target.assign(static_cast<std::size_t>(slice.width) * slice.height, 0);
  const at::Tensor along = at::arange(3 * size, at::kFloat) - slice.centre_x;
  const at::Tensor ramps = at::stack({along.expand({3 * size, 3 * size}),
                                      along.view({-1, 1}).expand({3 * size, 3 * size})})
                               .contiguous();
  slice.image.assign(ramps.data_ptr<float>(), ramps.data_ptr<float>() + ramps.numel());
  core::Random random(seed);
  const at::Tensor came_from = place(slice, settings, size, random).image;
  const at::Tensor here = at::arange(size, at::kFloat) - middle;
  return came_from -
         at::stack({here.expand({size, size}), here.view({-1, 1}).expand({size, size})});
}

TEST(Elastic, MovesNoPointFurtherThanStated) {
  for (const double pixel_mm : {1.0, 0.5}) {
    double furthest_mm = 0;
    for (std::uint64_t seed = 0; seed < 40; ++seed) {
      const at::Tensor moved = displacements(elastic(6), pixel_mm, seed) * pixel_mm;
      const double most = moved.abs().max().item<double>();
      EXPECT_LE(most, 6.001);
      EXPECT_GT(most, 0);
      furthest_mm = std::max(furthest_mm, most);
    }
    EXPECT_GT(furthest_mm, 2.5) << "pixels of " << pixel_mm << " mm";
  }
}

TEST(Elastic, FoldsNothingAtItsStrongest) {
  double least = 1, most = 1;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const at::Tensor d = displacements(elastic(8), 1, seed);
    const auto slope = [&](int64_t component, int64_t axis) {
      return d[component].diff(1, axis).narrow(1 - axis, 0, size - 1);
    };
    const at::Tensor area = (slope(0, 1) + 1) * (slope(1, 0) + 1) - slope(0, 0) * slope(1, 1);
    least = std::min(least, area.min().item<double>());
    most = std::max(most, area.max().item<double>());
  }
  EXPECT_GT(least, 0);
  EXPECT_LT(least, 0.8) << "hardly a deformation";
  EXPECT_GT(most, 1.2) << "hardly a deformation";
}

TEST(Elastic, KeepsTheMaskOnTheLesion) {
  const DrawnSlice slice = slice_with_disc(middle + 14, middle - 9, 9);
  double area = 0, furthest = 0;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    core::Random random(seed);
    const Patch patch = place(slice, elastic(8), size, random);
    // The picture of the disc, cut at half its brightness, is the mask: pixel for pixel.
    EXPECT_TRUE(at::equal(patch.image.narrow(0, 0, 1).ge(0.5).to(at::kFloat), patch.target));
    const Moments target = moments_of(patch.target);
    const Moments image = moments_of(patch.image[0]);
    EXPECT_NEAR(target.x, image.x, 0.5);  // soft edges against hard ones
    EXPECT_NEAR(target.y, image.y, 0.5);
    furthest = std::max(furthest, std::hypot(target.x - 14, target.y + 9));
    area += target.mass / 40;
  }
  EXPECT_GT(furthest, 2);
  EXPECT_NEAR(area, 254, 0.05 * 254);  // π·9²: on average nothing grows
}

TEST(Elastic, IsTheSameForTheSameSeedAndChangesNoOtherDraw) {
  const DrawnSlice slice = slice_with_disc(60, 40, 8);
  AugmentationSettings turned = no_augmentation();
  turned.rotation_degrees = 20;
  AugmentationSettings both = turned;
  both.elastic_mm = 5;
  core::Random a(7), b(7), c(7);
  const at::Tensor first = place(slice, both, size, a).image;
  EXPECT_TRUE(at::equal(first, place(slice, both, size, b).image));
  const at::Tensor rigid = place(slice, turned, size, c).image;
  EXPECT_GT((first - rigid).abs().max().item<double>(), 0.1);
  both.elastic_mm = 1e-6;
  core::Random d(7);
  EXPECT_LT((place(slice, both, size, d).image - rigid).abs().max().item<double>(), 1e-3);
  EXPECT_EQ(a.bits(), c.bits());
}

}  // namespace
}  // namespace dawson::training
