#include "dawson/synthesis/warp.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "dawson/imaging/morphology.h"
#include "dawson/imaging/resample.h"

namespace dawson::synthesis {

using volume::Grid;
using volume::Image;
using volume::Matrix3;
using volume::Vector3;
using volume::operator*;

namespace {

constexpr double coarse_sigma_mm = 28;  // the shape of the head and its lobes
constexpr double fine_sigma_mm = 11;    // the course of gyri
constexpr double coarse_share = 0.75;   // of the amplitude; the rest is fine
// A standard deviation of 1 in each axis reaches a length of about 3.2 somewhere in a head.
constexpr double peak_of_noise = 3.2;
constexpr double room_mm = 12;
const Vector3 pivot{0, -18, 10};  // about the middle of the brain

Matrix3 random_affine(core::Random random) {
  Matrix3 m{{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
  for (int axis = 0; axis < 3; ++axis) {
    const double angle = random.uniform(-10, 10) * std::numbers::pi / 180;
    const int a = (axis + 1) % 3;
    const int b = (axis + 2) % 3;
    Matrix3 turn{{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
    turn[a][a] = turn[b][b] = std::cos(angle);
    turn[a][b] = -std::sin(angle);
    turn[b][a] = std::sin(angle);
    m = turn * m;
  }
  const double overall = random.uniform(-0.05, 0.05);
  for (int axis = 0; axis < 3; ++axis) {
    const double scale = 1 + overall + random.uniform(-0.03, 0.03);
    for (int column = 0; column < 3; ++column) m[axis][column] /= scale;
  }
  return m;
}

Grid coarse_grid(const Grid& fine, double step) {
  Grid grid = fine;
  for (int a = 0; a < 3; ++a) {
    grid.size[a] = static_cast<int>((fine.size[a] - 1) / step) + 1;
    grid.spacing[a] = step;
  }
  return grid;
}

/// Gradient of the blurred ventricles, its greatest length 1: points into the ventricles and fades
/// within about 2 cm.
std::vector<Image> pull_to_ventricles(const Image& ventricles) {
  const Image blurred =
      imaging::smooth(imaging::resample_smooth(ventricles, coarse_grid(ventricles.grid, 4)), 8);
  const Grid& grid = blurred.grid;
  std::vector<Image> pull(3, Image(grid));
  double longest = 1e-9;
  for (int k = 1; k + 1 < grid.size[2]; ++k) {
    for (int j = 1; j + 1 < grid.size[1]; ++j) {
      for (int i = 1; i + 1 < grid.size[0]; ++i) {
        const Vector3 g{blurred.at(i + 1, j, k) - blurred.at(i - 1, j, k),
                        blurred.at(i, j + 1, k) - blurred.at(i, j - 1, k),
                        blurred.at(i, j, k + 1) - blurred.at(i, j, k - 1)};
        for (int a = 0; a < 3; ++a) pull[a].at(i, j, k) = static_cast<float>(g[a]);
        longest = std::max(longest, std::hypot(g[0], g[1], g[2]));
      }
    }
  }
  for (Image& component : pull) {
    for (float& v : component.data) v = static_cast<float>(v / longest);
  }
  return pull;
}

Vector3 index_in(const Grid& grid, const Vector3& world) {  // axes as the world's
  return {(world[0] - grid.origin[0]) / grid.spacing[0],
          (world[1] - grid.origin[1]) / grid.spacing[1],
          (world[2] - grid.origin[2]) / grid.spacing[2]};
}

/// Outside the model there is air, but below it the neck goes on.
bool in_air(const Grid& grid, const Vector3& index) {
  return index[0] < 0 || index[1] < 0 || index[0] > grid.size[0] - 1 ||
         index[1] > grid.size[1] - 1 || index[2] > grid.size[2] - 1;
}

}  // namespace

Warp::Warp(const HeadModel& head, double amplitude_mm, const core::Random& random) {
  if (amplitude_mm <= 0) return;
  affine_ = random_affine(random.stream("affine"));
  const Grid region = grid(head);
  for (const double sigma : {coarse_sigma_mm, fine_sigma_mm}) {
    for (std::uint64_t axis = 0; axis < 3; ++axis) {
      const auto stream = static_cast<std::uint64_t>(sigma) * 3 + axis;
      displacement_.emplace_back(region, sigma, random.stream("displacement", stream));
    }
  }
  coarse_mm_ = amplitude_mm * coarse_share / peak_of_noise;
  fine_mm_ = amplitude_mm * (1 - coarse_share) / peak_of_noise;
  towards_ventricles_ = pull_to_ventricles(head.ventricles);
  // Patients' ventricles are wide more often than narrow.
  ventricle_growth_mm_ = random.stream("ventricles").uniform(-0.2, 0.7) * amplitude_mm;
}

Vector3 Warp::to_model(const Vector3& world) const noexcept {
  if (!affine_) return world;
  Vector3 p = *affine_ * Vector3{world[0] - pivot[0], world[1] - pivot[1], world[2] - pivot[2]};
  for (int a = 0; a < 3; ++a) {
    p[a] += pivot[a] + coarse_mm_ * displacement_[a].at(world) +
            fine_mm_ * displacement_[a + 3].at(world);
  }
  const Vector3 index = index_in(towards_ventricles_[0].grid, p);
  for (int a = 0; a < 3; ++a)
    p[a] += ventricle_growth_mm_ * value_at(towards_ventricles_[a], index);
  return p;
}

Grid Warp::grid(const HeadModel& head) const {
  Grid grid = head.t1.grid;
  if (is_identity()) return grid;
  for (int a = 0; a < 3; ++a) {
    const double below = a == 2 ? 0 : room_mm;
    grid.size[a] += static_cast<int>(below + (a == 2 ? 0 : room_mm));
    grid.origin[a] -= below;
  }
  return grid;
}

Anatomy Warp::apply(const HeadModel& head, Progress& progress) const {
  if (is_identity()) return {head.t1, head.hull, head.ventricles, head.brain};
  const Grid target = grid(head);
  Anatomy warped{Image(target), Image(target), Image(target), Image(target)};
  for (int k = 0; k < target.size[2]; ++k) {
    progress.check();
    for (int j = 0; j < target.size[1]; ++j) {
      for (int i = 0; i < target.size[0]; ++i) {
        const Vector3 index =
            index_in(head.t1.grid, to_model(target.to_world({1.0 * i, 1.0 * j, 1.0 * k})));
        if (in_air(head.t1.grid, index)) continue;
        const std::size_t at = target.offset(i, j, k);
        warped.t1.data[at] = value_at(head.t1, index);
        if (warped.t1.data[at] == 0) continue;
        warped.hull.data[at] = value_at(head.hull, index);
        if (warped.hull.data[at] <= 0) continue;
        warped.ventricles.data[at] = value_at(head.ventricles, index);
        warped.brain.data[at] = value_at(head.brain, index);
      }
    }
  }
  return warped;
}

}  // namespace dawson::synthesis
