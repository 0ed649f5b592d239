// How a scan's slices are shown to a reader: which, which way up, and how bright.
#pragma once

#include <array>
#include <vector>

#include "dawson/volume/volume.h"

namespace dawson::report {

enum class Plane { axial, coronal, sagittal };

/// The scan's own slices, turned so that a radiologist reads them: axial and coronal slices as seen
/// from the feet and from the front (the patient's left on the right), sagittal ones from the
/// patient's left (anterior on the left).
struct Display {
  Plane plane = Plane::axial;
  int across = 2;            ///< the voxel axis from slice to slice
  int column = 0, row = 1;   ///< the voxel axes that run to the picture's right and downwards
  bool flip_column = false;  ///< the picture's x runs against the voxel axis
  bool flip_row = false;
  char left_mark = 'R';  ///< the patient's side at the picture's left edge
  char right_mark = 'L';
  char top_mark = 'A';
  char bottom_mark = 'P';

  /// Voxel of picture position (x, y) in a slice, for a grid of `size`.
  [[nodiscard]] volume::Index3 voxel(const volume::Index3& size, int slice, int x,
                                     int y) const noexcept;
  /// The way back: picture position (x, y) of a voxel in its slice, `voxel[across]`.
  [[nodiscard]] std::array<int, 2> position(const volume::Index3& size,
                                            const volume::Index3& voxel) const noexcept;
};

/// Slices across the coarsest axis of thick scans (imaging::has_thick_slices), else axial ones.
Display display_of(const volume::Grid& grid);
/// Slices of a plane, along the voxel axes nearest to it.
Display display_of(const volume::Grid& grid, Plane plane);

/// One slice's values in picture order, `width` × `height`.
template <typename T>
struct Slice {
  int width = 0, height = 0;
  std::vector<T> values;
};
template <typename T>
Slice<T> cut(const volume::Volume<T>& volume, const Display& display, int slice) {
  const volume::Index3& size = volume.grid.size;
  Slice<T> out{size[display.column], size[display.row], {}};
  out.values.reserve(static_cast<std::size_t>(out.width) * static_cast<std::size_t>(out.height));
  for (int y = 0; y < out.height; ++y) {
    for (int x = 0; x < out.width; ++x) {
      const volume::Index3 v = display.voxel(size, slice, x, y);
      out.values.push_back(volume.at(v[0], v[1], v[2]));
    }
  }
  return out;
}

/// World coordinate (mm) of the slice's centre along the world axis nearest to its normal, RAS+.
double slice_position_mm(const volume::Grid& grid, const Display& display, int slice);

/// At most `count` slices, in order from inferior, posterior or left: for each of the largest
/// lesions the one that shows most of it, then those with most lesion volume that lie apart, then
/// context spread over the brain. `brain` may be null: then the whole scan is the brain.
std::vector<int> choose_slices(const volume::Mask& lesions, const volume::Mask* brain,
                               const Display& display, int count);

/// Intensities shown as black and as white.
struct Window {
  double black = 0, white = 1;
};
/// From the brain's intensities; where `brain` is null or empty, from those above the scan's mean.
Window window_of(const volume::Image& scan, const volume::Mask* brain);

/// The part of the slices worth showing, in picture pixels of `cut` (last column and row included).
struct Crop {
  int x0 = 0, y0 = 0, x1 = 0, y1 = 0;
};
/// The brain's bounding box grown by `margin_mm`; the whole slice where `brain` is null or empty.
Crop crop_of(const volume::Grid& grid, const volume::Mask* brain, const Display& display,
             double margin_mm);

}  // namespace dawson::report
