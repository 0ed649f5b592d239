#include "dawson/imaging/resample.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <optional>

#include "dawson/imaging/gaussian.h"

namespace dawson::imaging {

using volume::Grid;
using volume::Image;
using volume::Mask;
using volume::Matrix3;
using volume::Vector3;
using volume::operator*;

namespace {

constexpr double psf_share = 0.42;  // Gaussian σ over spacing, after Cardoso et al. 2015
constexpr double rounding = 1e-6;   // voxels: what coordinates may be off by arithmetic alone

/// Continuous source index of a target index t: matrix · t + offset.
struct IndexMap {
  Matrix3 matrix{};
  Vector3 offset{};

  [[nodiscard]] Vector3 row_start(int j, int k) const {
    Vector3 s{};
    for (int a = 0; a < 3; ++a) s[a] = offset[a] + matrix[a][1] * j + matrix[a][2] * k;
    return s;
  }
};

IndexMap index_map(const Grid& target, const Grid& source, const Affine& to_source) {
  const auto source_index = [&](const Vector3& t) {
    return source.to_index(to_source(target.to_world(t)));
  };
  IndexMap map;
  map.offset = source_index({0, 0, 0});
  for (int axis = 0; axis < 3; ++axis) {
    Vector3 t{0, 0, 0};
    // A step over the whole axis keeps the rounding of far origins out of the slope.
    const double step = std::max(1, target.size[axis] - 1);
    t[axis] = step;
    const Vector3 s = source_index(t);
    for (int a = 0; a < 3; ++a) map.matrix[a][axis] = (s[a] - map.offset[a]) / step;
  }
  return map;
}

/// The run [begin, end) of a row's voxels that fall inside the source, half a voxel beyond its
/// outermost centres included.
struct Run {
  int begin = 0;
  int end = 0;
};

Run inside_run(const Vector3& start, const Vector3& step, const volume::Index3& size, int length) {
  double low = 0;
  double high = length - 1;
  for (int a = 0; a < 3; ++a) {
    const double from = -0.5 - rounding - start[a];
    const double to = size[a] - 0.5 + rounding - start[a];
    if (std::abs(step[a]) < 1e-12) {
      if (from > 0 || to < 0) return {};
      continue;
    }
    low = std::max(low, std::min(from / step[a], to / step[a]));
    high = std::min(high, std::max(from / step[a], to / step[a]));
  }
  if (low > high) return {};
  return {static_cast<int>(std::ceil(low)), static_cast<int>(std::floor(high)) + 1};
}

/// Calls `row(out offset, source start, run)` for each row of the target.
template <typename Row>
void for_rows(const Grid& target, const IndexMap& map, const volume::Index3& source_size, Row row) {
  const Vector3 step{map.matrix[0][0], map.matrix[1][0], map.matrix[2][0]};
  for (int k = 0; k < target.size[2]; ++k) {
    for (int j = 0; j < target.size[1]; ++j) {
      const Vector3 start = map.row_start(j, k);
      const Run run = inside_run(start, step, source_size, target.size[0]);
      if (run.begin < run.end) row(target.offset(0, j, k), start, step, run);
    }
  }
}

/// Two neighbours on one source axis, as offsets into the array, and the second one's weight.
struct Tap {
  std::size_t low = 0;
  std::size_t high = 0;
  float weight = 0;
  bool inside = false;
};

Tap tap_at(double position, int size, std::size_t stride) {
  Tap tap;
  tap.inside = position >= -0.5 - rounding && position <= size - 0.5 + rounding;
  const double clamped = std::clamp(position, 0.0, static_cast<double>(size - 1));
  const int low = std::min(static_cast<int>(clamped), std::max(0, size - 2));
  const int high = std::min(low + 1, size - 1);
  tap.low = static_cast<std::size_t>(low) * stride;
  tap.high = static_cast<std::size_t>(high) * stride;
  tap.weight = static_cast<float>(clamped - low);
  return tap;
}

/// For each target axis the source axis it runs along, where the two grids are parallel.
std::optional<std::array<int, 3>> parallel_axes(const IndexMap& map, const Grid& target) {
  std::array<int, 3> along{};
  std::array<bool, 3> used{};
  for (int axis = 0; axis < 3; ++axis) {
    int largest = 0;
    for (int a = 1; a < 3; ++a) {
      if (std::abs(map.matrix[a][axis]) > std::abs(map.matrix[largest][axis])) largest = a;
    }
    for (int a = 0; a < 3; ++a) {
      // A drift below a ten-thousandth of a voxel over the whole axis is not a rotation.
      if (a != largest && std::abs(map.matrix[a][axis]) * target.size[axis] > 1e-4) return {};
    }
    if (used[largest]) return {};
    used[largest] = true;
    along[axis] = largest;
  }
  return along;
}

std::vector<Tap> taps_of(int axis, int along, const IndexMap& map, const Grid& target,
                         const Grid& source) {
  const std::array<std::size_t, 3> stride{
      1, static_cast<std::size_t>(source.size[0]),
      static_cast<std::size_t>(source.size[0]) * static_cast<std::size_t>(source.size[1])};
  std::vector<Tap> taps(static_cast<std::size_t>(target.size[axis]));
  for (int t = 0; t < target.size[axis]; ++t) {
    taps[static_cast<std::size_t>(t)] =
        tap_at(map.offset[along] + map.matrix[along][axis] * t, source.size[along], stride[along]);
  }
  return taps;
}

/// Parallel grids: neighbours and weights are known per axis before the loop begins.
void resample_parallel(const Image& image, Image& out, const IndexMap& map,
                       const std::array<int, 3>& along) {
  std::array<std::vector<Tap>, 3> taps;
  for (int axis = 0; axis < 3; ++axis) {
    taps[axis] = taps_of(axis, along[axis], map, out.grid, image.grid);
  }
  const float* const data = image.data.data();
  std::size_t at = 0;
  for (const Tap& z : taps[2]) {
    for (const Tap& y : taps[1]) {
      if (!z.inside || !y.inside) {
        at += taps[0].size();
        continue;
      }
      const float w11 = z.weight * y.weight, w10 = z.weight - w11;
      const float w01 = y.weight - w11, w00 = 1 - z.weight - w01;
      const float* const r00 = data + z.low + y.low;
      const float* const r01 = data + z.low + y.high;
      const float* const r10 = data + z.high + y.low;
      const float* const r11 = data + z.high + y.high;
      for (const Tap& x : taps[0]) {
        if (x.inside) {
          const float a = w00 * r00[x.low] + w01 * r01[x.low] + w10 * r10[x.low] + w11 * r11[x.low];
          const float b =
              w00 * r00[x.high] + w01 * r01[x.high] + w10 * r10[x.high] + w11 * r11[x.high];
          out.data[at] = a + x.weight * (b - a);
        }
        ++at;
      }
    }
  }
}

float linear_at(const Image& image, const Vector3& s) {
  const auto nx = static_cast<std::size_t>(image.grid.size[0]);
  const std::array<std::size_t, 3> stride{1, nx, nx * static_cast<std::size_t>(image.grid.size[1])};
  std::array<Tap, 3> tap;
  for (int a = 0; a < 3; ++a) tap[a] = tap_at(s[a], image.grid.size[a], stride[a]);
  const auto &x = tap[0], &y = tap[1], &z = tap[2];
  const auto line = [&](std::size_t row) {
    const float a = image.data[row + x.low];
    return a + x.weight * (image.data[row + x.high] - a);
  };
  const auto plane = [&](std::size_t slab) {
    const float a = line(slab + y.low);
    return a + y.weight * (line(slab + y.high) - a);
  };
  const float a = plane(z.low);
  return a + z.weight * (plane(z.high) - a);
}

}  // namespace

Vector3 Affine::operator()(const Vector3& world) const noexcept {
  Vector3 r = matrix * world;
  for (int axis = 0; axis < 3; ++axis) r[axis] += offset[axis];
  return r;
}

Affine Affine::inverse() const {
  Affine r;
  r.matrix = volume::inverse(matrix);
  r.offset = r.matrix * offset;
  for (double& value : r.offset) value = -value;
  return r;
}

Affine operator*(const Affine& a, const Affine& b) {
  return {a.matrix * b.matrix, a(b.offset)};
}

Image resample_linear(const Image& image, const Grid& target, float outside,
                      const Affine& to_source) {
  Image out(target, outside);
  const IndexMap map = index_map(target, image.grid, to_source);
  if (const auto along = parallel_axes(map, target)) {
    resample_parallel(image, out, map, *along);
    return out;
  }
  for_rows(target, map, image.grid.size,
           [&](std::size_t at, const Vector3& start, const Vector3& step, const Run& run) {
             for (int i = run.begin; i < run.end; ++i) {
               out.data[at + static_cast<std::size_t>(i)] = linear_at(
                   image, {start[0] + i * step[0], start[1] + i * step[1], start[2] + i * step[2]});
             }
           });
  return out;
}

Mask resample_nearest(const Mask& mask, const Grid& target, const Affine& to_source) {
  Mask out(target);
  const IndexMap map = index_map(target, mask.grid, to_source);
  const volume::Index3 size = mask.grid.size;
  const auto nearest = [&](double position, int axis) {
    // Ties go up on every machine, whatever the last bit of the arithmetic says.
    return std::clamp(static_cast<int>(std::floor(position + 0.5 + rounding)), 0, size[axis] - 1);
  };
  for_rows(target, map, size,
           [&](std::size_t at, const Vector3& start, const Vector3& step, const Run& run) {
             for (int i = run.begin; i < run.end; ++i) {
               out.data[at + static_cast<std::size_t>(i)] =
                   mask.at(nearest(start[0] + i * step[0], 0), nearest(start[1] + i * step[1], 1),
                           nearest(start[2] + i * step[2], 2));
             }
           });
  return out;
}

Image resample_smooth(const Image& image, const Grid& target, float outside,
                      const Affine& to_source) {
  const IndexMap map = index_map(target, image.grid, to_source);
  // In source voxels, the target's voxel has the covariance M Mᵀ where the source's is 1.
  Vector3 sigma{};
  bool any = false;
  for (int a = 0; a < 3; ++a) {
    double squared = 0;
    for (int axis = 0; axis < 3; ++axis) squared += map.matrix[a][axis] * map.matrix[a][axis];
    sigma[a] = image.grid.size[a] > 1 ? psf_share * std::sqrt(std::max(0.0, squared - 1)) : 0;
    any = any || sigma[a] > 0.05;
  }
  if (!any) return resample_linear(image, target, outside, to_source);
  Image smoothed = image;
  smooth_voxels(smoothed, sigma);
  return resample_linear(smoothed, target, outside, to_source);
}

Image resample_coverage(const Mask& mask, const Grid& target, const Affine& to_source) {
  Image image(mask.grid);
  std::transform(mask.data.begin(), mask.data.end(), image.data.begin(),
                 [](std::uint8_t value) { return value != 0 ? 1.0F : 0.0F; });
  return resample_smooth(image, target, 0, to_source);
}

}  // namespace dawson::imaging
