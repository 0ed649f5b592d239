#include "dawson/imaging/spline_lattice.h"

#include <gtest/gtest.h>

#include <cmath>

#include "dawson/imaging/sharpen.h"

namespace dawson::imaging {
namespace {

std::vector<double> even(int count) {
  std::vector<double> positions;
  for (int i = 0; i < count; ++i) positions.push_back(static_cast<double>(i) / (count - 1));
  return positions;
}

SplineLattice wavy(const volume::Index3& spans) {
  SplineLattice lattice(spans);
  for (std::size_t i = 0; i < lattice.values.size(); ++i) {
    lattice.values[i] = std::sin(1.7 * static_cast<double>(i)) + 0.3;
  }
  return lattice;
}

SplineAxes axes_for(const volume::Index3& spans) {
  return {spline_axis(even(9), spans[0]), spline_axis(even(7), spans[1]),
          spline_axis(even(6), spans[2])};
}

TEST(SplineLattice, IsTheSameFunctionWhenRefined) {
  const SplineLattice coarse = wavy({1, 2, 3});
  const SplineLattice fine = coarse.refined();
  EXPECT_EQ(fine.values.size(), 5U * 7U * 9U);
  const std::vector<float> a = coarse.at(axes_for(coarse.spans));
  const std::vector<float> b = fine.at(axes_for(fine.spans));
  ASSERT_EQ(a.size(), 9U * 7U * 6U);
  for (std::size_t i = 0; i < a.size(); ++i) EXPECT_NEAR(a[i], b[i], 1e-6);
}

TEST(SplineLattice, IsConstantWhereItsControlsAre) {
  SplineLattice lattice({2, 1, 4});
  lattice.values.assign(lattice.values.size(), 2.5);
  for (const float value : lattice.at(axes_for(lattice.spans))) EXPECT_NEAR(value, 2.5, 1e-6);
}

TEST(SplineLattice, RepeatsItsEnds) {
  const SplineAxis axis = spline_axis({-0.3, 0, 1, 1.4}, 2);
  EXPECT_EQ(axis.weight[0], axis.weight[1]);
  EXPECT_EQ(axis.weight[2], axis.weight[3]);
  EXPECT_EQ(axis.first[3], 1U);
}

/// The centred cubic B-spline, in spans.
double kernel(double x) {
  const double d = std::abs(x);
  if (d < 1) return (4 - 6 * d * d + 3 * d * d * d) / 6;
  return d < 2 ? (2 - d) * (2 - d) * (2 - d) / 6 : 0;
}

TEST(SplineFit, IsTheFormulaOfLeeWolbergAndShin) {
  const volume::Index3 spans{2, 1, 3};
  const SplineAxes axes = axes_for(spans);
  const volume::Index3 size{9, 7, 6};
  std::vector<double> inside(9 * 7 * 6, 0.0);
  std::vector<double> data(inside.size(), 0.0);
  for (std::size_t v = 0; v < inside.size(); ++v) {
    if (v % 5 == 0 || v % 9 > 5) continue;
    inside[v] = 1;
    data[v] = std::cos(static_cast<double>(v));
  }
  const std::vector<double> found = SplineFit(axes, inside).fit(data);
  // Control c, centred c − 1 spans from the start, takes Σ w² φ / Σ w² with φ = w z / Σ w².
  const auto weight = [&](int v, int c, int axis) {
    return kernel(static_cast<double>(v) / (size[axis] - 1) * spans[axis] - (c - 1));
  };
  ASSERT_EQ(found.size(), 5U * 4U * 6U);
  for (int control = 0; control < 5 * 4 * 6; ++control) {
    double above = 0, below = 0;
    for (int v = 0; v < 9 * 7 * 6; ++v) {
      if (inside[static_cast<std::size_t>(v)] == 0) continue;
      const volume::Index3 at{v % 9, v / 9 % 7, v / 63};
      const volume::Index3 c{control % 5, control / 5 % 4, control / 20};
      double w = 1, squares = 1;
      for (int a = 0; a < 3; ++a) {
        double along = 0;
        for (int t = 0; t < spans[a] + 3; ++t) along += std::pow(weight(at[a], t, a), 2);
        squares *= along;
        w *= weight(at[a], c[a], a);
      }
      above += w * w * w * data[static_cast<std::size_t>(v)] / squares;
      below += w * w;
    }
    const double expected = below > 1e-12 ? above / below : 0;
    ASSERT_NEAR(found[static_cast<std::size_t>(control)], expected, 1e-9) << control;
  }
}

TEST(Sharpened, PullsBlurredTissuesTogether) {
  // Two tissues at log 4 and 5, each spread evenly by ±0.1.
  std::vector<double> values;
  for (int n = 0; n < 4000; ++n) {
    values.push_back((n % 2 == 0 ? 4.0 : 5.0) + 0.1 * (n % 41 - 20) / 20.0);
  }
  const std::vector<double> sharp = sharpened(values);
  double before = 0, after = 0;
  for (std::size_t n = 0; n < values.size(); ++n) {
    const double centre = n % 2 == 0 ? 4.0 : 5.0;
    before += std::abs(values[n] - centre);
    after += std::abs(sharp[n] - centre);
  }
  EXPECT_LT(after, 0.7 * before);
}

}  // namespace
}  // namespace dawson::imaging
