#include "dawson/report/overlay.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <stdexcept>

#include "dawson/core/error.h"
#include "dawson/report/canvas.h"
#include "dawson/report/colours.h"

namespace dawson::report {
namespace {

constexpr double margin_around_brain_mm = 8;
// Outlines are drawn this many times larger and averaged down, so that they have no steps.
constexpr int oversampling = 2;

enum class Kind : std::uint8_t { nothing = 0, lesion, found, missed, spurious };

Kind kind_of(const OverlayInput& input, std::size_t voxel) {
  const bool marked = input.lesions->data[voxel] != 0;
  if (input.reference == nullptr) return marked ? Kind::lesion : Kind::nothing;
  const bool true_lesion = input.reference->data[voxel] != 0;
  if (marked) return true_lesion ? Kind::found : Kind::spurious;
  return true_lesion ? Kind::missed : Kind::nothing;
}

Colour colour_of(Kind kind) {
  switch (kind) {
    case Kind::found:
      return colours::found;
    case Kind::missed:
      return colours::missed;
    case Kind::spurious:
      return colours::spurious;
    default:
      return colours::lesion;
  }
}

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

template <typename T>
cv::Mat cropped(const volume::Volume<T>& volume, const Display& display, int slice,
                const Crop& crop) {
  Slice<T> values = cut(volume, display, slice);
  const cv::Mat whole(values.height, values.width, cv::DataType<T>::type, values.values.data());
  const cv::Rect part(crop.x0, crop.y0, crop.x1 - crop.x0 + 1, crop.y1 - crop.y0 + 1);
  cv::Mat out;
  whole(part).convertTo(out, CV_32F);
  return out;
}

cv::Mat grey_levels(const cv::Mat& values, const Window& window, const cv::Size& size) {
  cv::Mat scaled, grey;
  const bool enlarging = size.width >= values.cols;
  cv::resize(values, scaled, size, 0, 0, enlarging ? cv::INTER_CUBIC : cv::INTER_AREA);
  const double gain = 255 / (window.white - window.black);
  scaled.convertTo(grey, CV_8U, gain, -window.black * gain);
  return grey;
}

void blend(Picture& picture, const cv::Mat& shares, const Colour& colour) {
  const std::array<double, 3> ink{255 * colour.red, 255 * colour.green, 255 * colour.blue};
  for (int y = 0; y < picture.height; ++y) {
    const float* share = shares.ptr<float>(y);
    for (int x = 0; x < picture.width; ++x) {
      if (share[x] <= 0) continue;
      std::uint8_t* rgb = picture.pixel(x, y);
      for (std::size_t c = 0; c < 3; ++c) {
        rgb[c] = static_cast<std::uint8_t>(std::lround(rgb[c] + share[x] * (ink[c] - rgb[c])));
      }
    }
  }
}

/// Fills a region lightly and draws a line around its outside, so that it hides nothing of it.
/// `strength` (0 to 1, per voxel) weighs the fill.
void mark(Picture& picture, const cv::Mat& region, const cv::Mat& strength, const Colour& colour) {
  const cv::Size size(picture.width, picture.height);
  const cv::Size large = size * oversampling;
  cv::Mat inside;
  cv::resize(region, inside, large, 0, 0, cv::INTER_NEAREST);
  // Rounds the voxels' corners; a single voxel keeps its place and nearly its size.
  const double voxel = static_cast<double>(large.width) / region.cols;
  const double voxel_y = static_cast<double>(large.height) / region.rows;
  cv::GaussianBlur(inside, inside, {}, std::max(0.3, 0.35 * voxel), std::max(0.3, 0.35 * voxel_y));
  cv::threshold(inside, inside, 0.5, 1, cv::THRESH_BINARY);

  const int line =
      std::max(oversampling, static_cast<int>(std::lround(oversampling * size.width / 240.0)));
  const cv::Mat brush = cv::getStructuringElement(cv::MORPH_ELLIPSE, {2 * line + 1, 2 * line + 1});
  cv::Mat grown;
  cv::dilate(inside, grown, brush);
  cv::Mat ring = grown - inside;
  cv::resize(ring, ring, size, 0, 0, cv::INTER_AREA);
  cv::resize(inside, inside, size, 0, 0, cv::INTER_AREA);

  cv::Mat weight;
  cv::resize(strength, weight, size, 0, 0, cv::INTER_LINEAR);
  blend(picture, inside.mul(weight * 0.14 + 0.06), colour);
  blend(picture, ring * 0.95, colour);
}

/// 1 where a voxel is of the kind.
std::array<cv::Mat, 5> regions(const OverlayInput& input, const Display& display, int slice,
                               const Crop& crop) {
  std::array<cv::Mat, 5> out;
  const volume::Grid& grid = input.scan->grid;
  for (cv::Mat& m : out) m = cv::Mat::zeros(crop.y1 - crop.y0 + 1, crop.x1 - crop.x0 + 1, CV_32F);
  for (int y = crop.y0; y <= crop.y1; ++y) {
    for (int x = crop.x0; x <= crop.x1; ++x) {
      const volume::Index3 v = display.voxel(grid.size, slice, x, y);
      const Kind kind = kind_of(input, grid.offset(v[0], v[1], v[2]));
      if (kind == Kind::nothing) continue;
      out[static_cast<std::size_t>(kind)].at<float>(y - crop.y0, x - crop.x0) = 1;
    }
  }
  return out;
}

Picture draw_tile(const OverlayInput& input, const Display& display, int slice, const Crop& crop,
                  const Window& window, const cv::Size& size) {
  const cv::Mat grey = grey_levels(cropped(*input.scan, display, slice, crop), window, size);
  Picture picture(size.width, size.height);
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) {
      std::fill_n(picture.pixel(x, y), 3, grey.at<std::uint8_t>(y, x));
    }
  }
  const std::array<cv::Mat, 5> kinds = regions(input, display, slice, crop);
  const cv::Mat strength = input.probabilities != nullptr
                               ? cropped(*input.probabilities, display, slice, crop)
                               : cv::Mat(kinds[0].size(), CV_32F, cv::Scalar(0.7));
  for (std::size_t k = 1; k < kinds.size(); ++k) {
    if (cv::countNonZero(kinds[k]) > 0) {
      mark(picture, kinds[k], strength, colour_of(static_cast<Kind>(k)));
    }
  }
  return picture;
}

std::string position_label(const Tiles& tiles, const Tile& tile, const Words& words) {
  const char axis = "zyx"[static_cast<int>(tiles.display.plane)];
  const long mm = std::lround(tile.position_mm);
  const std::string sign = mm < 0 ? "\u2212" : "+";
  return words.slice + " " + std::to_string(tile.slice + 1) + "  \u00b7  " + axis + " " +
         (mm == 0 ? "" : sign) + std::to_string(std::labs(mm)) + " mm";
}

const std::string& convention(const Display& display, const Words& words) {
  return display.plane == Plane::sagittal ? words.sagittal_convention
                                          : words.radiological_convention;
}

struct LegendEntry {
  Colour colour;
  std::string name;
};

std::vector<LegendEntry> legend(const OverlayInput& input, const Words& words) {
  if (input.reference == nullptr) return {{colours::lesion, words.legend_lesion}};
  return {{colours::found, words.legend_found},
          {colours::missed, words.legend_missed},
          {colours::spurious, words.legend_false}};
}

/// From the right edge leftwards; returns where it begins.
double draw_legend(Canvas& canvas, const std::vector<LegendEntry>& entries, double right, double y,
                   double text_size) {
  const TextStyle style{.size = text_size, .colour = colours::light_text, .most_lines = 1};
  for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry) {
    const TextSize size = canvas.measure(entry->name, right, style);
    right -= size.width + 1;
    canvas.text(entry->name, right, y, size.width + 1, style);
    right -= 1.35 * text_size;
    const Box swatch{right, y + (size.height - text_size) / 2, text_size, text_size};
    Colour tint = entry->colour;
    tint.opacity = 0.2;
    canvas.fill(swatch, tint, 3);
    canvas.frame(swatch, entry->colour, text_size / 8, 3);
    right -= 1.2 * text_size;
  }
  return right;
}

}  // namespace

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

Tiles draw_tiles(const OverlayInput& input, int count, int width) {
  check(input);
  const volume::Grid& grid = input.scan->grid;
  Tiles out{display_of(grid), {}};
  volume::Mask shown = *input.lesions;
  if (input.reference != nullptr) {
    for (std::size_t v = 0; v < shown.data.size(); ++v) shown.data[v] |= input.reference->data[v];
  }
  const Crop crop = crop_of(grid, input.brain, out.display, margin_around_brain_mm);
  const Window window = window_of(*input.scan, input.brain);
  const cv::Size size(
      width, std::max(1, static_cast<int>(std::lround(width * tile_height_by_width(input)))));
  for (const int slice : choose_slices(shown, input.brain, out.display, count)) {
    out.tiles.push_back({draw_tile(input, out.display, slice, crop, window, size), slice,
                         slice_position_mm(grid, out.display, slice)});
  }
  return out;
}

void lay_out(Canvas& canvas, const Tiles& tiles, const Box& box, int columns, double text_size,
             const Words& words) {
  canvas.fill(box, colours::dark, text_size / 2);
  if (tiles.tiles.empty()) return;
  const Picture& first = tiles.tiles.front().picture;
  const int shown_columns = std::min(columns, static_cast<int>(tiles.tiles.size()));
  const int rows = (static_cast<int>(tiles.tiles.size()) + columns - 1) / columns;
  const double gap = text_size * 0.6;
  const double label = text_size * 1.7;
  const double cell_width = (box.width - gap) / shown_columns;
  const double cell_height = (box.height - gap) / rows;
  const double scale =
      std::min((cell_width - gap) / first.width, (cell_height - gap - label) / first.height);
  const double tile_width = scale * first.width, tile_height = scale * first.height;
  const TextStyle small{
      .size = text_size, .colour = colours::light_text, .align = Align::centre, .most_lines = 1};
  TextStyle mark{.size = 1.15 * text_size, .colour = colours::bright_text, .bold = true};
  for (std::size_t t = 0; t < tiles.tiles.size(); ++t) {
    const auto column = static_cast<double>(t % static_cast<std::size_t>(columns));
    const auto row = static_cast<double>(t / static_cast<std::size_t>(columns));
    const double x = box.x + gap + column * cell_width + (cell_width - gap - tile_width) / 2;
    const double y =
        box.y + gap + row * cell_height + (cell_height - gap - label - tile_height) / 2;
    canvas.draw(tiles.tiles[t].picture, {x, y, tile_width, tile_height});
    const double inset = 0.4 * text_size;
    mark.align = Align::left;
    canvas.text({tiles.display.left_mark}, x + inset, y, tile_width, mark);
    mark.align = Align::right;
    canvas.text({tiles.display.right_mark}, x, y, tile_width - inset, mark);
    canvas.text(position_label(tiles, tiles.tiles[t], words), x, y + tile_height + 0.1 * text_size,
                tile_width, small);
  }
}

Picture draw_overlay(const OverlayInput& input, const Words& words, int width) {
  constexpr int columns = 4, count = 12;
  const double text_size = width / 76.0;
  const double margin = text_size;
  const int tile_width = static_cast<int>((width - 2 * margin) / columns - 0.6 * text_size);
  const Tiles tiles = draw_tiles(input, count, tile_width);
  const int rows = (static_cast<int>(tiles.tiles.size()) + columns - 1) / columns;
  const double tile_height = tiles.tiles.empty() ? 0 : tiles.tiles.front().picture.height;
  const double mosaic = rows * (tile_height + 2.3 * text_size) + 0.6 * text_size;
  const double head = 2.9 * text_size, foot = 2.9 * text_size;
  const int height = static_cast<int>(std::ceil(head + mosaic + foot));

  Canvas canvas = Canvas::for_picture(width, height, colours::dark);
  const double inner = width - 2 * margin;
  const double legend_start =
      draw_legend(canvas, legend(input, words), width - 1.5 * margin, 0.7 * text_size, text_size);
  canvas.text(
      input.title, 1.5 * margin, 0.5 * text_size,
      std::max(4 * text_size, legend_start - 2 * margin),
      {.size = 1.3 * text_size, .colour = colours::bright_text, .bold = true, .most_lines = 1});
  lay_out(canvas, tiles, {margin, head, inner, mosaic}, columns, text_size, words);
  const TextStyle note{.size = text_size, .colour = colours::light_text, .most_lines = 1};
  const double foot_y = head + mosaic + 0.6 * text_size;
  canvas.text(convention(tiles.display, words), 1.5 * margin, foot_y, 0.68 * inner, note);
  TextStyle right = note;
  right.align = Align::right;
  canvas.text(words.disclaimer, margin + 0.6 * inner, foot_y, 0.4 * inner - 0.5 * margin, right);
  return canvas.finish_picture();
}

}  // namespace dawson::report
