#include "dawson/imaging/mask_fit.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace dawson::imaging {

using volume::Image;
using volume::Vector3;

namespace {

/// Central differences along one axis, per mm; one-sided (halved) at the border, where masks are 0.
Image slope_along(const Image& image, int axis) {
  Image out(image.grid);
  const volume::Index3 size = image.grid.size;
  const auto per_mm = static_cast<float>(0.5 / image.grid.spacing[axis]);
  for (int k = 0; k < size[2]; ++k) {
    for (int j = 0; j < size[1]; ++j) {
      for (int i = 0; i < size[0]; ++i) {
        volume::Index3 before{i, j, k};
        volume::Index3 after = before;
        before[axis] = std::max(0, before[axis] - 1);
        after[axis] = std::min(size[axis] - 1, after[axis] + 1);
        out.at(i, j, k) = per_mm * (image.at(after[0], after[1], after[2]) -
                                    image.at(before[0], before[1], before[2]));
      }
    }
  }
  return out;
}

/// A trilinear neighbourhood that several images of one grid share.
struct Cell {
  std::size_t corner = 0;
  std::size_t row = 0;
  std::size_t slab = 0;
  std::array<float, 3> weight{};

  [[nodiscard]] float value(const Image& image) const {
    const float* p = image.data.data() + corner;
    const auto line = [&](const float* q) { return q[0] + weight[0] * (q[1] - q[0]); };
    const auto plane = [&](const float* q) {
      const float a = line(q);
      return a + weight[1] * (line(q + row) - a);
    };
    const float a = plane(p);
    return a + weight[2] * (plane(p + slab) - a);
  }
};

}  // namespace

MaskFit::MaskFit(Image fixed, volume::Mask known, Image moving, const Vector3& centre_fixed,
                 const Vector3& centre_moving)
    : fixed_(std::move(fixed)),
      known_(std::move(known)),
      moving_(std::move(moving)),
      slope_{slope_along(moving_, 0), slope_along(moving_, 1), slope_along(moving_, 2)},
      centre_fixed_(centre_fixed),
      centre_moving_(centre_moving) {}

Affine MaskFit::affine(const AffineNumbers& p) const {
  Affine affine;
  for (std::size_t row = 0; row < 3; ++row) {
    affine.offset[row] = centre_moving_[row] + p[9 + row];
    for (std::size_t column = 0; column < 3; ++column) {
      affine.matrix[row][column] = p[3 * row + column];
      affine.offset[row] -= p[3 * row + column] * centre_fixed_[column];
    }
  }
  return affine;
}

/// For the known voxels, calls visit(fixed value, position from the fixed centre in mm, moving cell
/// or null if outside).
template <typename Visit>
void MaskFit::for_points(const AffineNumbers& numbers, Visit visit) const {
  const Affine to_moving = affine(numbers);
  const volume::Grid& from = fixed_.grid;
  const volume::Grid& to = moving_.grid;
  const auto nx = static_cast<std::size_t>(to.size[0]);
  Cell cell{0, nx, nx * static_cast<std::size_t>(to.size[1]), {}};
  std::size_t at = 0;
  for (int k = 0; k < from.size[2]; ++k) {
    for (int j = 0; j < from.size[1]; ++j) {
      for (int i = 0; i < from.size[0]; ++i, ++at) {
        if (known_.data[at] == 0) continue;
        const Vector3 world{from.origin[0] + i * from.spacing[0],
                            from.origin[1] + j * from.spacing[1],
                            from.origin[2] + k * from.spacing[2]};
        const Vector3 there = to_moving(world);
        std::array<std::size_t, 3> low{};
        bool inside = true;
        for (std::size_t a = 0; a < 3 && inside; ++a) {
          const double s = (there[a] - to.origin[a]) / to.spacing[a];
          inside = s >= 0 && s < to.size[a] - 1;
          low[a] = static_cast<std::size_t>(inside ? s : 0);
          cell.weight[a] = static_cast<float>(s - std::floor(s));
        }
        if (inside) cell.corner = low[0] + low[1] * cell.row + low[2] * cell.slab;
        visit(fixed_.data[at], world, inside ? &cell : nullptr);
      }
    }
  }
}

double MaskFit::sum_of_squares(const AffineNumbers& numbers) const {
  double sum = 0;
  for_points(numbers, [&](float fixed, const Vector3&, const Cell* cell) {
    const double r = static_cast<double>((cell != nullptr ? cell->value(moving_) : 0) - fixed);
    sum += r * r;
  });
  return sum;
}

Misfit MaskFit::expand(const AffineNumbers& numbers) const {
  Misfit misfit;
  for_points(numbers, [&](float fixed, const Vector3& world, const Cell* cell) {
    const double r = static_cast<double>((cell != nullptr ? cell->value(moving_) : 0) - fixed);
    misfit.sum += r * r;
    if (cell == nullptr) return;
    AffineNumbers j{};
    double steepness = 0;
    for (std::size_t a = 0; a < 3; ++a) {
      const auto slope = static_cast<double>(cell->value(slope_[a]));
      steepness += std::abs(slope);
      for (std::size_t b = 0; b < 3; ++b) j[3 * a + b] = slope * (world[b] - centre_fixed_[b]);
      j[9 + a] = slope;
    }
    if (steepness < 1e-5) return;  // the flat inside and outside, most of the voxels
    for (std::size_t a = 0; a < affine_numbers; ++a) {
      misfit.gradient[a] += j[a] * r;
      for (std::size_t b = 0; b <= a; ++b) misfit.hessian[a][b] += j[a] * j[b];
    }
  });
  for (std::size_t a = 0; a < affine_numbers; ++a) {
    for (std::size_t b = a + 1; b < affine_numbers; ++b) {
      misfit.hessian[a][b] = misfit.hessian[b][a];
    }
  }
  return misfit;
}

}  // namespace dawson::imaging
