// The mosaic of the slices that matter, lesions outlined.
#pragma once

#include <string>
#include <vector>

#include "dawson/report/display.h"
#include "dawson/report/picture.h"
#include "dawson/report/words.h"
#include "dawson/volume/volume.h"

namespace dawson::report {

class Canvas;
struct Box;

/// What is shown. All on one grid; what is null is not known. The objects must outlive this.
struct OverlayInput {
  const volume::Image* scan = nullptr;
  const volume::Mask* lesions = nullptr;
  const volume::Mask* brain = nullptr;           ///< gives brightness, crop and slice range
  const volume::Image* probabilities = nullptr;  ///< the surer, the fuller the colour
  const volume::Mask* reference = nullptr;       ///< then: found, missed and false in three colours
  std::string title;                             ///< of the picture, such as the scan's name
};

/// One slice, cropped, lesions drawn; its text is drawn by whoever lays it out.
struct Tile {
  Picture picture;
  int slice = 0;           ///< position along the voxel axis, counted from 0
  double position_mm = 0;  ///< slice_position_mm
};
struct Tiles {
  Display display;
  std::vector<Tile> tiles;  ///< all of one size
};

/// At most `count` tiles, `width` pixels wide, in true proportions. Throws Error{input} when scan
/// and masks are not of one size, std::invalid_argument when scan or lesions are null.
Tiles draw_tiles(const OverlayInput& input, int count, int width);

/// Proportion of the tiles that `draw_tiles` makes.
double tile_height_by_width(const OverlayInput& input);

/// Tiles in rows with their marks and positions, over the canvas's dark box; text is `text_size`.
void lay_out(Canvas& canvas, const Tiles& tiles, const Box& box, int columns, double text_size,
             const Words& words);

/// The whole picture: twelve tiles, side marks, positions, legend, convention, the words that
/// this is research software.
Picture draw_overlay(const OverlayInput& input, const Words& words, int width = 1600);

}  // namespace dawson::report
