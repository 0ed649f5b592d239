#include "dawson/imaging/registration.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <limits>
#include <vector>

#include "dawson/imaging/field_of_view.h"
#include "dawson/imaging/mask_fit.h"
#include "dawson/imaging/morphology.h"
#include "dawson/imaging/slice_grid.h"

namespace dawson::imaging {

using volume::Image;
using volume::Mask;
using volume::Matrix3;
using volume::Vector3;

namespace {

constexpr double working_mm = 4;
constexpr double margin_mm = 32;  // room for the widest smoothing below
constexpr double degree = 0.017453292519943295;

/// Share of each voxel inside the mask, on a grid parallel to the world.
Image coverage_at(const Mask& mask, double spacing_mm) {
  // A default grid stands for "any scan of thin slices": axial world slices over the mask.
  const volume::Grid grid = slice_grid(volume::Grid{}, &mask, spacing_mm, margin_mm, spacing_mm);
  return resample_coverage(mask, grid);
}

struct Moments {
  double volume_mm3 = 0;
  Vector3 centre{};
};

Moments moments_of(const Image& coverage) {
  Moments m;
  std::size_t at = 0;
  const volume::Grid& g = coverage.grid;
  for (int k = 0; k < g.size[2]; ++k) {
    for (int j = 0; j < g.size[1]; ++j) {
      for (int i = 0; i < g.size[0]; ++i) {
        const auto share = static_cast<double>(coverage.data[at++]);
        m.volume_mm3 += share;
        m.centre[0] += share * i;
        m.centre[1] += share * j;
        m.centre[2] += share * k;
      }
    }
  }
  for (double& value : m.centre) value /= m.volume_mm3;
  m.centre = g.to_world(m.centre);
  m.volume_mm3 *= g.voxel_volume_mm3();
  return m;
}

Matrix3 rotation(const Vector3& angles) {
  const auto about = [](int axis, double angle) {
    Matrix3 r{{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
    const int a = (axis + 1) % 3;
    const int b = (axis + 2) % 3;
    r[a][a] = r[b][b] = std::cos(angle);
    r[b][a] = std::sin(angle);
    r[a][b] = -r[b][a];
    return r;
  };
  using volume::operator*;
  return about(2, angles[2]) * (about(1, angles[1]) * about(0, angles[0]));
}

/// Rotation angles, logarithms of three scales, translation → the twelve numbers.
AffineNumbers rotated_and_scaled(const std::vector<double>& p) {
  const Matrix3 r = rotation({p[0], p[1], p[2]});
  AffineNumbers numbers{};
  for (std::size_t row = 0; row < 3; ++row) {
    for (std::size_t column = 0; column < 3; ++column) {
      numbers[3 * row + column] = r[row][column] * std::exp(p[3 + column]);
    }
    numbers[9 + row] = p[6 + row];
  }
  return numbers;
}

AffineNumbers all_twelve(const std::vector<double>& p) {
  AffineNumbers numbers{};
  std::copy(p.begin(), p.end(), numbers.begin());
  return numbers;
}

using Model = std::function<AffineNumbers(const std::vector<double>&)>;

/// Solves the symmetric positive definite A x = b by Cholesky; false when A is not.
bool solve(std::vector<std::vector<double>> a, std::vector<double>& b) {
  const std::size_t n = b.size();
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      double sum = a[i][j];
      for (std::size_t k = 0; k < j; ++k) sum -= a[i][k] * a[j][k];
      if (i == j) {
        if (!(sum > 0)) return false;
        a[i][i] = std::sqrt(sum);
      } else {
        a[i][j] = sum / a[j][j];
      }
    }
  }
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t k = 0; k < i; ++k) b[i] -= a[i][k] * b[k];
    b[i] /= a[i][i];
  }
  for (std::size_t i = n; i-- > 0;) {
    for (std::size_t k = i + 1; k < n; ++k) b[i] -= a[k][i] * b[k];
    b[i] /= a[i][i];
  }
  return true;
}

/// The model's derivative, [parameter][number], by central differences.
std::vector<AffineNumbers> derivative(const Model& model, const std::vector<double>& p) {
  constexpr double h = 1e-5;
  std::vector<AffineNumbers> d(p.size());
  for (std::size_t i = 0; i < p.size(); ++i) {
    std::vector<double> more = p;
    std::vector<double> less = p;
    more[i] += h;
    less[i] -= h;
    const AffineNumbers a = model(more);
    const AffineNumbers b = model(less);
    for (std::size_t n = 0; n < affine_numbers; ++n) d[i][n] = (a[n] - b[n]) / (2 * h);
  }
  return d;
}

/// One damped Gauss–Newton step from `p`; the step's parameters, or nothing when unsolvable.
std::vector<double> stepped(const Misfit& misfit, const std::vector<AffineNumbers>& d,
                            const std::vector<double>& p, double damping) {
  const std::size_t n = p.size();
  std::vector<std::vector<double>> hessian(n, std::vector<double>(n, 0));
  std::vector<double> step(n, 0);
  for (std::size_t i = 0; i < n; ++i) {
    AffineNumbers row{};
    for (std::size_t a = 0; a < affine_numbers; ++a) {
      step[i] -= d[i][a] * misfit.gradient[a];
      for (std::size_t b = 0; b < affine_numbers; ++b) row[b] += d[i][a] * misfit.hessian[a][b];
    }
    for (std::size_t j = 0; j < n; ++j) {
      for (std::size_t b = 0; b < affine_numbers; ++b) hessian[i][j] += row[b] * d[j][b];
    }
  }
  for (std::size_t i = 0; i < n; ++i) hessian[i][i] *= 1 + damping;
  if (!solve(std::move(hessian), step)) return {};
  for (std::size_t i = 0; i < n; ++i) step[i] += p[i];
  return step;
}

/// Levenberg–Marquardt to a relative change of 1e-5 in the sum of squares.
void minimise(const MaskFit& fit, const Model& model, std::vector<double>& p, Progress& progress) {
  constexpr int most_iterations = 30;
  constexpr double good_enough = 1e-5;
  double damping = 1e-3;
  Misfit misfit = fit.expand(model(p));
  for (int iteration = 0; iteration < most_iterations; ++iteration) {
    progress.check();
    const std::vector<AffineNumbers> d = derivative(model, p);
    bool better = false;
    for (; damping < 1e4; damping *= 10) {
      const std::vector<double> next = stepped(misfit, d, p, damping);
      if (next.empty()) continue;
      Misfit there = fit.expand(model(next));
      if (!(there.sum < misfit.sum)) continue;
      better = misfit.sum - there.sum > good_enough * misfit.sum;
      misfit = there;
      p = next;
      damping = std::max(1e-6, damping / 10);
      break;
    }
    if (!better) return;
  }
}

/// Where to begin: the rotation among a coarse set under which the masks fit best, and, of a cut
/// mask, how much is missing; heads lie nearly upright, so that a large turn has to earn its place.
/// Returns what rotated_and_scaled takes.
std::vector<double> best_start(const MaskFit& fit, double log_scale, const Vector3& outwards,
                               Progress& progress) {
  constexpr double doubt = 0.1;  // what 30° must gain, as a share of the misfit
  const std::vector<double> missing_mm =
      outwards == Vector3{} ? std::vector<double>{0} : std::vector<double>{0, 15, 30, 45, 60};
  std::vector<double> best;
  double best_cost = std::numeric_limits<double>::infinity();
  for (const double nod : {0.0, -15.0, 15.0, -30.0, 30.0}) {
    progress.check();
    for (const double tilt : {0.0, -20.0, 20.0}) {
      for (const double turn : {0.0, -20.0, 20.0}) {
        for (const double missing : missing_mm) {
          const Vector3 angles{nod * degree, tilt * degree, turn * degree};
          const double squared = (nod * nod + tilt * tilt + turn * turn) / (30.0 * 30.0);
          std::vector<double> start{angles[0], angles[1], angles[2],
                                    log_scale, log_scale, log_scale};
          // The centre of what is left lies about half of what is missing from the true centre.
          for (const double along : outwards) start.push_back(-along * missing / 2);
          const double sum = fit.sum_of_squares(rotated_and_scaled(start));
          const double cost = sum * (1 + doubt * squared);
          if (cost < best_cost) {
            best_cost = cost;
            best = std::move(start);
          }
        }
      }
    }
  }
  return best;
}

double dice_of(const Image& fixed, const Image& moving, const Mask& known,
               const Affine& fixed_to_moving) {
  const Image moved = resample_linear(moving, fixed.grid, 0, fixed_to_moving);
  std::size_t both = 0;
  std::size_t either = 0;
  for (std::size_t i = 0; i < fixed.data.size(); ++i) {
    if (known.data[i] == 0) continue;
    const int a = fixed.data[i] > 0.5F ? 1 : 0;
    const int b = moved.data[i] > 0.5F ? 1 : 0;
    both += static_cast<std::size_t>(a * b);
    either += static_cast<std::size_t>(a + b);
  }
  return either == 0 ? 0 : 2.0 * static_cast<double>(both) / static_cast<double>(either);
}

}  // namespace

Alignment align_masks(const Mask& fixed, const Mask& moving, Progress& progress) {
  const FieldOfView view(fixed);
  const Image fixed_cover = coverage_at(fixed, working_mm);
  progress.check();
  const Image moving_cover = coverage_at(moving, working_mm);
  const Moments from = moments_of(fixed_cover);
  const Moments to = moments_of(moving_cover);
  const auto at_level = [&](double spacing_mm, double sigma_mm) {
    const auto prepared = [&](const Image& cover, const FieldOfView& known) {
      volume::Grid grid = cover.grid;
      for (int a = 0; a < 3; ++a) {
        grid.size[a] = static_cast<int>(std::ceil(grid.size[a] * grid.spacing[a] / spacing_mm));
        grid.spacing[a] = spacing_mm;
      }
      return resample_linear(known.smoothed(cover, sigma_mm), grid);
    };
    Image smooth_fixed = prepared(fixed_cover, view);
    Mask known = view.on(smooth_fixed.grid);
    return MaskFit(std::move(smooth_fixed), std::move(known), prepared(moving_cover, FieldOfView()),
                   from.centre, to.centre);
  };

  // The volume of a part says nothing of the whole's.
  const double log_scale = view.cuts_mask() ? 0 : std::log(to.volume_mm3 / from.volume_mm3) / 3;
  const MaskFit coarse = at_level(8, 10);
  std::vector<double> similar = best_start(coarse, log_scale, view.outwards(), progress);
  minimise(coarse, rotated_and_scaled, similar, progress);

  const AffineNumbers start = rotated_and_scaled(similar);
  std::vector<double> full(start.begin(), start.end());
  minimise(coarse, all_twelve, full, progress);
  const MaskFit fine = at_level(working_mm, 4);
  minimise(fine, all_twelve, full, progress);

  Alignment alignment;
  alignment.fixed_to_moving = fine.affine(all_twelve(full));
  alignment.dice =
      dice_of(fixed_cover, moving_cover, view.on(fixed_cover.grid), alignment.fixed_to_moving);
  alignment.is_cut = view.cuts_mask();
  return alignment;
}

}  // namespace dawson::imaging
