#include "dawson/report/zoom.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

#include "dawson/lesions/lesions.h"
#include "dawson/report/canvas.h"
#include "dawson/report/colours.h"
#include "dawson/report/frame.h"
#include "dawson/report/tile.h"

namespace dawson::report {
namespace {

constexpr double scale_bar_mm = 10;
constexpr std::array<Plane, 3> planes{Plane::axial, Plane::coronal, Plane::sagittal};

/// The lesion's voxel nearest to its centre of mass; the first among equals.
volume::Index3 middle_voxel(const lesions::Components& found, const segmentation::Lesion& lesion,
                            const volume::Grid& grid) {
  volume::Index3 best = lesion.low;
  double nearest = std::numeric_limits<double>::max();
  for (int k = lesion.low[2]; k <= lesion.high[2]; ++k) {
    for (int j = lesion.low[1]; j <= lesion.high[1]; ++j) {
      for (int i = lesion.low[0]; i <= lesion.high[0]; ++i) {
        if (found.labels[grid.offset(i, j, k)] != lesion.id) continue;
        const volume::Vector3 at = grid.to_world({double(i), double(j), double(k)});
        const double distance =
            std::hypot(at[0] - lesion.centroid_mm[0], at[1] - lesion.centroid_mm[1],
                       at[2] - lesion.centroid_mm[2]);
        if (distance < nearest) {
          nearest = distance;
          best = {i, j, k};
        }
      }
    }
  }
  return best;
}

/// A view of whole voxels around `middle`, at least the window, with the voxel in its centre.
View view_of(const volume::Grid& grid, Plane plane, const volume::Index3& middle, int width) {
  View view;
  view.display = display_of(grid, plane);
  view.slice = middle[static_cast<std::size_t>(view.display.across)];
  const std::array<int, 2> at = view.display.position(grid.size, middle);
  const double pixels_per_mm = width / zoom_window_mm;
  const auto reach = [](double spacing) {
    return static_cast<int>(std::ceil(zoom_window_mm / 2 / spacing));
  };
  const double across = grid.spacing[static_cast<std::size_t>(view.display.column)];
  const double down = grid.spacing[static_cast<std::size_t>(view.display.row)];
  const int dx = reach(across), dy = reach(down);
  view.crop = {at[0] - dx, at[1] - dy, at[0] + dx, at[1] + dy};
  const auto pixels = [&](int voxels, double spacing) {
    return static_cast<int>(std::lround(voxels * spacing * pixels_per_mm));
  };
  view.width = std::max(width, pixels(2 * dx + 1, across));
  view.height = std::max(width, pixels(2 * dy + 1, down));
  return view;
}

/// The square of `width` in the middle.
Picture middle_of(const Picture& picture, int width) {
  Picture out(width, width);
  const int x0 = (picture.width - width) / 2, y0 = (picture.height - width) / 2;
  for (int y = 0; y < width; ++y) {
    std::copy_n(picture.pixel(x0, y0 + y), 3 * width, out.pixel(0, y));
  }
  return out;
}

void mark_lesions(Picture& picture, const View& view, const volume::Grid& grid,
                  const lesions::Components& found, int id, double line) {
  Slice<float> own{view.crop.x1 - view.crop.x0 + 1, view.crop.y1 - view.crop.y0 + 1, {}};
  own.values.assign(static_cast<std::size_t>(own.width) * static_cast<std::size_t>(own.height), 0);
  Slice<float> others = own;
  for_each_position(view, grid.size, [&](int x, int y, const volume::Index3& v) {
    const std::int32_t label = found.labels[grid.offset(v[0], v[1], v[2])];
    if (label == 0) return;
    const std::size_t at = static_cast<std::size_t>(y) * static_cast<std::size_t>(own.width) +
                           static_cast<std::size_t>(x);
    (label == id ? own : others).values[at] = 1;
  });
  mark(picture, others, {.colour = colours::neighbour, .line_width = 0.6 * line});
  mark(picture, own, {.colour = colours::lesion, .line_width = line});
}

/// Bright on a dark seam, so that it is read on any ground.
void write_seamed(Canvas& canvas, const std::string& text, double x, double y, double width,
                  TextStyle style) {
  const double seam = style.size / 12;
  style.most_lines = 1;
  style.colour = colours::dark;
  for (const auto& [dx, dy] :
       {std::pair{-seam, 0.0}, std::pair{seam, 0.0}, std::pair{0.0, -seam}, std::pair{0.0, seam}}) {
    canvas.text(text, x + dx, y + dy, width, style);
  }
  style.colour = colours::bright_text;
  canvas.text(text, x, y, width, style);
}

void draw_seamed(Canvas& canvas, double x0, double y0, double x1, double y1, double line) {
  const double dx = x1 > x0 ? line : 0, dy = y1 > y0 ? line : 0;
  canvas.line(x0 - dx, y0 - dy, x1 + dx, y1 + dy, colours::dark, 3 * line);
  canvas.line(x0, y0, x1, y1, colours::bright_text, line);
}

/// Sides, ticks and scale bar over a zoom.
Picture with_marks(const Picture& picture, const Display& display, const Words& words) {
  const double side = picture.width, text = side / 15, line = std::max(1.0, side / 200);
  Canvas canvas = Canvas::for_picture(picture.width, picture.height, colours::dark);
  canvas.draw(picture, {0, 0, side, side});
  const double middle = side / 2, from = 0.085 * side, to = 0.15 * side;
  draw_seamed(canvas, from, middle, to, middle, line);
  draw_seamed(canvas, side - to, middle, side - from, middle, line);
  draw_seamed(canvas, middle, from, middle, to, line);
  draw_seamed(canvas, middle, side - to, middle, side - from, line);
  TextStyle style{.size = text, .bold = true};
  const double inset = 0.25 * text, half_line = 0.68 * text;
  write_seamed(canvas, {display.left_mark}, inset, middle - half_line, side, style);
  style.align = Align::right;
  write_seamed(canvas, {display.right_mark}, 0, middle - half_line, side - inset, style);
  style.align = Align::centre;
  write_seamed(canvas, {display.top_mark}, 0, 0, side, style);
  write_seamed(canvas, {display.bottom_mark}, 0, side - 1.36 * text, side, style);

  const double bar = scale_bar_mm / zoom_window_mm * side, right = side - 0.5 * text;
  draw_seamed(canvas, right - bar, side - 0.5 * text, right, side - 0.5 * text, 1.5 * line);
  style = {.size = 0.85 * text, .align = Align::centre};
  const std::string length = std::to_string(std::lround(scale_bar_mm)) + " " + words.mm;
  write_seamed(canvas, length, right - 1.5 * bar, side - 1.75 * text, 2 * bar, style);
  return canvas.finish_picture();
}

ZoomPlane draw_plane(const OverlayInput& input, const lesions::Components& found, int id,
                     const volume::Index3& middle, Plane plane, const Window& window, int width,
                     const Words& words) {
  const volume::Grid& grid = input.scan->grid;
  const View view = view_of(grid, plane, middle, width);
  Picture picture = grey_picture(*input.scan, view, window);
  mark_lesions(picture, view, grid, found, id, std::max(1.0, width / 160.0));
  return {with_marks(middle_of(picture, width), view.display, words), plane, view.slice,
          slice_position_mm(grid, view.display, view.slice)};
}

std::string volume_text(double ml, const Words& words) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.*f", ml < 1 ? 3 : 2, ml);
  return std::string(text.data()) + " " + words.ml;
}

/// What stands at the left of a lesion's row.
void write_lesion(Canvas& canvas, const segmentation::Lesion& lesion, double x, double y,
                  double width, double text, const Words& words) {
  const double line = 1.4 * text;
  TextStyle style{
      .size = 1.1 * text, .colour = colours::bright_text, .bold = true, .most_lines = 1};
  canvas.text(filled(words.zoom_lesion, {std::to_string(lesion.id)}), x, y, width, style);
  style = {.size = text, .colour = colours::light_text, .most_lines = 1};
  canvas.text(volume_text(lesion.volume_ml, words), x, y += 1.1 * line, width, style);
  canvas.text(words.zoom_centre, x, y += 1.5 * line, width, style);
  for (std::size_t axis = 0; axis < 3; ++axis) {
    canvas.text(std::string(1, "xyz"[axis]) + " " + signed_mm(lesion.centroid_mm[axis]), x,
                y += line, width, style);
  }
}

Frame frame_of(const OverlayInput& input, bool any, const Words& words) {
  Frame frame;
  frame.title = input.title;
  if (!any) {
    frame.summary = words.no_lesions;
    return frame;
  }
  frame.legend = {{Swatch::thick_line, colours::lesion, words.legend_this_lesion},
                  {Swatch::line, colours::neighbour, words.legend_neighbour}};
  frame.notes = {filled(words.zoom_window, {std::to_string(std::lround(zoom_window_mm)),
                                            std::to_string(std::lround(scale_bar_mm))}),
                 words.zoom_ticks, words.radiological_convention};
  return frame;
}

}  // namespace

std::vector<Zoom> draw_zooms(const OverlayInput& input,
                             const std::vector<segmentation::Lesion>& lesions, const Words& words,
                             int count, int width) {
  check(input);
  const auto shown = std::min(lesions.size(), static_cast<std::size_t>(std::max(0, count)));
  if (shown == 0) return {};
  const volume::Grid& grid = input.scan->grid;
  const lesions::Components found =
      lesions::find_components(input.lesions->data, {grid.size, grid.spacing});
  const Window window = window_of(*input.scan, input.brain);
  std::vector<Zoom> zooms;
  for (std::size_t n = 0; n < shown; ++n) {
    Zoom zoom;
    zoom.lesion_id = lesions[n].id;
    zoom.voxel = middle_voxel(found, lesions[n], grid);
    for (std::size_t p = 0; p < planes.size(); ++p) {
      zoom.planes[p] =
          draw_plane(input, found, zoom.lesion_id, zoom.voxel, planes[p], window, width, words);
    }
    zooms.push_back(std::move(zoom));
  }
  return zooms;
}

std::string caption(const ZoomPlane& plane, const Words& words) {
  const std::string& name = plane.plane == Plane::axial     ? words.plane_axial
                            : plane.plane == Plane::coronal ? words.plane_coronal
                                                            : words.plane_sagittal;
  return name + " \u00b7 " + slice_label(plane.plane, plane.slice, plane.position_mm, words);
}

Picture draw_zoom_sheet(const OverlayInput& input, const std::vector<segmentation::Lesion>& lesions,
                        const Words& words, int count, int width) {
  const double text = picture_text_size(width), gap = 0.5 * text, column = 7.2 * text;
  const int side = std::max(16, static_cast<int>((width - column - 4 * gap) / 3));
  const std::vector<Zoom> zooms = draw_zooms(input, lesions, words, count, side);
  const double row = side + 2 * text;
  const TextStyle small{
      .size = 0.9 * text, .colour = colours::light_text, .align = Align::centre, .most_lines = 1};
  const auto draw_rows = [&](Canvas& canvas, const Box& box) {
    for (std::size_t n = 0; n < zooms.size(); ++n) {
      const double y = box.y + row * static_cast<double>(n);
      write_lesion(canvas, lesions[n], 0.7 * text, y, column - 0.7 * text, text, words);
      for (std::size_t p = 0; p < planes.size(); ++p) {
        const double x = column + gap + static_cast<double>(p) * (side + gap);
        const ZoomPlane& plane = zooms[n].planes[p];
        canvas.draw(plane.picture, {x, y, double(side), double(side)});
        canvas.text(caption(plane, words), x, y + side + 0.05 * text, side, small);
      }
    }
  };
  return framed(frame_of(input, !zooms.empty(), words), words, width,
                row * static_cast<double>(zooms.size()), draw_rows);
}

}  // namespace dawson::report
