#include "dawson/dicom/stack.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "dawson/core/error.h"
#include "dawson/core/table.h"
#include "dawson/dicom/pixels.h"

namespace dawson::dicom {
namespace {

using volume::Vector3;

constexpr std::size_t least_slices = 3;
constexpr double same_place_mm = 1e-3;
constexpr double spacing_tolerance = 0.02;
constexpr double most_shift_pixels = 0.1;
constexpr std::size_t most_voxels = std::size_t{1} << 29U;
/// Deflate, the densest of the packings, makes a thousandth of what it is given.
constexpr std::size_t most_pixels_a_byte = 1000;

double dot(const Vector3& a, const Vector3& b) {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}
Vector3 cross(const Vector3& a, const Vector3& b) {
  return {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
}
Vector3 minus(const Vector3& a, const Vector3& b) {
  return {a[0] - b[0], a[1] - b[1], a[2] - b[2]};
}

[[noreturn]] void refuse(const Series& series, const std::string& why) {
  throw Error(ExitCode::input, "series " + series.name() + " " + why,
              series.slices.front().file.parent_path().string());
}

/// Distances between neighbours of a sorted stack: their mean, once they are found to be alike.
double distance_between(const Series& series, const std::vector<double>& heights) {
  std::vector<double> steps;
  for (std::size_t k = 1; k < heights.size(); ++k) steps.push_back(heights[k] - heights[k - 1]);
  std::vector<double> sorted = steps;
  std::sort(sorted.begin(), sorted.end());
  const double usual = sorted[sorted.size() / 2];
  if (sorted.front() < same_place_mm) {
    refuse(series, "has several images at one place, of several echoes or times perhaps");
  }
  for (std::size_t k = 0; k < steps.size(); ++k) {
    if (std::abs(steps[k] - usual) <= spacing_tolerance * usual) continue;
    const double missing = steps[k] / usual - 1;
    const std::string where = "between slices " + std::to_string(k + 1) + " and " +
                              std::to_string(k + 2) + " of " + std::to_string(heights.size());
    if (missing > 0.5 && std::abs(missing - std::round(missing)) < 0.1) {
      refuse(series, "lacks " + core::number(missing, 0) + " slices " + where);
    }
    refuse(series, "has slices " + core::number(usual, 3) + " mm apart, but " +
                       core::number(steps[k], 3) + " mm " + where);
  }
  return (heights.back() - heights.front()) / static_cast<double>(steps.size());
}

/// Slices must stand straight over each other.
void require_straight(const Series& series, const Stack& stack) {
  const Slice& first = stack.slices.front();
  for (const Slice& slice : stack.slices) {
    const Vector3 away = minus(slice.origin, first.origin);
    if (std::abs(dot(away, first.along_row)) > most_shift_pixels * first.spacing[0] ||
        std::abs(dot(away, first.along_column)) > most_shift_pixels * first.spacing[1]) {
      refuse(series, "has slices that are shifted against each other");
    }
  }
}

}  // namespace

Stack stack_slices(const Series& series) {
  if (series.slices.size() < least_slices) {
    refuse(series, "has " + std::to_string(series.slices.size()) + " slices: too few for a volume");
  }
  Stack stack;
  stack.slices = series.slices;
  const Slice& any = series.slices.front();
  const Vector3 normal = cross(any.along_row, any.along_column);
  std::stable_sort(stack.slices.begin(), stack.slices.end(), [&](const Slice& a, const Slice& b) {
    return dot(a.origin, normal) < dot(b.origin, normal);
  });
  std::vector<double> heights;
  for (const Slice& slice : stack.slices) heights.push_back(dot(slice.origin, normal));
  const Slice& first = stack.slices.front();
  volume::Grid& grid = stack.grid;
  grid.size = {series.columns, series.rows, static_cast<int>(stack.slices.size())};
  grid.spacing = {first.spacing[0], first.spacing[1], distance_between(series, heights)};
  for (std::size_t a = 0; a < 3; ++a) {
    grid.direction[a] = {first.along_row[a], first.along_column[a], normal[a]};
  }
  grid.origin = first.origin;
  require_straight(series, stack);
  return stack;
}

volume::Image read_volume(const Series& series, Progress& progress) {
  const Stack stack = stack_slices(series);
  if (stack.grid.voxels() > most_voxels) refuse(series, "has more than 2^29 voxels");
  std::map<std::filesystem::path, std::vector<std::size_t>> places;  // in the stack, by file
  for (std::size_t k = 0; k < stack.slices.size(); ++k) places[stack.slices[k].file].push_back(k);
  const std::size_t area = std::size_t(series.columns) * std::size_t(series.rows);
  for (const auto& [file, slices] : places) {
    const auto frames = static_cast<std::size_t>(stack.slices[slices.front()].frames);
    if (frames * area > most_pixels_a_byte * std::filesystem::file_size(file)) {
      throw Error(ExitCode::input, "promises more pixels than it has room for", file.string());
    }
  }
  volume::Image image(stack.grid);
  for (const auto& [file, slices] : places) {
    progress.check();
    const std::vector<float> pixels =
        read_pixels(file, series.columns, series.rows, stack.slices[slices.front()].frames);
    for (const std::size_t k : slices) {
      const Slice& slice = stack.slices[k];
      const float* from = pixels.data() + static_cast<std::size_t>(slice.frame) * area;
      float* to = image.data.data() + k * area;
      for (std::size_t p = 0; p < area; ++p) {
        to[p] = static_cast<float>(slice.slope * from[p] + slice.intercept);
      }
    }
  }
  return image;
}

}  // namespace dawson::dicom
