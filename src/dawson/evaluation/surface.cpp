#include "dawson/evaluation/surface.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "dawson/evaluation/statistics.h"
#include "dawson/imaging/morphology.h"

namespace dawson::evaluation {
namespace {

using volume::Index3;
using volume::Mask;

struct Box {
  Index3 low, high;  ///< both ends included
};

/// The smallest box around both masks' voxels.
Box bounding_box(const Mask& a, const Mask& b) {
  const Index3 n = a.grid.size;
  Box box{n, {-1, -1, -1}};
  std::size_t v = 0;
  for (int k = 0; k < n[2]; ++k) {
    for (int j = 0; j < n[1]; ++j) {
      for (int i = 0; i < n[0]; ++i, ++v) {
        if (a.data[v] == 0 && b.data[v] == 0) continue;
        const Index3 at{i, j, k};
        for (std::size_t axis = 0; axis < 3; ++axis) {
          box.low[axis] = std::min(box.low[axis], at[axis]);
          box.high[axis] = std::max(box.high[axis], at[axis]);
        }
      }
    }
  }
  return box;
}

/// The part of a mask within the box. Distances between boundary voxels do not change by it, and
/// the distance map is the costly step.
Mask crop(const Mask& mask, const Box& box) {
  volume::Grid grid = mask.grid;
  for (std::size_t axis = 0; axis < 3; ++axis) grid.size[axis] = box.high[axis] - box.low[axis] + 1;
  Mask part(grid);
  for (int k = 0; k < grid.size[2]; ++k) {
    for (int j = 0; j < grid.size[1]; ++j) {
      const auto* from = &mask.at(box.low[0], box.low[1] + j, box.low[2] + k);
      std::copy(from, from + grid.size[0], &part.at(0, j, k));
    }
  }
  return part;
}

/// Distance of each voxel of `from` to the nearest of `to`.
std::vector<double> distances(const Mask& from, const Mask& to) {
  const volume::Image map = imaging::distance_to_mm(to);
  std::vector<double> found;
  for (std::size_t v = 0; v < from.data.size(); ++v) {
    if (from.data[v] != 0) found.push_back(map.data[v]);
  }
  return found;
}

/// Sorts the values.
double percentile(std::vector<double>& values, double p) {
  std::sort(values.begin(), values.end());
  return quantile(values, p);
}

bool is_empty(const Mask& mask) {
  return std::all_of(mask.data.begin(), mask.data.end(), [](auto v) { return v == 0; });
}

}  // namespace

Mask boundary(const Mask& mask) {
  const Index3 n = mask.grid.size;
  const auto inside = [&](int i, int j, int k) {
    return mask.grid.contains(i, j, k) && mask.at(i, j, k) != 0;
  };
  Mask result(mask.grid);
  for (int k = 0; k < n[2]; ++k) {
    for (int j = 0; j < n[1]; ++j) {
      for (int i = 0; i < n[0]; ++i) {
        if (mask.at(i, j, k) == 0) continue;
        const bool enclosed = inside(i - 1, j, k) && inside(i + 1, j, k) && inside(i, j - 1, k) &&
                              inside(i, j + 1, k) && inside(i, j, k - 1) && inside(i, j, k + 1);
        result.at(i, j, k) = enclosed ? 0 : 1;
      }
    }
  }
  return result;
}

SurfaceMeasures measure_surfaces(const Mask& reference, const Mask& prediction) {
  constexpr double undefined = std::numeric_limits<double>::quiet_NaN();
  if (is_empty(reference) || is_empty(prediction)) return {undefined, undefined};
  const Box box = bounding_box(reference, prediction);
  const Mask ours = boundary(crop(reference, box));
  const Mask theirs = boundary(crop(prediction, box));
  std::vector<double> from_reference = distances(ours, theirs);
  std::vector<double> from_prediction = distances(theirs, ours);
  const double sum = std::accumulate(from_reference.begin(), from_reference.end(), 0.0) +
                     std::accumulate(from_prediction.begin(), from_prediction.end(), 0.0);
  SurfaceMeasures m;
  m.assd_mm = sum / static_cast<double>(from_reference.size() + from_prediction.size());
  m.hd95_mm = std::max(percentile(from_reference, 0.95), percentile(from_prediction, 0.95));
  return m;
}

}  // namespace dawson::evaluation
