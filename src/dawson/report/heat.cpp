#include "dawson/report/heat.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <stdexcept>

#include "dawson/report/canvas.h"
#include "dawson/report/colours.h"
#include "dawson/report/frame.h"
#include "dawson/report/tile.h"

namespace dawson::report {
namespace {

constexpr double heat_opacity = 0.75;
// Inferno begins in black, which a dark brain would hide.
constexpr double first_of_map = 0.3;

using Table = std::array<std::array<std::uint8_t, 3>, 256>;

Table make_table() {
  cv::Mat steps(1, 256, CV_8U), coloured;
  for (int i = 0; i < 256; ++i) {
    const double share = first_of_map + (1 - first_of_map) * i / 255;
    steps.at<std::uint8_t>(0, i) = static_cast<std::uint8_t>(std::lround(255 * share));
  }
  cv::applyColorMap(steps, coloured, cv::COLORMAP_INFERNO);
  Table table;
  for (int i = 0; i < 256; ++i) {
    const auto& bgr = coloured.at<cv::Vec3b>(0, i);
    table[static_cast<std::size_t>(i)] = {bgr[2], bgr[1], bgr[0]};
  }
  return table;
}

Colour as_colour(const std::array<std::uint8_t, 3>& rgb) {
  return {rgb[0] / 255.0, rgb[1] / 255.0, rgb[2] / 255.0};
}

/// Each voxel in its own colour: nothing is interpolated, so that bar and picture agree.
void paint_heat(Picture& picture, const Slice<float>& probabilities) {
  for (int y = 0; y < picture.height; ++y) {
    const int row = y * probabilities.height / picture.height;
    for (int x = 0; x < picture.width; ++x) {
      const int column = x * probabilities.width / picture.width;
      const float p = probabilities.values[static_cast<std::size_t>(row) *
                                               static_cast<std::size_t>(probabilities.width) +
                                           static_cast<std::size_t>(column)];
      if (!(p >= static_cast<float>(heat_from))) continue;
      blend(picture.pixel(x, y), as_colour(heat_colour(p)), heat_opacity);
    }
  }
}

Slice<float> at_least(Slice<float> values, double limit) {
  for (float& v : values.values) v = v >= static_cast<float>(limit) ? 1.0F : 0.0F;
  return values;
}

std::string tenths(double p) {
  const long rounded = std::lround(10 * p);
  return std::to_string(rounded / 10) + "." + std::to_string(rounded % 10);
}

void draw_bar(Canvas& canvas, const Box& box, double text, const Words& words) {
  const TextStyle plain{.size = text, .colour = colours::light_text, .most_lines = 1};
  const double name = canvas.measure(words.probability, box.width / 2, plain).width + text;
  canvas.text(words.probability, box.x, box.y - 0.2 * text, name, plain);
  Picture bar(512, 1);
  for (int x = 0; x < bar.width; ++x) {
    const auto rgb = heat_colour(heat_from + (1 - heat_from) * x / (bar.width - 1));
    std::copy(rgb.begin(), rgb.end(), bar.pixel(x, 0));
  }
  const Box place{box.x + name, box.y, box.width - name, text};
  canvas.draw(bar, place, 0.2 * text);
  TextStyle number = plain;
  number.align = Align::centre;
  for (const double p : {heat_from, 0.4, 0.6, 0.8, heat_high_confidence, 1.0}) {
    const double x = place.x + place.width * (p - heat_from) / (1 - heat_from);
    const double tick = std::clamp(x, place.x + 1, place.x + place.width - 1);
    canvas.line(tick, place.y + text, tick, place.y + 1.25 * text, colours::light_text, text / 12);
    canvas.text(tenths(p), x - 2 * text, place.y + 1.2 * text, 4 * text, number);
  }
}

}  // namespace

std::array<std::uint8_t, 3> heat_colour(double probability) {
  static const Table table = make_table();
  const double share = std::clamp((probability - heat_from) / (1 - heat_from), 0.0, 1.0);
  return table[static_cast<std::size_t>(std::lround(255 * share))];
}

Tiles draw_heat_tiles(const OverlayInput& input, int count, int width) {
  check(input);
  if (input.probabilities == nullptr) {
    throw std::invalid_argument("a heat layer needs probabilities");
  }
  const std::vector<int> slices =
      choose_slices(*input.lesions, input.brain, display_of(input.scan->grid), count);
  const double line = line_width_for(width);
  return paint_tiles(input, slices, width, [&](Picture& picture, const View& view) {
    const Slice<float> probabilities = part_of(*input.probabilities, view);
    paint_heat(picture, probabilities);
    mark(picture, part_of(*input.lesions, view),
         {.colour = colours::bright_text, .line_width = 0.5 * line, .seam = 0});
    mark(picture, at_least(probabilities, heat_high_confidence),
         {.colour = colours::high_confidence, .line_width = 1.2 * line, .seam = 0});
  });
}

Picture draw_heat(const OverlayInput& input, const Words& words, int width) {
  const Tiles tiles = draw_heat_tiles(input, mosaic_tiles, mosaic_tile_width(width));
  Frame frame;
  frame.title = input.title;
  frame.legend = {{Swatch::line, colours::bright_text, words.legend_mask},
                  {Swatch::thick_line, colours::high_confidence,
                   filled(words.legend_high_confidence, {tenths(heat_high_confidence)})}};
  frame.notes = {filled(words.heat_from, {tenths(heat_from)}),
                 convention(tiles.display.plane, words)};
  const double text = picture_text_size(width);
  const double rows = mosaic_height(tiles, mosaic_columns, width), bar = 3.2 * text;
  return framed(frame, words, width, rows + bar, [&](Canvas& canvas, const Box& box) {
    lay_out(canvas, tiles, {box.x, box.y, box.width, rows}, mosaic_columns, text, words);
    draw_bar(canvas, {box.x + 0.7 * text, box.y + rows + 0.4 * text, box.width - 2.2 * text, bar},
             text, words);
  });
}

}  // namespace dawson::report
