#include "dawson/report/display.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <set>

#include "dawson/imaging/slice_grid.h"
#include "dawson/lesions/lesions.h"

namespace dawson::report {
namespace {

/// The voxel axis that runs along the world axis named by either letter.
int axis_along(const std::string& orientation, char positive, char negative) {
  for (int axis = 0; axis < 3; ++axis) {
    const char letter = orientation[static_cast<std::size_t>(axis)];
    if (letter == positive || letter == negative) return axis;
  }
  return 0;
}

int world_axis(Plane plane) {
  return plane == Plane::sagittal ? 0 : plane == Plane::coronal ? 1 : 2;
}

std::vector<double> voxels_by_slice(const volume::Mask& mask, int across) {
  const volume::Index3& size = mask.grid.size;
  std::vector<double> voxels(static_cast<std::size_t>(size[across]), 0.0);
  std::size_t offset = 0;
  for (int k = 0; k < size[2]; ++k) {
    for (int j = 0; j < size[1]; ++j) {
      for (int i = 0; i < size[0]; ++i, ++offset) {
        const int slice = across == 0 ? i : across == 1 ? j : k;
        if (mask.data[offset] != 0) ++voxels[static_cast<std::size_t>(slice)];
      }
    }
  }
  return voxels;
}

/// For each of the largest lesions, largest first, the slice that shows most of it.
std::vector<int> slices_of_largest(const volume::Mask& mask, int across, std::size_t most) {
  const lesions::Components found =
      lesions::find_components(mask.data, {mask.grid.size, mask.grid.spacing});
  const std::size_t counted = std::min(most, lesions::count_lesions(found));
  const auto slices = static_cast<std::size_t>(mask.grid.size[across]);
  std::vector<std::vector<int>> voxels(counted, std::vector<int>(slices, 0));
  std::size_t offset = 0;
  for (int k = 0; k < mask.grid.size[2]; ++k) {
    for (int j = 0; j < mask.grid.size[1]; ++j) {
      for (int i = 0; i < mask.grid.size[0]; ++i, ++offset) {
        const auto label = static_cast<std::size_t>(found.labels[offset]);
        if (label == 0 || label > counted) continue;
        ++voxels[label - 1][static_cast<std::size_t>(across == 0 ? i : across == 1 ? j : k)];
      }
    }
  }
  std::vector<int> chosen;
  for (const auto& v : voxels) {
    chosen.push_back(static_cast<int>(std::max_element(v.begin(), v.end()) - v.begin()));
  }
  return chosen;
}

/// First and last slice that hold a quarter of the largest slice's brain.
std::pair<int, int> brain_range(const volume::Mask* brain, int across, int slices) {
  if (brain == nullptr) return {0, slices - 1};
  const std::vector<double> area = voxels_by_slice(*brain, across);
  const double enough = 0.25 * *std::max_element(area.begin(), area.end());
  int first = slices, last = -1;
  for (int s = 0; s < slices; ++s) {
    const double a = area[static_cast<std::size_t>(s)];
    if (a <= 0 || a < enough) continue;
    first = std::min(first, s);
    last = s;
  }
  return last < 0 ? std::pair{0, slices - 1} : std::pair{first, last};
}

int gap_to(const std::set<int>& chosen, int slice) {
  int gap = std::numeric_limits<int>::max();
  for (const int c : chosen) gap = std::min(gap, std::abs(c - slice));
  return gap;
}

/// Slices with lesions, most first, each at least `apart` from those already chosen.
void add_by_volume(std::set<int>& chosen, const std::vector<double>& lesion_area, int apart,
                   std::size_t most) {
  while (chosen.size() < most) {
    int best = -1;
    double best_area = 0;
    for (std::size_t s = 0; s < lesion_area.size(); ++s) {
      if (lesion_area[s] > best_area && gap_to(chosen, static_cast<int>(s)) >= apart) {
        best = static_cast<int>(s);
        best_area = lesion_area[s];
      }
    }
    if (best < 0) return;
    chosen.insert(best);
  }
}

/// The slice farthest from all chosen ones, until there are enough or none is left.
void add_context(std::set<int>& chosen, int first, int last, std::size_t most) {
  if (chosen.empty()) chosen.insert((first + last) / 2);
  while (chosen.size() < most) {
    int best = -1, best_gap = 0;
    for (int s = first; s <= last; ++s) {
      const int gap = gap_to(chosen, s);
      if (gap > best_gap) {
        best = s;
        best_gap = gap;
      }
    }
    if (best < 0) return;
    chosen.insert(best);
  }
}

/// The head's values rather than the air's; all where all are the same.
std::vector<float> brighter_than_mean(const std::vector<float>& all) {
  double sum = 0;
  for (const float v : all) sum += v;
  std::vector<float> brighter;
  for (const float v : all) {
    if (v * static_cast<double>(all.size()) > sum) brighter.push_back(v);
  }
  return brighter.empty() ? all : brighter;
}

double percentile(std::vector<float>& values, double share) {
  const auto nth =
      values.begin() +
      static_cast<std::ptrdiff_t>(std::lround(share * static_cast<double>(values.size() - 1)));
  std::nth_element(values.begin(), nth, values.end());
  return *nth;
}

}  // namespace

volume::Index3 Display::voxel(const volume::Index3& size, int slice, int x, int y) const noexcept {
  volume::Index3 v{};
  v[static_cast<std::size_t>(across)] = slice;
  v[static_cast<std::size_t>(column)] =
      flip_column ? size[static_cast<std::size_t>(column)] - 1 - x : x;
  v[static_cast<std::size_t>(row)] = flip_row ? size[static_cast<std::size_t>(row)] - 1 - y : y;
  return v;
}

std::array<int, 2> Display::position(const volume::Index3& size,
                                     const volume::Index3& voxel) const noexcept {
  const auto c = static_cast<std::size_t>(column), r = static_cast<std::size_t>(row);
  return {flip_column ? size[c] - 1 - voxel[c] : voxel[c],
          flip_row ? size[r] - 1 - voxel[r] : voxel[r]};
}

Display display_of(const volume::Grid& grid, Plane plane) {
  const std::string orientation = grid.orientation();
  const int lateral = axis_along(orientation, 'R', 'L');
  const int depth = axis_along(orientation, 'A', 'P');
  const int vertical = axis_along(orientation, 'S', 'I');
  Display d;
  d.plane = plane;
  d.across = plane == Plane::sagittal ? lateral : plane == Plane::coronal ? depth : vertical;
  d.column = plane == Plane::sagittal ? depth : lateral;
  d.row = plane == Plane::axial ? depth : vertical;
  const auto runs_towards = [&](int axis) { return orientation[static_cast<std::size_t>(axis)]; };
  // The picture's right is the patient's left (sagittal: posterior), its foot posterior or
  // inferior.
  d.flip_column = runs_towards(d.column) == (plane == Plane::sagittal ? 'A' : 'R');
  d.flip_row = runs_towards(d.row) == (plane == Plane::axial ? 'A' : 'S');
  d.left_mark = plane == Plane::sagittal ? 'A' : 'R';
  d.right_mark = plane == Plane::sagittal ? 'P' : 'L';
  d.top_mark = plane == Plane::axial ? 'A' : 'S';
  d.bottom_mark = plane == Plane::axial ? 'P' : 'I';
  return d;
}

Display display_of(const volume::Grid& grid) {
  if (!imaging::has_thick_slices(grid)) return display_of(grid, Plane::axial);
  const char across = grid.orientation()[static_cast<std::size_t>(grid.coarsest_axis())];
  const bool lateral = across == 'R' || across == 'L';
  const bool depth = across == 'A' || across == 'P';
  return display_of(grid, lateral ? Plane::sagittal : depth ? Plane::coronal : Plane::axial);
}

double slice_position_mm(const volume::Grid& grid, const Display& display, int slice) {
  volume::Vector3 centre{};
  for (std::size_t axis = 0; axis < 3; ++axis) centre[axis] = (grid.size[axis] - 1) / 2.0;
  centre[static_cast<std::size_t>(display.across)] = slice;
  return grid.to_world(centre)[static_cast<std::size_t>(world_axis(display.plane))];
}

std::vector<int> choose_slices(const volume::Mask& lesions, const volume::Mask* brain,
                               const Display& display, int count) {
  const int slices = lesions.grid.size[static_cast<std::size_t>(display.across)];
  const auto most = static_cast<std::size_t>(std::max(1, count));
  const auto [first, last] = brain_range(brain, display.across, slices);
  const std::vector<double> area = voxels_by_slice(lesions, display.across);
  // Slices closer than this show much the same.
  const int apart = std::max(1, 2 * (last - first + 1) / (3 * static_cast<int>(most)));

  std::set<int> chosen;
  for (const int s : slices_of_largest(lesions, display.across, 5)) {
    if (chosen.size() < most && gap_to(chosen, s) >= std::max(1, apart / 2)) chosen.insert(s);
  }
  // A quarter of the tiles stays for context, so that the reader sees the head as a whole.
  const std::size_t context = most / 4;
  add_by_volume(chosen, area, apart, std::max(chosen.size(), most - context));
  add_context(chosen, first, last, most);

  std::vector<int> ordered(chosen.begin(), chosen.end());
  std::sort(ordered.begin(), ordered.end(), [&](int a, int b) {
    return slice_position_mm(lesions.grid, display, a) <
           slice_position_mm(lesions.grid, display, b);
  });
  return ordered;
}

Window window_of(const volume::Image& scan, const volume::Mask* brain) {
  std::vector<float> values;
  if (brain != nullptr) {
    for (std::size_t v = 0; v < scan.data.size(); ++v) {
      if (brain->data[v] != 0) values.push_back(scan.data[v]);
    }
  }
  if (values.empty()) values = brighter_than_mean(scan.data);
  if (values.empty()) return {};
  const double low = percentile(values, 0.01);
  const double middle = percentile(values, 0.5);
  const double high = percentile(values, 0.998);
  // The brain's middle lies near 45 % grey, so that lesions stay brighter than all around them.
  Window window{std::min(low, middle - 0.45 * (high - low)),
                std::max(high, middle + 1.25 * (middle - low))};
  if (!(window.white > window.black)) window.white = window.black + 1;
  return window;
}

Crop crop_of(const volume::Grid& grid, const volume::Mask* brain, const Display& display,
             double margin_mm) {
  const auto column = static_cast<std::size_t>(display.column);
  const auto row = static_cast<std::size_t>(display.row);
  const int width = grid.size[column], height = grid.size[row];
  const Crop whole{0, 0, width - 1, height - 1};
  if (brain == nullptr) return whole;
  Crop box{width, height, -1, -1};
  std::size_t offset = 0;
  volume::Index3 v{};
  for (v[2] = 0; v[2] < grid.size[2]; ++v[2]) {
    for (v[1] = 0; v[1] < grid.size[1]; ++v[1]) {
      for (v[0] = 0; v[0] < grid.size[0]; ++v[0], ++offset) {
        if (brain->data[offset] == 0) continue;
        const int x = display.flip_column ? width - 1 - v[column] : v[column];
        const int y = display.flip_row ? height - 1 - v[row] : v[row];
        box = {std::min(box.x0, x), std::min(box.y0, y), std::max(box.x1, x), std::max(box.y1, y)};
      }
    }
  }
  if (box.x1 < 0) return whole;
  const int dx = static_cast<int>(std::ceil(margin_mm / grid.spacing[column]));
  const int dy = static_cast<int>(std::ceil(margin_mm / grid.spacing[row]));
  return {std::max(0, box.x0 - dx), std::max(0, box.y0 - dy), std::min(width - 1, box.x1 + dx),
          std::min(height - 1, box.y1 + dy)};
}

}  // namespace dawson::report
