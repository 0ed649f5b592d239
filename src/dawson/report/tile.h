// One slice as a raster picture, and what is painted on it. Private to this room.
#pragma once

#include <algorithm>
#include <cstdint>

#include "dawson/report/canvas.h"
#include "dawson/report/display.h"
#include "dawson/report/picture.h"

namespace dawson::report {

/// A part of one slice, and the size of the picture that it becomes. `crop` counts in pixels of
/// `cut` and may reach beyond the scan.
struct View {
  Display display;
  int slice = 0;
  Crop crop;
  int width = 0, height = 0;
};

/// Calls f(x, y, voxel) for each position of the crop that lies in the scan; x and y are counted
/// from the crop's corner.
template <typename F>
void for_each_position(const View& view, const volume::Index3& size, F f) {
  const Crop& c = view.crop;
  const int width = size[static_cast<std::size_t>(view.display.column)];
  const int height = size[static_cast<std::size_t>(view.display.row)];
  for (int y = std::max(0, c.y0); y <= std::min(height - 1, c.y1); ++y) {
    for (int x = std::max(0, c.x0); x <= std::min(width - 1, c.x1); ++x) {
      f(x - c.x0, y - c.y0, view.display.voxel(size, view.slice, x, y));
    }
  }
}

/// The crop's values, `outside` where it reaches beyond the scan.
template <typename T>
Slice<float> part_of(const volume::Volume<T>& volume, const View& view, float outside = 0) {
  Slice<float> out{view.crop.x1 - view.crop.x0 + 1, view.crop.y1 - view.crop.y0 + 1, {}};
  out.values.assign(static_cast<std::size_t>(out.width) * static_cast<std::size_t>(out.height),
                    outside);
  for_each_position(view, volume.grid.size, [&](int x, int y, const volume::Index3& v) {
    out.values[static_cast<std::size_t>(y) * static_cast<std::size_t>(out.width) +
               static_cast<std::size_t>(x)] = static_cast<float>(volume.at(v[0], v[1], v[2]));
  });
  return out;
}

/// The scan in grey. Cubic between voxels, but linear along an axis whose voxels are thick
/// (imaging::thick_slice_ratio times the finest), where cubic would make edges that are not there.
Picture grey_picture(const volume::Image& scan, const View& view, const Window& window);

enum class Hatch { none, rising, falling };

/// How a region is marked: a line just outside its edge, so that it hides nothing of it, and a
/// fill.
struct MarkStyle {
  Colour colour{};
  double line_width = 0;  ///< pixels; 0: no line
  bool dashed = false;
  double seam = 0.6;  ///< opacity of a dark line around the line: it is seen in grey print too
  double fill = 0;    ///< opacity, 0–1
  Hatch hatch = Hatch::none;
  const Slice<float>* strength = nullptr;  ///< 0–1, a voxel each: then weighs the fill
};

/// A line's width that suits a picture of this width.
double line_width_for(int picture_width) noexcept;

/// Marks the voxels that are not 0. `region` covers the picture. Corners are rounded; a single
/// voxel keeps its place and nearly its size, and is never smaller than its line.
void mark(Picture& picture, const Slice<float>& region, const MarkStyle& style);

/// Blends `colour` into a pixel, `share` from 0 to 1.
void blend(std::uint8_t* rgb, const Colour& colour, double share) noexcept;

}  // namespace dawson::report
