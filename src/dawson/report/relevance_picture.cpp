#include "dawson/report/relevance_picture.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "dawson/core/table.h"
#include "dawson/report/canvas.h"
#include "dawson/report/colours.h"
#include "dawson/report/frame.h"
#include "dawson/report/tile.h"

namespace dawson::report {
namespace {

// What is shown around the region, and how much at least.
constexpr double around_mm = 20, least_shown_mm = 90;
/// The share of all relevance that is stronger than the scale's end.
constexpr double share_beyond_scale = 0.1;

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

/// The region with what lies around it, in true proportions.
Crop crop_around(const volume::Mask& region, const Display& display) {
  const volume::Grid& grid = region.grid;
  const Crop box = crop_of(grid, &region, display, 0);
  const auto grown = [](int low, int high, double spacing_mm) {
    const double wanted_mm =
        std::max(least_shown_mm, (high - low + 1) * spacing_mm + 2 * around_mm);
    const int more = static_cast<int>(std::lround(wanted_mm / spacing_mm)) - (high - low + 1);
    return std::array<int, 2>{low - more / 2, high + more - more / 2};
  };
  const auto [x0, x1] =
      grown(box.x0, box.x1, grid.spacing[static_cast<std::size_t>(display.column)]);
  const auto [y0, y1] = grown(box.y0, box.y1, grid.spacing[static_cast<std::size_t>(display.row)]);
  return {x0, y0, x1, y1};
}

View view_around(const volume::Mask& region, int width) {
  View view;
  view.display = display_of(region.grid);
  view.crop = crop_around(region, view.display);
  const auto mm = [&](int low, int high, int axis) {
    return (high - low + 1) * region.grid.spacing[static_cast<std::size_t>(axis)];
  };
  view.width = width;
  const double proportion = mm(view.crop.y0, view.crop.y1, view.display.row) /
                            mm(view.crop.x0, view.crop.x1, view.display.column);
  view.height = static_cast<int>(std::lround(width * std::clamp(proportion, 0.125, 3.0)));
  return view;
}

/// Rows of slices: the scan, then a tile a channel.
Tiles draw_rows(const RelevanceInput& input, const std::vector<int>& slices, int width,
                double scale) {
  const double line = line_width_for(width);
  const Window window = window_of(*input.scan.scan, input.scan.brain);
  View view = view_around(*input.region, width);
  Tiles rows{view.display, {}};
  const auto add = [&](const volume::Image* values) {
    Picture picture = grey_picture(*input.scan.scan, view, window);
    if (values != nullptr) {
      paint(picture, part_of(*values, view), scale);
    } else {
      mark(picture, part_of(*input.scan.lesions, view),
           {.colour = colours::neighbour, .line_width = 0.5 * line});
    }
    mark(picture, part_of(*input.region, view),
         {.colour = colours::bright_text, .line_width = 0.75 * line});
    rows.tiles.push_back({std::move(picture), view.slice,
                          slice_position_mm(input.scan.scan->grid, view.display, view.slice)});
  };
  for (const int slice : slices) {
    view.slice = slice;
    add(nullptr);
    for (const RelevanceChannel& channel : input.channels) add(channel.values);
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
  // Fuller up to the middle, then paler: weak relevance lets the scan through, strong is told from
  // stronger.
  const double pale = 0.75 * std::max(0.0, 2 * strength - 1);
  const auto lighter = [pale](double value) { return value + pale * (1 - value); };
  return {{lighter(c.red), lighter(c.green), lighter(c.blue)}, std::min(1.0, 2 * strength) * 0.92};
}

double relevance_scale(const std::vector<RelevanceChannel>& channels) {
  std::vector<float> sizes;
  for (const RelevanceChannel& channel : channels) {
    for (const float r : channel.values->data) {
      if (r != 0) sizes.push_back(std::abs(r));
    }
  }
  std::sort(sizes.begin(), sizes.end(), std::greater<>());
  const double all = std::accumulate(sizes.begin(), sizes.end(), 0.0);
  double stronger = 0;
  for (const float size : sizes) {
    stronger += size;
    if (stronger >= share_beyond_scale * all) return size;
  }
  return 1;
}

Picture draw_relevance(const RelevanceInput& input, const Words& words, int width) {
  check(input.scan);
  const int columns = 1 + static_cast<int>(input.channels.size());
  const double text = picture_text_size(width);
  const int tile_width = mosaic_tile_width(width) * mosaic_columns / columns;
  const Tiles rows = draw_rows(input, slices_through(*input.region, display_of(input.region->grid)),
                               tile_width, relevance_scale(input.channels));
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
