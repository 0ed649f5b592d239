// Charts as pictures and drawings, with a margin around them.
#include <algorithm>
#include <cmath>

#include "dawson/report/chart.h"
#include "dawson/report/colours.h"

namespace dawson::report::chart {
namespace {

constexpr double margin = 8;

/// Room for a whole chart, and what it takes with the margin around it.
struct Sheet {
  Box box;
  int height = 0;
};

Sheet sheet_of(const Chart& chart, double top, const Canvas& text_space) {
  const double width = chart.width - 2 * margin;
  const double height = std::ceil(height_of(chart, width, text_space));
  return {{margin, top + margin, width, height}, static_cast<int>(height + 2 * margin)};
}

Canvas text_space() {
  return Canvas::for_picture(1, 1, colours::white, 2);
}

}  // namespace

Picture picture_of(std::vector<Chart> charts) {
  const Canvas space = text_space();
  double width = 0;
  double left = 0;
  double right = 0;
  for (const Chart& chart : charts) {
    const Box box = sheet_of(chart, 0, space).box;
    const Box plot = frame_of(chart, box, space).plot;
    width = std::max(width, chart.width);
    left = std::max(left, plot.x - box.x);
    right = std::max(right, box.x + box.width - plot.x - plot.width);
  }
  int height = 0;
  for (Chart& chart : charts) {
    chart.least_left = left;
    chart.least_right = right;
    height += sheet_of(chart, 0, space).height;
  }
  Canvas canvas =
      Canvas::for_picture(static_cast<int>(std::lround(width)), height, colours::white, 2);
  double top = 0;
  for (const Chart& chart : charts) {
    const Sheet sheet = sheet_of(chart, top, space);
    draw_chart(canvas, chart, sheet.box);
    top += sheet.height;
  }
  return canvas.finish_picture();
}

Picture picture_of(const Chart& chart) {
  return picture_of(std::vector<Chart>{chart});
}

std::string svg_of(const Chart& chart, const std::string& language) {
  const Sheet sheet = sheet_of(chart, 0, text_space());
  Canvas canvas =
      Canvas::for_svg(chart.width, sheet.height, {chart.title, chart.description, language});
  canvas.fill({0, 0, chart.width, static_cast<double>(sheet.height)}, colours::white);
  draw_chart(canvas, chart, sheet.box);
  return canvas.finish_svg();
}

}  // namespace dawson::report::chart
