#include "dawson/report/relevance_picture.h"

#include <algorithm>
#include <cmath>

#include "dawson/core/table.h"
#include "dawson/report/canvas.h"
#include "dawson/report/colours.h"
#include "dawson/report/frame.h"
#include "dawson/report/tile.h"

namespace dawson::report {
namespace {

/// The slices that show the region, with the slice that shows most of it in the middle.
std::vector<int> slices_through(const volume::Mask& region, const Display& display) {
  const auto across = static_cast<std::size_t>(display.across);
  std::vector<int> shown(static_cast<std::size_t>(region.grid.size[across]), 0);
  const volume::Index3& size = region.grid.size;
  for (int k = 0; k < size[2]; ++k) {
    for (int j = 0; j < size[1]; ++j) {
      for (int i = 0; i < size[0]; ++i) {
        const std::array<int, 3> at{i, j, k};
        if (region.at(i, j, k) != 0) ++shown[static_cast<std::size_t>(at[across])];
      }
    }
  }
  const auto seen = [](int n) { return n > 0; };
  const auto first = std::find_if(shown.begin(), shown.end(), seen);
  const auto last = std::find_if(shown.rbegin(), shown.rend(), seen);
  const auto most = std::max_element(shown.begin(), shown.end());
  const auto place = [&](auto at) { return static_cast<int>(at - shown.begin()); };
  if (first == shown.end()) return {place(most)};
  const int middle = place(most);
  std::vector<int> slices{(place(first) + middle) / 2, middle,
                          (middle + place(last.base()) - 1 + 1) / 2};
  slices.erase(std::unique(slices.begin(), slices.end()), slices.end());
  return slices;
}

void paint(Picture& picture, const Slice<float>& relevance, double scale) {
  for (int y = 0; y < picture.height; ++y) {
    const int row = y * relevance.height / picture.height;
    for (int x = 0; x < picture.width; ++x) {
      const int column = x * relevance.width / picture.width;
      const float r =
          relevance
              .values[static_cast<std::size_t>(row) * static_cast<std::size_t>(relevance.width) +
                      static_cast<std::size_t>(column)];
      const RelevanceColour c = relevance_colour(r / scale);
      if (c.opacity > 0) blend(picture.pixel(x, y), {c.rgb[0], c.rgb[1], c.rgb[2]}, c.opacity);
    }
  }
}

/// Rows of slices: the scan, then a tile a channel.
Tiles draw_rows(const RelevanceInput& input, const std::vector<int>& slices, int width,
                double scale) {
  const double line = line_width_for(width);
  const auto column = [&](const volume::Image* values) {
    return paint_tiles(input.scan, slices, width, [&](Picture& picture, const View& view) {
      if (values != nullptr) paint(picture, part_of(*values, view), scale);
      const MarkStyle others{.colour = colours::neighbour, .line_width = 0.5 * line};
      if (values == nullptr) mark(picture, part_of(*input.scan.lesions, view), others);
      mark(picture, part_of(*input.region, view),
           {.colour = colours::bright_text, .line_width = line});
    });
  };
  std::vector<Tiles> columns{column(nullptr)};
  for (const RelevanceChannel& channel : input.channels) columns.push_back(column(channel.values));
  Tiles rows{columns.front().display, {}};
  for (std::size_t row = 0; row < slices.size(); ++row) {
    for (Tiles& c : columns) rows.tiles.push_back(std::move(c.tiles[row]));
  }
  return rows;
}

void draw_scale(Canvas& canvas, const Box& box, double text, const Words& words) {
  Picture bar(512, 1);
  for (int x = 0; x < bar.width; ++x) {
    const RelevanceColour c = relevance_colour(2.0 * x / (bar.width - 1) - 1);
    std::fill_n(bar.pixel(x, 0), 3, std::uint8_t{40});  // as over dark brain
    blend(bar.pixel(x, 0), {c.rgb[0], c.rgb[1], c.rgb[2]}, c.opacity);
  }
  canvas.draw(bar, {box.x, box.y, box.width, text}, 0.2 * text);
  TextStyle style{.size = text, .colour = colours::light_text, .most_lines = 1};
  const double y = box.y + 1.2 * text;
  canvas.text(words.relevance_against, box.x, y, box.width / 2, style);
  style.align = Align::right;
  canvas.text(words.relevance_for, box.x + box.width / 2, y, box.width / 2, style);
  style.align = Align::centre;
  canvas.text("0", box.x, y, box.width, style);
}

}  // namespace

RelevanceColour relevance_colour(double share) {
  const double strength = std::min(1.0, std::abs(share));
  const Colour& c = share < 0 ? colours::relevance_against : colours::relevance_for;
  // Weak relevance is everywhere: squared out of sight it would hide how wide the network looks.
  return {{c.red, c.green, c.blue}, 0.9 * strength};
}

double relevance_scale(const std::vector<RelevanceChannel>& channels) {
  std::vector<float> sizes;
  for (const RelevanceChannel& channel : channels) {
    for (const float r : channel.values->data) {
      if (r != 0) sizes.push_back(std::abs(r));
    }
  }
  if (sizes.empty()) return 1;
  const auto place = sizes.begin() + static_cast<std::ptrdiff_t>(0.995 * (sizes.size() - 1));
  std::nth_element(sizes.begin(), place, sizes.end());
  return *place;
}

Picture draw_relevance(const RelevanceInput& input, const Words& words, int width) {
  check(input.scan);
  const int columns = 1 + static_cast<int>(input.channels.size());
  const double text = picture_text_size(width);
  const Display display = display_of(input.scan.scan->grid);
  const int tile_width = mosaic_tile_width(width) * mosaic_columns / columns;
  const Tiles rows = draw_rows(input, slices_through(*input.region, display), tile_width,
                               relevance_scale(input.channels));
  Frame frame;
  frame.title = input.scan.title;
  frame.summary = input.about;
  frame.legend = {{Swatch::line, colours::bright_text, words.relevance_region},
                  {Swatch::line, colours::neighbour, words.relevance_other_lesions}};
  frame.notes = {words.relevance_note, convention(rows.display.plane, words)};
  const double heads = 1.6 * text, bar = 3.2 * text;
  const double height = mosaic_height(rows, columns, width);
  return framed(frame, words, width, heads + height + bar, [&](Canvas& canvas, const Box& box) {
    const TextStyle head{.size = text,
                         .colour = colours::bright_text,
                         .bold = true,
                         .align = Align::centre,
                         .most_lines = 1};
    const double step = box.width / columns;
    canvas.text(words.relevance_scan, box.x, box.y, step, head);
    for (int c = 1; c < columns; ++c) {
      canvas.text(input.channels[static_cast<std::size_t>(c - 1)].name, box.x + c * step, box.y,
                  step, head);
    }
    lay_out(canvas, rows, {box.x, box.y + heads, box.width, height}, columns, text, words);
    draw_scale(canvas,
               {box.x + box.width / 4, box.y + heads + height + 0.4 * text, box.width / 2, bar},
               text, words);
  });
}

}  // namespace dawson::report
