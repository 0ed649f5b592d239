#include "dawson/report/overlay.h"

#include <algorithm>

#include "dawson/report/canvas.h"
#include "dawson/report/colours.h"
#include "dawson/report/frame.h"
#include "dawson/report/tile.h"

namespace dawson::report {

Tiles draw_tiles(const OverlayInput& input, int count, int width) {
  check(input);
  const std::vector<int> slices =
      choose_slices(*input.lesions, input.brain, display_of(input.scan->grid), count);
  return paint_tiles(input, slices, width, [&](Picture& picture, const View& view) {
    const Slice<float> region = part_of(*input.lesions, view);
    Slice<float> sureness;
    MarkStyle style{
        .colour = colours::lesion, .line_width = line_width_for(view.width), .fill = 0.2};
    if (input.probabilities != nullptr) {
      sureness = part_of(*input.probabilities, view);
      for (float& p : sureness.values) p = 0.3F + 0.7F * std::clamp(p, 0.0F, 1.0F);
      style.strength = &sureness;
    }
    mark(picture, region, style);
  });
}

Picture draw_overlay(const OverlayInput& input, const Words& words, int width) {
  const Tiles tiles = draw_tiles(input, mosaic_tiles, mosaic_tile_width(width));
  Frame frame;
  frame.title = input.title;
  frame.legend = {{Swatch::outlined, colours::lesion, words.legend_lesion}};
  frame.notes = {convention(tiles.display.plane, words)};
  return framed(frame, words, width, mosaic_height(tiles, mosaic_columns, width),
                [&](Canvas& canvas, const Box& box) {
                  lay_out(canvas, tiles, box, mosaic_columns, picture_text_size(width), words);
                });
}

}  // namespace dawson::report
