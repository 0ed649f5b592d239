#include "dawson/report/chart.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "dawson/report/chart_elements.h"
#include "dawson/report/colours.h"

namespace dawson::report::chart {
namespace {

constexpr double title_size = 15.5;
constexpr double axis_title_size = 13;
constexpr double gap = 6;                 // between things that belong together
constexpr double widest_row_name = 0.34;  // share of the width that names of rows may take
constexpr double tick_length = 4;
constexpr double space_below = 50;  // about: labels and title of the x axis
constexpr double space_for_x_label = 40, space_for_y_label = 34;  // units a label needs at least
constexpr double key_mark = 22, key_spacing = 16;

const TextStyle title_style{title_size, colours::ink, true, Align::left, 2};
const TextStyle subtitle_style{least_text_size, colours::quiet, false, Align::left, 4};
const TextStyle axis_style{axis_title_size, colours::ink, false, Align::left, 2};
const TextStyle tick_style{least_text_size, colours::quiet, false, Align::left, 2};

TextStyle aligned(TextStyle style, Align align, const Colour& colour = colours::quiet) {
  style.align = align;
  style.colour = colour;
  return style;
}

constexpr double unbounded = 10000;  // a width that no label of one line reaches

double width_of(const Canvas& canvas, const std::string& text, const TextStyle& style,
                double most = unbounded) {
  return text.empty() ? 0 : canvas.measure(text, most, style).width;
}

double height_of(const Canvas& canvas, const std::string& text, const TextStyle& style,
                 double most = unbounded) {
  return text.empty() ? 0 : canvas.measure(text, most, style).height;
}

/// Places of the key's entries from the top left of the key, in as many lines as they need.
struct KeyPlaces {
  std::vector<Point> places;
  double height = 0;
};

KeyPlaces places_of_key(const Chart& chart, double width, const Canvas& canvas) {
  KeyPlaces key;
  if (chart.key.empty()) return key;
  const double line = height_of(canvas, "X", tick_style) + 2;
  Point at;
  for (const KeyEntry& entry : chart.key) {
    const double needed = key_mark + width_of(canvas, entry.name, tick_style, width - key_mark);
    if (at.x > 0 && at.x + needed > width) at = {0, at.y + line};
    key.places.push_back(at);
    at.x += needed + key_spacing;
  }
  key.height = at.y + line + gap;
  return key;
}

double height_of_head(const Chart& chart, double width, const Canvas& canvas) {
  return height_of(canvas, chart.title, title_style, width) +
         height_of(canvas, chart.subtitle, subtitle_style, width) + gap;
}

/// Leaves out the labels that would touch the one before; their ticks stay.
void thin_labels(std::vector<Tick>& ticks, const Axis& axis, double length, bool along_x,
                 const Canvas& canvas) {
  double end = -unbounded;
  for (Tick& tick : ticks) {
    const double middle = share_of(axis, tick.value) * length;
    const double half = 0.5 * (along_x ? width_of(canvas, tick.label, tick_style)
                                       : height_of(canvas, tick.label, tick_style));
    if (middle - half < end + (along_x ? gap : 0)) {
      tick.label.clear();
    } else {
      end = middle + half;
    }
  }
}

double widest_label(const std::vector<Tick>& ticks, double most, const Canvas& canvas) {
  double widest = 0;
  for (const Tick& tick : ticks) {
    widest = std::max(widest, width_of(canvas, tick.label, tick_style, most));
  }
  return widest;
}

double widest_edge_label(const Chart& chart, const Canvas& canvas) {
  double widest = 0;
  for (const EdgeLabel& label : chart.edge_labels) {
    widest = std::max(widest, width_of(canvas, label.text, tick_style));
  }
  return widest;
}

void draw_head(Canvas& canvas, const Chart& chart, const Box& box) {
  double y = box.y + canvas.text(chart.title, box.x, box.y, box.width, title_style);
  if (!chart.subtitle.empty()) {
    y += canvas.text(chart.subtitle, box.x, y, box.width, subtitle_style);
  }
  y += gap;
  const KeyPlaces key = places_of_key(chart, box.width, canvas);
  for (std::size_t n = 0; n < chart.key.size(); ++n) {
    const KeyEntry& entry = chart.key[n];
    const Point at{box.x + key.places[n].x, y + key.places[n].y};
    const double middle = at.y + 0.5 * height_of(canvas, "X", tick_style);
    if (entry.as_line) {
      const std::array<Point, 2> ends{Point{at.x, middle}, Point{at.x + key_mark - 5, middle}};
      canvas.polyline(ends, entry.look.colour, 2, entry.look.dash);
    } else {
      draw_mark(canvas, {at.x + 8, middle}, entry.look.mark, 8, entry.look.colour);
    }
    canvas.text(entry.name, at.x + key_mark, at.y, box.width - key_mark,
                aligned(tick_style, Align::left, colours::ink));
  }
}

void draw_x_axis(Canvas& canvas, const Frame& frame, const Box& box) {
  const double bottom = frame.plot.y + frame.plot.height;
  const double right = frame.plot.x + frame.plot.width;
  double labels_end = bottom + tick_length;
  for (const Tick& tick : frame.x.ticks) {
    const double x = frame.place(tick.value, frame.y.from).x;
    if (frame.x.grid) canvas.line(x, frame.plot.y, x, bottom, colours::hairline, 0.7);
    if (frame.x.line) canvas.line(x, bottom, x, bottom + tick_length, colours::quiet, 1);
    if (tick.label.empty()) continue;
    const double width = width_of(canvas, tick.label, tick_style) + 1;
    const double left = std::min(x - width / 2, box.x + box.width - width);
    labels_end = std::max(labels_end, bottom + tick_length +
                                          canvas.text(tick.label, left, bottom + tick_length, width,
                                                      aligned(tick_style, Align::centre)));
  }
  if (frame.x.line) canvas.line(frame.plot.x, bottom, right, bottom, colours::quiet, 1);
  if (frame.x.has_zero) {
    const double x = frame.plot.x + zero_break_share() * frame.plot.width;
    canvas.line(x - 4, bottom + 4, x, bottom - 4, colours::quiet, 1);
    canvas.line(x, bottom + 4, x + 4, bottom - 4, colours::quiet, 1);
  }
  const double width = right - box.x;
  canvas.text(frame.x.title, box.x, labels_end + 1, width,
              aligned(axis_style, Align::right, colours::ink));
}

void draw_y_axis(Canvas& canvas, const Frame& frame, const Box& box) {
  const double right = frame.plot.x + frame.plot.width;
  const double most = widest_row_name * box.width;
  for (const Tick& tick : frame.y.ticks) {
    const double y = frame.place(frame.x.from, tick.value).y;
    if (frame.y.grid) canvas.line(frame.plot.x, y, right, y, colours::hairline, 0.7);
    if (tick.label.empty()) continue;
    const TextStyle style =
        aligned(tick_style, Align::right, frame.y.line ? colours::quiet : colours::ink);
    const double width = width_of(canvas, tick.label, tick_style, most) + 1;
    canvas.text(tick.label, frame.plot.x - gap - width,
                y - 0.5 * height_of(canvas, tick.label, tick_style, most), width, style);
  }
  if (frame.y.line) {
    canvas.line(frame.plot.x, frame.plot.y, frame.plot.x, frame.plot.y + frame.plot.height,
                colours::quiet, 1);
  }
  if (frame.y.title.empty()) return;
  canvas.text_upwards(frame.y.title, box.x, frame.plot.y + frame.plot.height, frame.plot.height,
                      aligned(axis_style, Align::right, colours::ink));
}

/// Each at its height, or as near as the others let it stand.
void draw_edge_labels(Canvas& canvas, const Chart& chart, const Frame& frame) {
  std::vector<EdgeLabel> labels = chart.edge_labels;
  std::stable_sort(labels.begin(), labels.end(),
                   [](const EdgeLabel& a, const EdgeLabel& b) { return a.y > b.y; });
  std::vector<double> tops;
  std::vector<double> heights;
  for (const EdgeLabel& label : labels) {
    heights.push_back(height_of(canvas, label.text, tick_style));
    const double wanted = frame.place(frame.x.from, label.y).y - heights.back() / 2;
    const double free = tops.empty() ? wanted : tops.back() + heights[heights.size() - 2];
    tops.push_back(std::max(wanted, free));
  }
  // Pushed down beyond the plot: from the last one up again.
  double end = frame.plot.y + frame.plot.height + least_text_size / 2;
  for (std::size_t n = tops.size(); n-- > 0;) {
    tops[n] = std::min(tops[n], end - heights[n]);
    end = tops[n];
  }
  const double x = frame.plot.x + frame.plot.width + gap;
  for (std::size_t n = 0; n < labels.size(); ++n) {
    canvas.text(labels[n].text, x, tops[n], unbounded,
                aligned(tick_style, Align::left, labels[n].colour));
  }
}

/// Units below the plot: the ticks, their labels and the title.
double height_below(const Chart& chart, const std::vector<Tick>& ticks, double width,
                    const Canvas& canvas) {
  double labels = 0;
  for (const Tick& tick : ticks) {
    labels = std::max(labels, height_of(canvas, tick.label, tick_style));
  }
  const double title = height_of(canvas, chart.x.title, axis_style, width);
  return tick_length + labels + title + (title > 0 ? 2 : 0);
}

}  // namespace

Look look_of(std::size_t group) {
  static const std::vector<Look> looks{
      {colours::series_blue, Mark::disc, {}},
      {colours::series_vermilion, Mark::triangle, {7, 3}},
      {colours::series_green, Mark::square, {2, 3}},
      {colours::series_purple, Mark::diamond, {9, 3, 2, 3}},
      {colours::series_orange, Mark::triangle_down, {5, 2}},
      {colours::series_sky, Mark::ring, {1, 2}},
      {colours::ink, Mark::plus, {12, 4}},
  };
  return group < looks.size() ? looks[group] : Look{colours::quiet, Mark::cross, {4, 4}};
}

Point Frame::place(double x_value, double y_value) const {
  return {plot.x + share_of(x, x_value) * plot.width,
          plot.y + (1 - share_of(y, y_value)) * plot.height};
}

Frame frame_of(const Chart& chart, const Box& box, const Canvas& text_space) {
  Frame frame{{}, chart.x, chart.y};
  const double head = height_of_head(chart, box.width, text_space) +
                      places_of_key(chart, box.width, text_space).height;
  frame.plot.y = box.y + head + gap;
  const double rough_height = box.height - head - space_below;
  frame.y.ticks =
      ticks_of(chart.y, static_cast<std::size_t>(std::max(2.0, rough_height / space_for_y_label)));
  const double y_title = chart.y.title.empty() ? 0 : height_of(text_space, "X", axis_style) + 2;
  const double y_labels =
      widest_label(frame.y.ticks, widest_row_name * box.width, text_space) + gap + 1;
  frame.plot.x = box.x + std::max(chart.least_left, y_title + y_labels);
  const double edge = widest_edge_label(chart, text_space);
  const double right = std::max(chart.least_right, edge > 0 ? edge + gap + 2 : 12.0);
  frame.plot.width = box.x + box.width - frame.plot.x - right;
  frame.x.ticks = ticks_of(
      chart.x, static_cast<std::size_t>(std::max(2.0, frame.plot.width / space_for_x_label)));
  frame.plot.height =
      box.y + box.height - frame.plot.y -
      height_below(chart, frame.x.ticks, frame.plot.x + frame.plot.width - box.x, text_space);
  thin_labels(frame.x.ticks, frame.x, frame.plot.width, true, text_space);
  return frame;
}

double height_of(const Chart& chart, double width, const Canvas& text_space) {
  const double rough = chart.plot_height + 400;  // any height: only the plot's would differ
  const Frame frame = frame_of(chart, {0, 0, width, rough}, text_space);
  return chart.plot_height + rough - frame.plot.height;
}

void draw_chart(Canvas& canvas, const Chart& chart, const Box& box) {
  const Frame frame = frame_of(chart, box, canvas);
  draw_head(canvas, chart, box);
  draw_x_axis(canvas, frame, box);
  draw_y_axis(canvas, frame, box);
  for (const Element& element : chart.elements) draw_element(canvas, element, frame);
  draw_edge_labels(canvas, chart, frame);
}

}  // namespace dawson::report::chart
