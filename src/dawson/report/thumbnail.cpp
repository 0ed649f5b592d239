#include "dawson/report/thumbnail.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "dawson/report/colours.h"
#include "dawson/report/tile.h"

namespace dawson::report {
namespace {

constexpr double margin_mm = 12;
constexpr int gap = 4;  // pixels between slices

volume::Index3 middle_of(const volume::Grid& grid, const volume::Mask* brain) {
  volume::Index3 low = grid.size;
  volume::Index3 high{-1, -1, -1};
  if (brain != nullptr) {
    for (int k = 0; k < grid.size[2]; ++k) {
      for (int j = 0; j < grid.size[1]; ++j) {
        for (int i = 0; i < grid.size[0]; ++i) {
          if (brain->data[grid.offset(i, j, k)] == 0) continue;
          const volume::Index3 at{i, j, k};
          for (std::size_t a = 0; a < 3; ++a) {
            low[a] = std::min(low[a], at[a]);
            high[a] = std::max(high[a], at[a]);
          }
        }
      }
    }
  }
  volume::Index3 middle{};
  for (std::size_t a = 0; a < 3; ++a) {
    middle[a] = high[a] < 0 ? grid.size[a] / 2 : (low[a] + high[a]) / 2;
  }
  return middle;
}

Picture slice_of(const volume::Image& scan, const volume::Mask* brain, Plane plane,
                 const volume::Index3& middle, int height) {
  View view;
  view.display = display_of(scan.grid, plane);
  view.slice = middle[static_cast<std::size_t>(view.display.across)];
  view.crop = crop_of(scan.grid, brain, view.display, margin_mm);
  const auto mm = [&](int pixels, int axis) {
    return pixels * scan.grid.spacing[static_cast<std::size_t>(axis)];
  };
  const double across_mm = mm(view.crop.x1 - view.crop.x0 + 1, view.display.column);
  const double down_mm = mm(view.crop.y1 - view.crop.y0 + 1, view.display.row);
  view.height = height;
  view.width =
      std::clamp(static_cast<int>(std::lround(height * across_mm / down_mm)), 8, 4 * height);
  Picture picture = grey_picture(scan, view, window_of(scan, brain));
  if (brain != nullptr) {
    MarkStyle style;
    style.colour = colours::high_confidence;
    style.line_width = 1;
    mark(picture, part_of(*brain, view), style);
  }
  return picture;
}

}  // namespace

Picture thumbnail(const volume::Image& scan, const volume::Mask* brain, int height) {
  if (brain != nullptr &&
      std::none_of(brain->data.begin(), brain->data.end(), [](auto v) { return v != 0; })) {
    brain = nullptr;
  }
  const volume::Index3 middle = middle_of(scan.grid, brain);
  std::vector<Picture> slices;
  int width = -gap;
  for (const Plane plane : {Plane::axial, Plane::coronal, Plane::sagittal}) {
    slices.push_back(slice_of(scan, brain, plane, middle, height));
    width += slices.back().width + gap;
  }
  Picture all(width, height);
  int left = 0;
  for (const Picture& slice : slices) {
    for (int y = 0; y < slice.height; ++y) {
      std::copy_n(slice.pixel(0, y), 3 * slice.width, all.pixel(left, y));
    }
    left += slice.width + gap;
  }
  return all;
}

}  // namespace dawson::report
