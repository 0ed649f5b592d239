#include "dawson/report/mosaic.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "dawson/core/error.h"
#include "dawson/report/canvas.h"
#include "dawson/report/colours.h"
#include "dawson/report/frame.h"
#include "dawson/report/tile.h"

namespace dawson::report {
namespace {

constexpr double margin_around_brain_mm = 6;

// In text sizes: between tiles, and a tile's label.
constexpr double gap_between = 0.5, label_height = 1.5;

}  // namespace

void check(const OverlayInput& input) {
  if (input.scan == nullptr || input.lesions == nullptr) {
    throw std::invalid_argument("an overlay needs a scan and its lesions");
  }
  const volume::Index3& size = input.scan->grid.size;
  const auto agree = [&](const volume::Grid& grid) {
    if (grid.size == size) return;
    throw Error(ExitCode::input, "the mask and the scan are not of one size", input.title);
  };
  agree(input.lesions->grid);
  if (input.brain != nullptr) agree(input.brain->grid);
  if (input.reference != nullptr) agree(input.reference->grid);
  if (input.probabilities != nullptr) agree(input.probabilities->grid);
}

double tile_height_by_width(const OverlayInput& input) {
  check(input);
  const volume::Grid& grid = input.scan->grid;
  const Display display = display_of(grid);
  const Crop crop = crop_of(grid, input.brain, display, margin_around_brain_mm);
  const double width_mm =
      (crop.x1 - crop.x0 + 1) * grid.spacing[static_cast<std::size_t>(display.column)];
  const double height_mm =
      (crop.y1 - crop.y0 + 1) * grid.spacing[static_cast<std::size_t>(display.row)];
  // A sliver of a scan is shown within these proportions.
  return std::clamp(height_mm / width_mm, 0.125, 3.0);
}

Tiles paint_tiles(const OverlayInput& input, const std::vector<int>& slices, int width,
                  const std::function<void(Picture&, const View&)>& paint) {
  const volume::Grid& grid = input.scan->grid;
  View view;
  view.display = display_of(grid);
  view.crop = crop_of(grid, input.brain, view.display, margin_around_brain_mm);
  view.width = width;
  view.height = std::max(1, static_cast<int>(std::lround(width * tile_height_by_width(input))));
  const Window window = window_of(*input.scan, input.brain);
  Tiles out{view.display, {}};
  for (const int slice : slices) {
    view.slice = slice;
    Picture picture = grey_picture(*input.scan, view, window);
    paint(picture, view);
    out.tiles.push_back({std::move(picture), slice, slice_position_mm(grid, view.display, slice)});
  }
  return out;
}

std::string signed_mm(double mm) {
  const long whole = std::lround(mm);
  return (whole < 0 ? "\u2212" : whole > 0 ? "+" : "") + std::to_string(std::labs(whole));
}

std::string slice_label(Plane plane, int slice, double position_mm, const Words& words) {
  const char axis = "zyx"[static_cast<int>(plane)];
  return words.slice + " " + std::to_string(slice + 1) + " \u00b7 " + axis + " " +
         signed_mm(position_mm) + " " + words.mm;
}

const std::string& convention(Plane plane, const Words& words) {
  return plane == Plane::sagittal ? words.sagittal_convention : words.radiological_convention;
}

void lay_out(Canvas& canvas, const Tiles& tiles, const Box& box, int columns, double text_size,
             const Words& words) {
  canvas.fill(box, colours::dark, text_size / 2);
  if (tiles.tiles.empty()) return;
  const Picture& first = tiles.tiles.front().picture;
  const int shown_columns = std::min(columns, static_cast<int>(tiles.tiles.size()));
  const int rows = (static_cast<int>(tiles.tiles.size()) + columns - 1) / columns;
  const double gap = text_size * gap_between;
  const double label = text_size * label_height;
  const double cell_width = (box.width - gap) / shown_columns;
  const double cell_height = (box.height - gap) / rows;
  const double scale =
      std::min((cell_width - gap) / first.width, (cell_height - gap - label) / first.height);
  const double tile_width = scale * first.width, tile_height = scale * first.height;
  const TextStyle small{
      .size = text_size, .colour = colours::light_text, .align = Align::centre, .most_lines = 1};
  TextStyle mark{.size = 1.15 * text_size, .colour = colours::bright_text, .bold = true};
  for (std::size_t t = 0; t < tiles.tiles.size(); ++t) {
    const Tile& tile = tiles.tiles[t];
    const auto column = static_cast<double>(t % static_cast<std::size_t>(columns));
    const auto row = static_cast<double>(t / static_cast<std::size_t>(columns));
    const double x = box.x + gap + column * cell_width + (cell_width - gap - tile_width) / 2;
    const double y =
        box.y + gap + row * cell_height + (cell_height - gap - label - tile_height) / 2;
    canvas.draw(tile.picture, {x, y, tile_width, tile_height});
    const double inset = 0.3 * text_size;
    mark.align = Align::left;
    canvas.text({tiles.display.left_mark}, x + inset, y, tile_width, mark);
    mark.align = Align::right;
    canvas.text({tiles.display.right_mark}, x, y, tile_width - inset, mark);
    canvas.text(slice_label(tiles.display.plane, tile.slice, tile.position_mm, words), x,
                y + tile_height + 0.05 * text_size, tile_width, small);
  }
}

int mosaic_tile_width(int picture_width) {
  const double gap = gap_between * picture_text_size(picture_width);
  return std::max(8, static_cast<int>((picture_width - gap) / mosaic_columns - gap));
}

double mosaic_height(const Tiles& tiles, int columns, int picture_width) {
  if (tiles.tiles.empty()) return 0;
  const int rows = (static_cast<int>(tiles.tiles.size()) + columns - 1) / columns;
  const double text = picture_text_size(picture_width);
  return rows * (tiles.tiles.front().picture.height + (gap_between + label_height) * text) +
         gap_between * text;
}

}  // namespace dawson::report
