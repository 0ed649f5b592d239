// A scan's slices side by side, each painted on: what overlay, heat and comparison share.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "dawson/report/display.h"
#include "dawson/report/picture.h"
#include "dawson/report/words.h"
#include "dawson/volume/volume.h"

namespace dawson::report {

class Canvas;
struct Box;
struct View;

/// What is shown. All on one grid; what is null is not known. The objects must outlive this.
struct OverlayInput {
  const volume::Image* scan = nullptr;
  const volume::Mask* lesions = nullptr;
  const volume::Mask* brain = nullptr;           ///< gives brightness, crop and slice range
  const volume::Image* probabilities = nullptr;  ///< the surer, the fuller the colour
  const volume::Mask* reference = nullptr;       ///< what draw_comparison compares with
  std::string title;                             ///< of the picture, such as the scan's name
};

/// Throws Error{input} when scan and masks are not of one size, std::invalid_argument when scan or
/// lesions are null.
void check(const OverlayInput& input);

/// One slice, cropped, painted; its text is drawn by whoever lays it out.
struct Tile {
  Picture picture;
  int slice = 0;           ///< position along the voxel axis, counted from 0
  double position_mm = 0;  ///< slice_position_mm
};
struct Tiles {
  Display display;
  std::vector<Tile> tiles;  ///< all of one size
};

/// The slices in grey, cropped to the brain, `width` pixels wide and in true proportions, each then
/// painted on.
Tiles paint_tiles(const OverlayInput& input, const std::vector<int>& slices, int width,
                  const std::function<void(Picture&, const View&)>& paint);

/// Proportion of these tiles.
double tile_height_by_width(const OverlayInput& input);

/// "+34", "\u22125", "0": rounded, with its sign.
std::string signed_mm(double mm);

/// "slice 12 · z +34 mm": counted from 1 along the array; world coordinate, RAS+.
std::string slice_label(Plane plane, int slice, double position_mm, const Words& words);

/// How left and right are to be read in this plane.
const std::string& convention(Plane plane, const Words& words);

/// Tiles in rows with their marks and positions, over the canvas's dark box; text is `text_size`.
void lay_out(Canvas& canvas, const Tiles& tiles, const Box& box, int columns, double text_size,
             const Words& words);

/// Columns and most tiles of a whole picture.
inline constexpr int mosaic_columns = 4, mosaic_tiles = 12;
/// Width of a tile in a picture of this width, and height of the tiles in rows.
int mosaic_tile_width(int picture_width);
double mosaic_height(const Tiles& tiles, int columns, int picture_width);

}  // namespace dawson::report
