#include "dawson/report/comparison.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <map>
#include <set>
#include <stdexcept>

#include "dawson/evaluation/lesion_measures.h"
#include "dawson/lesions/lesions.h"
#include "dawson/report/canvas.h"
#include "dawson/report/colours.h"
#include "dawson/report/frame.h"
#include "dawson/report/tile.h"

namespace dawson::report {
namespace {

constexpr int pairs_in_row = 2, most_pairs = 6;

/// One mask's lesions, and which of them the other mask has.
struct Side {
  std::vector<std::int32_t> labels;   ///< 0 outside, ids of lesions from 1, beyond them: specks
  std::vector<std::uint8_t> matched;  ///< 1 or 0, by id - 1; lesions only

  enum class State { nothing, matched, unmatched, speck };
  [[nodiscard]] State at(std::size_t voxel) const {
    const auto label = static_cast<std::size_t>(labels[voxel]);
    if (label == 0) return State::nothing;
    if (label > matched.size()) return State::speck;
    return matched[label - 1] != 0 ? State::matched : State::unmatched;
  }
};

struct Compared {
  Side reference, prediction;
  evaluation::LesionMeasures measures;
};

Compared compare(const OverlayInput& input) {
  check(input);
  if (input.reference == nullptr) {
    throw std::invalid_argument("a comparison needs a reference");
  }
  Compared c;
  const volume::Grid& grid = input.scan->grid;
  const lesions::Lattice lattice{grid.size, grid.spacing};
  c.measures =
      evaluation::measure_lesions(*input.reference, *input.lesions, evaluation::LesionRule::dawson);
  c.reference.labels = lesions::find_components(input.reference->data, lattice).labels;
  c.prediction.labels = lesions::find_components(input.lesions->data, lattice).labels;
  for (const evaluation::LesionMatch& lesion : c.measures.lesions) {
    (lesion.in_reference ? c.reference : c.prediction).matched.push_back(lesion.matched ? 1 : 0);
  }
  return c;
}

/// Half of the slices for whole lesions missed or false, the others for all lesions.
std::vector<int> slices_of(const OverlayInput& input, const Compared& c, int count) {
  const auto most = static_cast<std::size_t>(std::max(1, count));
  const Display display = display_of(input.scan->grid);
  volume::Mask wrong(input.scan->grid), all(input.scan->grid);
  for (std::size_t v = 0; v < all.data.size(); ++v) {
    all.data[v] = input.lesions->data[v] != 0 || input.reference->data[v] != 0 ? 1 : 0;
    wrong.data[v] =
        c.reference.at(v) == Side::State::unmatched || c.prediction.at(v) == Side::State::unmatched
            ? 1
            : 0;
  }
  std::set<int> chosen;
  if (std::count(wrong.data.begin(), wrong.data.end(), 1) > 0) {
    for (const int s : choose_slices(wrong, input.brain, display, std::max(1, count / 2)))
      chosen.insert(s);
  }
  const auto gap_to_chosen = [&](int slice) {
    int gap = std::numeric_limits<int>::max();
    for (const int s : chosen) gap = std::min(gap, std::abs(s - slice));
    return gap;
  };
  const std::vector<int> candidates = choose_slices(all, input.brain, display, 3 * count);
  // Those with lesions first, as far apart as still gives enough: neighbours show much the same.
  for (const bool with_lesions : {true, false}) {
    for (int apart = 8; apart >= 1; apart /= 2) {
      for (const int s : candidates) {
        if (chosen.size() >= most || gap_to_chosen(s) < apart) continue;
        const Slice<std::uint8_t> slice = cut(all, display, s);
        const bool any = std::count(slice.values.begin(), slice.values.end(), 1) > 0;
        if (any == with_lesions) chosen.insert(s);
      }
    }
  }
  return {chosen.begin(), chosen.end()};
}

Slice<float> empty_region(const View& view) {
  Slice<float> out{view.crop.x1 - view.crop.x0 + 1, view.crop.y1 - view.crop.y0 + 1, {}};
  out.values.assign(static_cast<std::size_t>(out.width) * static_cast<std::size_t>(out.height), 0);
  return out;
}

template <typename F>
Slice<float> region_where(const View& view, const volume::Grid& grid, F is) {
  Slice<float> out = empty_region(view);
  for_each_position(view, grid.size, [&](int x, int y, const volume::Index3& v) {
    if (!is(grid.offset(v[0], v[1], v[2]))) return;
    out.values[static_cast<std::size_t>(y) * static_cast<std::size_t>(out.width) +
               static_cast<std::size_t>(x)] = 1;
  });
  return out;
}

Slice<float> region_of(const View& view, const volume::Grid& grid, const Side& side,
                       Side::State state) {
  return region_where(view, grid, [&](std::size_t v) { return side.at(v) == state; });
}

/// The uppermost row of a lesion in a slice.
struct Top {
  int row = 0;
  double sum_of_columns = 0;
  int voxels = 0;
};

/// A sign above the middle of each unmatched lesion's uppermost row in the slice.
void add_signs(Picture& picture, const View& view, const volume::Grid& grid, const Side& side,
               char sign, const Colour& colour) {
  std::map<std::int32_t, Top> tops;
  for_each_position(view, grid.size, [&](int x, int y, const volume::Index3& voxel) {
    const std::size_t v = grid.offset(voxel[0], voxel[1], voxel[2]);
    if (side.at(v) != Side::State::unmatched) return;
    Top& top = tops.try_emplace(side.labels[v], Top{y}).first->second;
    if (top.row != y) return;
    top.sum_of_columns += x;
    ++top.voxels;
  });
  if (tops.empty()) return;
  // Smaller in a crowd, so that they do not hide each other.
  const double crowd = std::sqrt(std::max(1.0, static_cast<double>(tops.size()) / 30));
  const double size = std::max(5.0, view.width / 34.0 / crowd);
  const double column_width = static_cast<double>(view.width) / (view.crop.x1 - view.crop.x0 + 1);
  const double row_height = static_cast<double>(view.height) / (view.crop.y1 - view.crop.y0 + 1);
  Canvas canvas = Canvas::for_picture(picture.width, picture.height, colours::dark);
  canvas.draw(picture, {0, 0, double(picture.width), double(picture.height)});
  for (const auto& [label, top] : tops) {
    const double x = (top.sum_of_columns / top.voxels + 0.5) * column_width;
    const double lower_end = top.row * row_height - 1.5 * line_width_for(view.width);
    draw_sign(canvas, sign, std::clamp(x, size, view.width - size), std::max(size, lower_end), size,
              colour);
  }
  picture = canvas.finish_picture();
}

void paint_reference(Picture& picture, const View& view, const volume::Grid& grid,
                     const Compared& c) {
  const double line = line_width_for(view.width);
  mark(picture, region_of(view, grid, c.reference, Side::State::matched),
       {.colour = colours::found, .line_width = line, .fill = 0.2});
  mark(picture, region_of(view, grid, c.reference, Side::State::unmatched),
       {.colour = colours::missed, .line_width = 1.2 * line, .dashed = true, .fill = 0.2});
  mark(picture, region_of(view, grid, c.reference, Side::State::speck),
       {.colour = colours::missed, .fill = 0.5});
  add_signs(picture, view, grid, c.reference, 'v', colours::missed);
}

void paint_prediction(Picture& picture, const View& view, const volume::Grid& grid,
                      const Compared& c) {
  const double line = line_width_for(view.width);
  const auto is_in = [](const Side& side, std::size_t v) { return side.labels[v] != 0; };
  mark(
      picture,
      region_where(view, grid,
                   [&](std::size_t v) { return is_in(c.reference, v) && !is_in(c.prediction, v); }),
      {.colour = colours::missed, .fill = 0.75, .hatch = Hatch::falling});
  mark(
      picture,
      region_where(view, grid,
                   [&](std::size_t v) { return is_in(c.prediction, v) && !is_in(c.reference, v); }),
      {.colour = colours::spurious, .fill = 0.75, .hatch = Hatch::rising});
  mark(picture, region_of(view, grid, c.prediction, Side::State::matched),
       {.colour = colours::found, .line_width = line});
  mark(picture, region_of(view, grid, c.reference, Side::State::unmatched),
       {.colour = colours::missed, .line_width = 1.2 * line, .dashed = true});
  mark(picture, region_of(view, grid, c.prediction, Side::State::unmatched),
       {.colour = colours::spurious, .line_width = line});
  add_signs(picture, view, grid, c.reference, 'v', colours::missed);
  add_signs(picture, view, grid, c.prediction, '+', colours::spurious);
}

Frame frame_of(const OverlayInput& input, const Compared& c, Plane plane, const Words& words) {
  const evaluation::LesionCounts& n = c.measures.all;
  const auto text = [](std::size_t count) { return std::to_string(count); };
  Frame frame;
  frame.title = input.title;
  frame.summary = filled(words.comparison_counts,
                         {text(n.found), text(n.reference), text(n.reference - n.found),
                          text(n.predicted - n.confirmed), text(n.predicted)});
  frame.legend = {{Swatch::outlined, colours::found, words.legend_found},
                  {Swatch::dashed, colours::missed, words.legend_missed, 'v'},
                  {Swatch::outlined, colours::spurious, words.legend_false, '+'},
                  {Swatch::falling, colours::missed, words.legend_only_reference},
                  {Swatch::rising, colours::spurious, words.legend_only_prediction}};
  frame.notes = {words.comparison_rule, convention(plane, words)};
  return frame;
}

/// Over each column what it shows, and a line between the pairs.
void draw_headings(Canvas& canvas, const Box& box, int columns, double text, const Words& words) {
  const double column_width = box.width / columns;
  const TextStyle style{.size = text,
                        .colour = colours::bright_text,
                        .bold = true,
                        .align = Align::centre,
                        .most_lines = 1};
  for (int column = 0; column < columns; ++column) {
    const double x = box.x + column * column_width;
    canvas.text(column % 2 == 0 ? words.comparison_reference : words.comparison_prediction, x,
                box.y, column_width, style);
    if (column > 0 && column % 2 == 0) {
      canvas.line(x, box.y, x, box.y + box.height, colours::quiet, text / 12);
    }
  }
}

Pairs pairs_of(const OverlayInput& input, const Compared& c, int count, int width) {
  const volume::Grid& grid = input.scan->grid;
  const std::vector<int> slices = slices_of(input, c, count);
  const auto painted = [&](auto paint) {
    return paint_tiles(input, slices, width,
                       [&](Picture& picture, const View& view) { paint(picture, view, grid, c); });
  };
  return {painted(paint_reference), painted(paint_prediction)};
}

}  // namespace

Pairs draw_pairs(const OverlayInput& input, int count, int width) {
  return pairs_of(input, compare(input), count, width);
}

Picture draw_comparison(const OverlayInput& input, const Words& words, int width) {
  const Compared c = compare(input);
  const Pairs pairs = pairs_of(input, c, most_pairs, mosaic_tile_width(width));
  Tiles in_turn{pairs.reference.display, {}};
  for (std::size_t t = 0; t < pairs.reference.tiles.size(); ++t) {
    in_turn.tiles.push_back(pairs.reference.tiles[t]);
    in_turn.tiles.push_back(pairs.prediction.tiles[t]);
  }
  const double text = picture_text_size(width), heading = 1.5 * text;
  const int columns = std::min(2 * pairs_in_row, static_cast<int>(in_turn.tiles.size()));
  const double rows = mosaic_height(in_turn, columns, width);
  return framed(
      frame_of(input, c, in_turn.display.plane, words), words, width, heading + rows,
      [&](Canvas& canvas, const Box& box) {
        lay_out(canvas, in_turn, {box.x, box.y + heading, box.width, rows}, columns, text, words);
        draw_headings(canvas, box, columns, text, words);
      });
}

}  // namespace dawson::report
