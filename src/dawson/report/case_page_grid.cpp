#include "dawson/report/case_page_grid.h"

#include <algorithm>
#include <cmath>

#include "dawson/report/display.h"

namespace dawson::report {
namespace {

/// Bounding box of both masks in voxels of the scan; empty (low > high) where nothing is marked.
struct Extent {
  volume::Index3 low, high;
};

void grow(Extent& box, const volume::Mask& mask) {
  std::size_t offset = 0;
  volume::Index3 v{};
  if (mask.data.empty()) return;
  for (v[2] = 0; v[2] < mask.grid.size[2]; ++v[2]) {
    for (v[1] = 0; v[1] < mask.grid.size[1]; ++v[1]) {
      for (v[0] = 0; v[0] < mask.grid.size[0]; ++v[0], ++offset) {
        if (mask.data[offset] == 0) continue;
        for (std::size_t a = 0; a < 3; ++a) {
          box.low[a] = std::min(box.low[a], v[a]);
          box.high[a] = std::max(box.high[a], v[a]);
        }
      }
    }
  }
}

Extent shown_part(const volume::Grid& scan, const volume::Mask& brain,
                  const volume::Mask& lesions) {
  Extent box{scan.size, {-1, -1, -1}};
  grow(box, brain);
  grow(box, lesions);
  for (std::size_t a = 0; a < 3; ++a) {
    if (box.high[a] < box.low[a])
      return {{0, 0, 0}, {scan.size[0] - 1, scan.size[1] - 1, scan.size[2] - 1}};
  }
  for (std::size_t a = 0; a < 3; ++a) {
    const int margin = static_cast<int>(std::ceil(page_margin_mm / scan.spacing[a]));
    box.low[a] = std::max(0, box.low[a] - margin);
    box.high[a] = std::min(scan.size[a] - 1, box.high[a] + margin);
  }
  return box;
}

/// Larger blocks along the axes where they are finest; others stay as they are.
void coarsen(volume::Index3& step, const volume::Vector3& spacing) {
  double finest = 1e30;
  for (std::size_t a = 0; a < 3; ++a) finest = std::min(finest, step[a] * spacing[a]);
  for (std::size_t a = 0; a < 3; ++a) {
    if (step[a] * spacing[a] < 1.5 * finest) ++step[a];
  }
}

/// Where block centres lie: the scan's affine, turned to x, y, z and shifted.
volume::Grid world_of(const PageGrid& page) {
  volume::Grid grid;
  grid.size = page.size;
  volume::Vector3 centre{};  // of the first block, in voxels of the scan
  for (std::size_t a = 0; a < 3; ++a) {
    const auto axis = static_cast<std::size_t>(page.axis[a]);
    const double sign = page.flipped[a] ? -1 : 1;
    const double position = page.first[a] + (page.step[a] - 1) / 2.0;
    centre[axis] = page.flipped[a] ? page.scan.size[axis] - 1 - position : position;
    grid.spacing[a] = page.scan.spacing[axis] * page.step[a];
    for (std::size_t w = 0; w < 3; ++w) {
      grid.direction[w][a] = sign * page.scan.direction[w][axis];
    }
  }
  grid.origin = page.scan.to_world(centre);
  return grid;
}

}  // namespace

volume::Index3 PageGrid::block_of(const volume::Index3& voxel) const noexcept {
  volume::Index3 block{};
  for (std::size_t a = 0; a < 3; ++a) {
    const int position = in_scan(a, voxel[static_cast<std::size_t>(axis[a])]);
    block[a] = std::clamp((position - first[a]) / step[a], 0, size[a] - 1);
  }
  return block;
}

PageGrid page_grid(const volume::Grid& scan, const volume::Mask& brain, const volume::Mask& lesions,
                   std::size_t most_voxels) {
  PageGrid page;
  page.scan = scan;
  const Display axial = display_of(scan, Plane::axial);
  const Display coronal = display_of(scan, Plane::coronal);
  page.axis = {axial.column, axial.row, coronal.row};
  page.flipped = {axial.flip_column, axial.flip_row, coronal.flip_row};

  const Extent part = shown_part(scan, brain, lesions);
  volume::Index3 length{};
  volume::Vector3 spacing{};
  for (std::size_t a = 0; a < 3; ++a) {
    const auto axis = static_cast<std::size_t>(page.axis[a]);
    page.first[a] = page.in_scan(a, page.flipped[a] ? part.high[axis] : part.low[axis]);
    length[a] = part.high[axis] - part.low[axis] + 1;
    spacing[a] = scan.spacing[axis];
  }
  const auto blocks = [&] {
    std::size_t all = 1;
    for (std::size_t a = 0; a < 3; ++a) {
      page.size[a] = (length[a] + page.step[a] - 1) / page.step[a];
      all *= static_cast<std::size_t>(page.size[a]);
    }
    return all;
  };
  while (blocks() > std::max<std::size_t>(1, most_voxels)) coarsen(page.step, spacing);
  page.grid = world_of(page);
  return page;
}

std::vector<PageSlice> page_slices(const PageGrid& page, std::size_t a) {
  const Plane plane = a == 0 ? Plane::sagittal : a == 1 ? Plane::coronal : Plane::axial;
  const Display display = display_of(page.scan, plane);
  const int last = page.scan.size[static_cast<std::size_t>(page.axis[a])] - 1;
  std::vector<PageSlice> slices;
  for (int s = 0; s < page.size[a]; ++s) {
    const int middle = std::min(page.along(a, s, (page.step[a] - 1) / 2), last);
    const int slice = page.in_scan(a, middle);
    slices.push_back({slice + 1, slice_position_mm(page.scan, display, slice)});
  }
  return slices;
}

}  // namespace dawson::report
