#include "dawson/imaging/spline_lattice.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace dawson::imaging {

namespace {

using Values = std::vector<double>;

/// Sizes on both sides of the axis that a walk turns from one length into another.
struct Sides {
  std::size_t inner = 1;
  std::size_t outer = 1;
};

/// Voxels → control points along one axis: out[first + t] += weight[t] · in.
Values gathered(const Values& in, const SplineAxis& axis, const Sides& sides) {
  const std::size_t controls = axis.controls();
  Values out(sides.inner * controls * sides.outer, 0.0);
  for (std::size_t o = 0; o < sides.outer; ++o) {
    for (std::size_t v = 0; v < axis.voxels(); ++v) {
      const double* from = in.data() + (o * axis.voxels() + v) * sides.inner;
      for (std::size_t t = 0; t < 4; ++t) {
        double* to = out.data() + (o * controls + axis.first[v] + t) * sides.inner;
        const double w = axis.weight[v][t];
        for (std::size_t i = 0; i < sides.inner; ++i) to[i] += w * from[i];
      }
    }
  }
  return out;
}

/// Control points → voxels along one axis. T is the type of the result.
template <typename T>
std::vector<T> spread(const Values& in, const SplineAxis& axis, const Sides& sides) {
  const std::size_t controls = axis.controls();
  std::vector<T> out(sides.inner * axis.voxels() * sides.outer);
  for (std::size_t o = 0; o < sides.outer; ++o) {
    for (std::size_t v = 0; v < axis.voxels(); ++v) {
      const double* from = in.data() + (o * controls + axis.first[v]) * sides.inner;
      T* to = out.data() + (o * axis.voxels() + v) * sides.inner;
      const auto& w = axis.weight[v];
      const std::size_t n = sides.inner;
      for (std::size_t i = 0; i < n; ++i) {
        to[i] = static_cast<T>(w[0] * from[i] + w[1] * from[i + n] + w[2] * from[i + 2 * n] +
                               w[3] * from[i + 3 * n]);
      }
    }
  }
  return out;
}

/// Voxels → control points along all axes; the first axis last, when the others are short.
Values gathered(Values values, const SplineAxes& axes) {
  values = gathered(values, axes[2], {axes[0].voxels() * axes[1].voxels(), 1});
  values = gathered(values, axes[1], {axes[0].voxels(), axes[2].controls()});
  return gathered(values, axes[0], {1, axes[1].controls() * axes[2].controls()});
}

/// The axes with every weight replaced by `change` of the voxel's four.
template <typename Change>
SplineAxes changed(SplineAxes axes, Change change) {
  for (SplineAxis& axis : axes) {
    for (auto& weight : axis.weight) weight = change(weight);
  }
  return axes;
}

}  // namespace

SplineAxis spline_axis(const std::vector<double>& positions, int spans) {
  SplineAxis axis;
  axis.spans = spans;
  for (const double position : positions) {
    const double p = std::clamp(position, 0.0, 1.0) * spans;
    const double span = std::min(std::floor(p), static_cast<double>(spans - 1));
    const double u = p - span;
    const double rest = 1 - u;
    axis.first.push_back(static_cast<std::size_t>(span));
    axis.weight.push_back({rest * rest * rest / 6, (3 * u * u * u - 6 * u * u + 4) / 6,
                           (3 * rest * rest * rest - 6 * rest * rest + 4) / 6, u * u * u / 6});
  }
  return axis;
}

SplineLattice::SplineLattice(const volume::Index3& spans_along) : spans(spans_along) {
  std::size_t count = 1;
  for (const int n : spans) count *= static_cast<std::size_t>(n) + 3;
  values.assign(count, 0.0);
}

SplineLattice SplineLattice::refined() const {
  SplineLattice fine({2 * spans[0], 2 * spans[1], 2 * spans[2]});
  Values current = values;
  Sides sides{1, values.size()};
  for (std::size_t a = 0; a < 3; ++a) {
    const std::size_t coarse = static_cast<std::size_t>(spans[a]) + 3;
    const std::size_t finer = static_cast<std::size_t>(fine.spans[a]) + 3;
    sides.outer /= coarse;
    Values next(sides.inner * finer * sides.outer);
    for (std::size_t o = 0; o < sides.outer; ++o) {
      for (std::size_t m = 0; m < finer; ++m) {
        for (std::size_t i = 0; i < sides.inner; ++i) {
          const auto c = [&](std::size_t offset) {
            return current[(o * coarse + m / 2 + offset) * sides.inner + i];
          };
          // Knots inserted midway (Lane and Riesenfeld 1980).
          next[(o * finer + m) * sides.inner + i] =
              m % 2 == 0 ? 0.5 * (c(0) + c(1)) : (c(0) + 6 * c(1) + c(2)) / 8;
        }
      }
    }
    current = std::move(next);
    sides.inner *= finer;
  }
  fine.values = std::move(current);
  return fine;
}

std::vector<float> SplineLattice::at(const SplineAxes& axes) const {
  Values all = spread<double>(values, axes[0], {1, axes[1].controls() * axes[2].controls()});
  all = spread<double>(all, axes[1], {axes[0].voxels(), axes[2].controls()});
  return spread<float>(all, axes[2], {axes[0].voxels() * axes[1].voxels(), 1});
}

SplineFit::SplineFit(SplineAxes axes, const std::vector<double>& inside) : axes_(std::move(axes)) {
  using Weights = std::array<double, 4>;
  const auto power = [](const Weights& w, int exponent, double divisor) {
    Weights out{};
    for (std::size_t t = 0; t < 4; ++t) out[t] = std::pow(w[t], exponent) / divisor;
    return out;
  };
  omega_ = gathered(inside, changed(axes_, [&](const Weights& w) { return power(w, 2, 1); }));
  cubed_ = changed(axes_, [&](const Weights& w) {
    double squares = 0;
    for (const double value : w) squares += value * value;
    return power(w, 3, squares);
  });
}

std::vector<double> SplineFit::fit(const std::vector<double>& data) const {
  Values controls = gathered(data, cubed_);
  for (std::size_t c = 0; c < controls.size(); ++c) {
    controls[c] = omega_[c] > 1e-12 ? controls[c] / omega_[c] : 0;
  }
  return controls;
}

}  // namespace dawson::imaging
