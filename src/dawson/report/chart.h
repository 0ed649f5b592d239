// One visual language for all plots: what a chart holds, and how it is drawn. Private to this room.
//
// Units are those of the canvas; a chart of the usual width is meant to be printed 84 mm wide, a
// column of a journal, where its smallest text is 7 points. Groups differ in colour (Okabe and Ito
// 2008) and in mark or dash, so that a chart reads without colour. Values that are not finite are
// not drawn.
#pragma once

#include <cstddef>
#include <string>
#include <variant>
#include <vector>

#include "dawson/report/canvas.h"
#include "dawson/report/chart_axis.h"

namespace dawson::report::chart {

inline constexpr double chart_width = 420;  ///< printed 84 mm wide
inline constexpr double usual_plot_height = 220;
/// 7 points where chart_width is 84 mm: 7 / 72 · 25.4 mm of 84 mm in 420 units.
inline constexpr double least_text_size = 12.4;

enum class Mark { disc, square, triangle, diamond, ring, cross, triangle_down, plus };

/// How a group looks: the same number gives the same look in every chart.
struct Look {
  Colour colour{};
  Mark mark = Mark::disc;
  std::vector<double> dash;
};
/// Distinct for numbers below 7; all above look alike, as "others" do.
Look look_of(std::size_t group);

struct Band {
  std::vector<double> x, low, high;  ///< of one length, x ascending
  Colour colour{};
};
struct Line {
  std::vector<Point> points;  ///< the line is broken at values that are not finite
  Colour colour{};
  double width = 2;
  std::vector<double> dash;
};
struct Marks {
  std::vector<Point> points;
  Mark mark = Mark::disc;
  Colour colour{};
  double size = 7;
};
/// An interval, of y at some x, or (across) of x at some y.
struct ErrorBar {
  double at = 0, low = 0, high = 0;
  bool across = false;
  Colour colour{};
};
/// A bar from the lower end of the plot up to y.
struct Bar {
  double from = 0, to = 0, y = 0;
  Colour colour{};
};
/// A quiet line across the whole plot at a value, to compare with.
struct Guide {
  double value = 0;
  bool upright = false;  ///< at some x
  bool dashed = true;
  Colour colour{};
};
/// Words at a place of the plot, in shares of it from its bottom left.
struct Note {
  double x_share = 0, y_share = 0;
  std::string text;
  Align align = Align::left;
  Colour colour{};
};
using Element = std::variant<Band, Line, Marks, ErrorBar, Bar, Guide, Note>;

/// Words beside the right end of the plot at the height of a value: what a line is. Where they
/// would touch they move apart.
struct EdgeLabel {
  double y = 0;
  std::string text;
  Colour colour{};
};

struct KeyEntry {
  std::string name;
  Look look;
  bool as_line = false;
};

struct Chart {
  std::string title, subtitle;
  std::string description;  ///< what it shows, for those who cannot see it
  Axis x, y;
  std::vector<Element> elements;  ///< in the order of drawing
  std::vector<EdgeLabel> edge_labels;
  std::vector<KeyEntry> key;
  double width = chart_width;
  double plot_height = usual_plot_height;  ///< what stands around it comes on top
  double least_left = 0, least_right = 0;  ///< space beside the plot, so that charts line up
};

/// Where a chart's plot lies, and where its values do.
struct Frame {
  Box plot;
  Axis x, y;  ///< with their ticks
  [[nodiscard]] Point place(double x_value, double y_value) const;
};

/// `text_space` measures and is not drawn on.
Frame frame_of(const Chart& chart, const Box& box, const Canvas& text_space);

/// What the whole chart takes where its plot has `plot_height`.
double height_of(const Chart& chart, double width, const Canvas& text_space);

void draw_chart(Canvas& canvas, const Chart& chart, const Box& box);

/// Two pixels for each unit; white ground.
Picture picture_of(const Chart& chart);
/// With title and description for screen readers.
std::string svg_of(const Chart& chart, const std::string& language);
/// Charts below one another, of one width.
Picture picture_of(std::vector<Chart> charts);

}  // namespace dawson::report::chart
