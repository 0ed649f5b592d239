#include "dawson/anatomy/face.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <utility>
#include <vector>

#include "dawson/core/error.h"
#include "dawson/imaging/morphology.h"

namespace dawson::anatomy {
namespace {

using volume::Vector3;

// Where the centres of the eyes lie, seen from the centre of the brain's outline and along its long
// axis, as shares of the way to the outline's foremost point: means of the 18 eyes of the nine
// Tabriz scans; single ones differ by up to 0.15.
constexpr double eyes_front = 0.75;
constexpr double eyes_below = 0.55;
constexpr double eyes_aside = 0.36;
// Turned by 25° the direction of projection leaves most of both eyes beyond; 15° and 35° come next.
constexpr double turn_to_an_eye = 25 * 0.017453292519943295;
// Lattice points on one line must not make edges of their own by the last bits of their positions.
constexpr double on_one_line_mm2 = 1e-6;

constexpr double neck_mm = 6;

/// A position or direction in a plane of projection, mm.
struct Flat {
  double front = 0;
  double up = 0;
};
using Outline = std::vector<Flat>;  ///< a convex polygon, against the clock

/// The plane of projection, by two perpendicular unit vectors of the world.
struct View {
  Vector3 front;
  Vector3 up;
};
constexpr View sagittal{{0, 1, 0}, {0, 0, 1}};

double dot(const Vector3& a, const Vector3& b) {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

Vector3 sum(double wa, const Vector3& a, double wb, const Vector3& b) {
  return {wa * a[0] + wb * b[0], wa * a[1] + wb * b[1], wa * a[2] + wb * b[2]};
}

Flat operator+(const Flat& a, const Flat& b) {
  return {a.front + b.front, a.up + b.up};
}

Flat operator-(const Flat& a, const Flat& b) {
  return {a.front - b.front, a.up - b.up};
}

double dot(const Flat& a, const Flat& b) {
  return a.front * b.front + a.up * b.up;
}

double cross(const Flat& a, const Flat& b) {
  return a.front * b.up - a.up * b.front;
}

Flat projected(const Vector3& world, const View& view) {
  return {dot(world, view.front), dot(world, view.up)};
}

template <typename Iterator>
Outline left_turning_chain(Iterator first, Iterator last) {
  Outline chain;
  for (; first != last; ++first) {
    while (chain.size() >= 2 && cross(chain.back() - chain[chain.size() - 2],
                                      *first - chain.back()) <= on_one_line_mm2) {
      chain.pop_back();
    }
    chain.push_back(*first);
  }
  chain.pop_back();  // the other chain begins with it
  return chain;
}

/// Andrew's monotone chains (1979).
Outline convex_hull(Outline points) {
  if (points.size() < 3) return points;
  std::sort(points.begin(), points.end(), [](const Flat& a, const Flat& b) {
    return a.front != b.front ? a.front < b.front : a.up < b.up;
  });
  Outline hull = left_turning_chain(points.begin(), points.end());
  const Outline upper = left_turning_chain(points.rbegin(), points.rend());
  hull.insert(hull.end(), upper.begin(), upper.end());
  return hull;
}

/// The mask less what hangs on it by a neck of less than twice `neck_mm`, or not at all: models
/// take bits of the nasal cavity for brain, and one such voxel can move an edge of a hull by
/// centimetres.
volume::Mask main_body(const volume::Mask& mask) {
  volume::Mask body =
      imaging::dilate_mm(imaging::largest_component(imaging::erode_mm(mask, neck_mm)), neck_mm);
  bool empty = true;
  for (std::size_t v = 0; v < mask.data.size(); ++v) {
    body.data[v] = body.data[v] != 0 && mask.data[v] != 0 ? 1 : 0;
    empty = empty && body.data[v] == 0;
  }
  return empty ? mask : body;
}

/// Centres of the first and last mask voxel of every row: those between add nothing to a hull.
std::vector<Vector3> ends_of_rows(const volume::Mask& mask) {
  const auto& size = mask.grid.size;
  std::vector<Vector3> points;
  for (int k = 0; k < size[2]; ++k) {
    for (int j = 0; j < size[1]; ++j) {
      int first = 0;
      int last = size[0] - 1;
      while (first <= last && mask.at(first, j, k) == 0) ++first;
      while (last > first && mask.at(last, j, k) == 0) --last;
      if (first > last) continue;
      points.push_back(mask.grid.to_world({double(first), double(j), double(k)}));
      points.push_back(mask.grid.to_world({double(last), double(j), double(k)}));
    }
  }
  if (points.empty()) {
    throw Error(ExitCode::input, "the mask of the brain is empty", "",
                "without a brain there is no telling where the face is");
  }
  return points;
}

/// The convex hull of all that voxels with these centres cover. That of a sum of sets is the sum
/// of their hulls, so that only the corners of voxels on the hull of the centres are looked at.
Outline outline(const std::vector<Vector3>& centres, const volume::Grid& grid, const View& view) {
  Outline points(centres.size());
  std::transform(centres.begin(), centres.end(), points.begin(),
                 [&](const Vector3& centre) { return projected(centre, view); });
  const Flat first_voxel = projected(grid.to_world({0, 0, 0}), view);
  Outline corners;
  for (const Flat& centre : convex_hull(std::move(points))) {
    for (const double i : {-0.5, 0.5}) {
      for (const double j : {-0.5, 0.5}) {
        for (const double k : {-0.5, 0.5}) {
          corners.push_back(centre + projected(grid.to_world({i, j, k}), view) - first_voxel);
        }
      }
    }
  }
  return convex_hull(std::move(corners));
}

struct LongAxis {
  Flat centre;
  Flat direction;  ///< of length 1, never to the back
};

/// From the polygon's area, centre and second moments, triangle by triangle.
LongAxis long_axis(const Outline& polygon) {
  const Flat anchor = polygon.front();  // far from the world's origin digits would be lost
  double area = 0, x = 0, y = 0, xx = 0, yy = 0, xy = 0;
  for (std::size_t n = 1; n + 1 < polygon.size(); ++n) {
    const Flat a = polygon[n] - anchor;
    const Flat b = polygon[n + 1] - anchor;
    const double part = cross(a, b) / 2;
    area += part;
    x += part * (a.front + b.front) / 3;
    y += part * (a.up + b.up) / 3;
    xx += part * (a.front * a.front + a.front * b.front + b.front * b.front) / 6;
    yy += part * (a.up * a.up + a.up * b.up + b.up * b.up) / 6;
    xy += part * (2 * a.front * a.up + a.front * b.up + b.front * a.up + 2 * b.front * b.up) / 12;
  }
  x /= area, y /= area, xx = xx / area - x * x, yy = yy / area - y * y, xy = xy / area - x * y;
  const double angle = std::atan2(2 * xy, xx - yy) / 2;
  return {anchor + Flat{x, y}, {std::cos(angle), std::sin(angle)}};
}

/// The brain's own axes, of length 1, and where they start.
struct BrainAxes {
  Vector3 centre;
  Vector3 right{1, 0, 0};
  Vector3 front;
  Vector3 up;
  double reach_mm = 0;  ///< from the centre to the outline's foremost point
};

BrainAxes brain_axes(const std::vector<Vector3>& centres, const volume::Grid& grid) {
  const Outline polygon = outline(centres, grid, sagittal);
  const LongAxis axis = long_axis(polygon);
  const auto [left, right] =
      std::minmax_element(centres.begin(), centres.end(),
                          [](const Vector3& a, const Vector3& b) { return a[0] < b[0]; });
  BrainAxes axes;
  axes.centre = {((*left)[0] + (*right)[0]) / 2, axis.centre.front, axis.centre.up};
  axes.front = {0, axis.direction.front, axis.direction.up};
  axes.up = {0, -axis.direction.up, axis.direction.front};
  for (const Flat& p : polygon) {
    axes.reach_mm = std::max(axes.reach_mm, dot(p - axis.centre, axis.direction));
  }
  return axes;
}

/// The edge between front and below beyond which `target` lies farthest, moved by the margin.
FacePlane plane_before(const Vector3& target, const Outline& polygon, const View& view,
                       double margin_mm) {
  FacePlane plane;
  double farthest = -std::numeric_limits<double>::infinity();
  for (std::size_t n = 0; n < polygon.size(); ++n) {
    const Flat edge = polygon[(n + 1) % polygon.size()] - polygon[n];
    const double length = std::hypot(edge.front, edge.up);
    const Flat outwards{edge.up / length, -edge.front / length};
    constexpr double along = 1e-9;  // an edge along one of the axes still counts
    if (outwards.front < -along || outwards.up > along) continue;
    const double beyond = dot(projected(target, view) - polygon[n], outwards);
    if (beyond <= farthest) continue;
    farthest = beyond;
    plane.normal = sum(outwards.front, view.front, outwards.up, view.up);
    plane.offset_mm = dot(polygon[n], outwards) + margin_mm;
  }
  if (!std::isfinite(farthest)) throw Error(ExitCode::input, "the mask has not a brain's shape");
  return plane;
}

bool in_mask(const volume::Mask& mask, const Vector3& world) {
  const Vector3 index = mask.grid.to_index(world);
  std::array<int, 3> nearest{};
  for (std::size_t a = 0; a < 3; ++a) {
    nearest[a] = static_cast<int>(std::floor(index[a] + 0.5));
  }
  return mask.grid.contains(nearest[0], nearest[1], nearest[2]) &&
         mask.at(nearest[0], nearest[1], nearest[2]) != 0;
}

template <typename Keep>
std::size_t blank(volume::Image& scan, const Face& face, const Keep& keep) {
  const float background = background_value(scan);
  std::size_t changed = 0;
  for (int k = 0; k < scan.grid.size[2]; ++k) {
    for (int j = 0; j < scan.grid.size[1]; ++j) {
      for (int i = 0; i < scan.grid.size[0]; ++i) {
        float& value = scan.at(i, j, k);
        if (value == background) continue;
        const Vector3 world = scan.grid.to_world({double(i), double(j), double(k)});
        if (!face.contains(world) || keep(world)) continue;
        value = background;
        ++changed;
      }
    }
  }
  return changed;
}

}  // namespace

double FacePlane::beyond_mm(const Vector3& world) const noexcept {
  return dot(normal, world) - offset_mm;
}

bool Face::contains(const Vector3& world) const noexcept {
  return std::any_of(planes.begin(), planes.end(),
                     [&](const FacePlane& plane) { return plane.beyond_mm(world) > 0; });
}

Face fit_face(const volume::Mask& brain, double margin_mm) {
  if (!std::isfinite(margin_mm)) throw std::invalid_argument("the margin is not finite");
  const std::vector<Vector3> centres = ends_of_rows(main_body(brain));
  const BrainAxes axes = brain_axes(centres, brain.grid);
  const Vector3 between_eyes =
      sum(1, axes.centre, axes.reach_mm, sum(eyes_front, axes.front, -eyes_below, axes.up));
  Face face;
  for (const int side : {0, 1, -1}) {
    const double angle = side * turn_to_an_eye;
    const View view{sum(std::cos(angle), axes.front, std::sin(angle), axes.right), axes.up};
    const Vector3 eye = sum(1, between_eyes, side * eyes_aside * axes.reach_mm, axes.right);
    face.planes.push_back(plane_before(eye, outline(centres, brain.grid, view), view, margin_mm));
  }
  return face;
}

float background_value(const volume::Image& scan) {
  if (scan.data.empty()) throw Error(ExitCode::input, "the image is empty");
  std::vector<float> values = scan.data;
  const auto tenth = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 10);
  std::nth_element(values.begin(), tenth, values.end());
  return std::clamp(0.0F, *std::min_element(values.begin(), tenth + 1), *tenth);
}

std::size_t deface(volume::Image& scan, const Face& face) {
  return blank(scan, face, [](const Vector3&) { return false; });
}

std::size_t deface(volume::Image& scan, const Face& face, const volume::Mask& brain) {
  return blank(scan, face, [&](const Vector3& p) { return in_mask(brain, p); });
}

}  // namespace dawson::anatomy
