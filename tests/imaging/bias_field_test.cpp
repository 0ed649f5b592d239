#include "dawson/imaging/bias_field.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "dawson/core/error.h"
#include "imaging/shapes.h"

namespace dawson::imaging {
namespace {

using test::centred;
using volume::Grid;
using volume::Image;
using volume::Mask;
using volume::Vector3;

/// Three tissues in folded layers, a little noise.
double tissue(const Vector3& p) {
  const double folds = std::sin(p[0] / 7) * std::sin(p[1] / 9) * std::sin(p[2] / 8);
  if (test::in_ellipsoid(p, {0, 0, 5}, {14, 26, 12})) return 30;
  return folds > -0.15 ? 100 : 130;
}

double coil(const Vector3& p) {
  return std::exp(0.004 * p[0] - 0.003 * p[1] + 2e-5 * p[2] * p[2]);
}

struct Head {
  Image image;
  Mask mask;
};

Head biased_head(const Grid& grid) {
  Head head{Image(grid), test::carved(grid, test::in_brain)};
  std::uint32_t state = 7;
  head.image = test::painted(grid, [&](const Vector3& p) {
    state = state * 1664525U + 1013904223U;
    const double noise = 4 * (static_cast<double>(state >> 8) / 16777216.0 - 0.5);
    return test::in_brain(p) ? (tissue(p) + noise) * coil(p) : 0;
  });
  return head;
}

/// Pearson's correlation of log values inside the mask.
double log_correlation(const Image& a, const Image& b, const Mask& mask) {
  double n = 0, sa = 0, sb = 0, saa = 0, sbb = 0, sab = 0;
  for (std::size_t i = 0; i < mask.data.size(); ++i) {
    if (mask.data[i] == 0) continue;
    const double x = std::log(static_cast<double>(a.data[i]));
    const double y = std::log(static_cast<double>(b.data[i]));
    n += 1, sa += x, sb += y, saa += x * x, sbb += y * y, sab += x * y;
  }
  return (n * sab - sa * sb) / std::sqrt((n * saa - sa * sa) * (n * sbb - sb * sb));
}

TEST(BiasField, FindsAKnownField) {
  for (const Grid& grid : {centred({76, 94, 80}, {2, 2, 2}),
                           centred({90, 110, 26}, {1.8, 1.8, 6.5}, test::turn(0, 15))}) {
    const Head head = biased_head(grid);
    Progress progress;
    const Image field = bias_field(head.image, head.mask, {}, progress);
    const Image truth = test::painted(grid, coil);
    EXPECT_GT(log_correlation(field, truth, head.mask), 0.95);
    double sum = 0, voxels = 0;
    for (std::size_t i = 0; i < field.data.size(); ++i) {
      ASSERT_GT(field.data[i], 0);
      if (head.mask.data[i] != 0) sum += static_cast<double>(field.data[i]), voxels += 1;
    }
    EXPECT_NEAR(sum / voxels, 1, 1e-4);
    // Corrected white matter varies less than biased white matter.
    const auto spread = [&](bool corrected) {
      double n = 0, s = 0, ss = 0;
      const Image plain = test::painted(grid, tissue);
      for (std::size_t i = 0; i < field.data.size(); ++i) {
        if (head.mask.data[i] == 0 || plain.data[i] != 100) continue;
        const double v = static_cast<double>(head.image.data[i] / (corrected ? field.data[i] : 1));
        n += 1, s += v, ss += v * v;
      }
      return std::sqrt(ss / n - s * s / n / n) / (s / n);
    };
    EXPECT_LT(spread(true), 0.4 * spread(false));
  }
}

TEST(BiasField, IsOneWhereNothingCanBeEstimated) {
  const Grid grid = centred({40, 40, 40}, {4, 4, 4});
  const Mask all(grid, 1);
  Mask few(grid);
  std::fill_n(few.data.begin(), 500, 1);
  Progress progress;
  const Image ones(grid, 1);
  EXPECT_EQ(bias_field(Image(grid, 50), few, {}, progress).data, ones.data);
  EXPECT_EQ(bias_field(Image(grid, 50), all, {}, progress).data, ones.data);  // constant
  EXPECT_EQ(bias_field(Image(grid, -3), all, {}, progress).data, ones.data);  // nothing positive
}

TEST(BiasField, StopsWhenTheUserAsks) {
  const Head head = biased_head(centred({50, 60, 50}, {4, 4, 4}));
  const std::atomic<bool> stop{true};
  Progress progress(nullptr, &stop);
  try {
    bias_field(head.image, head.mask, {}, progress);
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ExitCode::interrupted);
  }
}

TEST(BiasField, RefusesAMaskOfAnotherScan) {
  Progress progress;
  EXPECT_THROW(bias_field(Image(centred({9, 9, 9}, {1, 1, 1})), Mask(centred({9, 9, 8}, {1, 1, 1})),
                          {}, progress),
               Error);
}

}  // namespace
}  // namespace dawson::imaging
