#include "dawson/report/chart_elements.h"

#include <array>
#include <cmath>

#include "dawson/report/colours.h"

namespace dawson::report::chart {
namespace {

constexpr double mark_line = 1.6;
constexpr std::array<double, 2> guide_dash{5, 4};

bool finite(const Point& point) {
  return std::isfinite(point.x) && std::isfinite(point.y);
}

void cross(Canvas& canvas, const Point& at, double dx, double dy, const Colour& colour) {
  canvas.line(at.x - dx, at.y - dy, at.x + dx, at.y + dy, colour, mark_line);
  canvas.line(at.x - dy, at.y + dx, at.x + dy, at.y - dx, colour, mark_line);
}

struct Painter {
  Canvas& canvas;
  const Frame& frame;

  void operator()(const Band& band) const {
    std::vector<Point> edge;
    std::vector<Point> back;
    for (std::size_t n = 0; n < band.x.size(); ++n) {
      const Point low = frame.place(band.x[n], band.low[n]);
      const Point high = frame.place(band.x[n], band.high[n]);
      if (!finite(low) || !finite(high)) continue;
      edge.push_back(high);
      back.push_back(low);
    }
    edge.insert(edge.end(), back.rbegin(), back.rend());
    if (edge.size() < 4) return;
    canvas.within(frame.plot, [&] { canvas.polygon(edge, band.colour); });
  }

  void operator()(const Line& line) const {
    std::vector<Point> run;
    const auto draw_run = [&] {
      if (run.size() > 1) canvas.polyline(run, line.colour, line.width, line.dash);
      run.clear();
    };
    canvas.within(frame.plot, [&] {
      for (const Point& point : line.points) {
        const Point at = frame.place(point.x, point.y);
        if (finite(at)) {
          run.push_back(at);
        } else {
          draw_run();
        }
      }
      draw_run();
    });
  }

  void operator()(const Marks& marks) const {
    for (const Point& point : marks.points) {
      const Point at = frame.place(point.x, point.y);
      if (finite(at)) draw_mark(canvas, at, marks.mark, marks.size, marks.colour);
    }
  }

  void operator()(const ErrorBar& bar) const {
    const Point a = bar.across ? frame.place(bar.low, bar.at) : frame.place(bar.at, bar.low);
    const Point b = bar.across ? frame.place(bar.high, bar.at) : frame.place(bar.at, bar.high);
    if (!finite(a) || !finite(b)) return;
    const double dx = bar.across ? 0 : 4;
    const double dy = bar.across ? 4 : 0;
    canvas.line(a.x, a.y, b.x, b.y, bar.colour, 1.8);
    canvas.line(a.x - dx, a.y - dy, a.x + dx, a.y + dy, bar.colour, 1.8);
    canvas.line(b.x - dx, b.y - dy, b.x + dx, b.y + dy, bar.colour, 1.8);
  }

  void operator()(const Bar& bar) const {
    const Point left = frame.place(bar.from, bar.y);
    const Point right = frame.place(bar.to, bar.y);
    if (!finite(left) || !finite(right)) return;
    const double bottom = frame.plot.y + frame.plot.height;
    canvas.within(frame.plot, [&] {
      canvas.fill({left.x, left.y, right.x - left.x, bottom - left.y}, bar.colour);
    });
  }

  void operator()(const Guide& guide) const {
    const Point at = guide.upright ? frame.place(guide.value, frame.y.from)
                                   : frame.place(frame.x.from, guide.value);
    if (!finite(at)) return;
    const Box& plot = frame.plot;
    const std::array<Point, 2> ends =
        guide.upright ? std::array<Point, 2>{Point{at.x, plot.y}, Point{at.x, plot.y + plot.height}}
                      : std::array<Point, 2>{Point{plot.x, at.y}, Point{plot.x + plot.width, at.y}};
    canvas.within(plot, [&] {
      canvas.polyline(
          ends, guide.colour, 1.3,
          guide.dashed ? std::span<const double>(guide_dash) : std::span<const double>());
    });
  }

  void operator()(const Note& note) const {
    TextStyle style{least_text_size, note.colour, false, note.align};
    const TextSize size = canvas.measure(note.text, frame.plot.width, style);
    const double share = note.align == Align::left ? 0 : note.align == Align::right ? 1 : 0.5;
    const double width = size.width + 1;
    const double x = frame.plot.x + note.x_share * frame.plot.width - share * width;
    const double y = frame.plot.y + (1 - note.y_share) * (frame.plot.height - size.height);
    canvas.fill({x - 2, y, width + 4, size.height}, {1, 1, 1, 0.75});
    canvas.text(note.text, x, y, width, style);
  }
};

}  // namespace

void draw_mark(Canvas& canvas, const Point& at, Mark mark, double size, const Colour& colour) {
  const double half = size / 2;
  const auto polygon = [&](std::initializer_list<Point> points) {
    canvas.polygon(std::vector<Point>(points), colour);
  };
  switch (mark) {
    case Mark::disc:
      return canvas.disc(at.x, at.y, half, colour);
    case Mark::ring:
      return canvas.ring(at.x, at.y, half - mark_line / 2, colour, mark_line);
    case Mark::square:
      return canvas.fill({at.x - 0.9 * half, at.y - 0.9 * half, 1.8 * half, 1.8 * half}, colour);
    case Mark::diamond:
      return polygon({{at.x, at.y - 1.2 * half},
                      {at.x + 1.2 * half, at.y},
                      {at.x, at.y + 1.2 * half},
                      {at.x - 1.2 * half, at.y}});
    case Mark::triangle:
      return polygon({{at.x, at.y - 1.2 * half},
                      {at.x + 1.1 * half, at.y + 0.8 * half},
                      {at.x - 1.1 * half, at.y + 0.8 * half}});
    case Mark::triangle_down:
      return polygon({{at.x, at.y + 1.2 * half},
                      {at.x + 1.1 * half, at.y - 0.8 * half},
                      {at.x - 1.1 * half, at.y - 0.8 * half}});
    case Mark::cross:
      return cross(canvas, at, 0.8 * half, 0.8 * half, colour);
    case Mark::plus:
      return cross(canvas, at, half, 0, colour);
  }
}

void draw_element(Canvas& canvas, const Element& element, const Frame& frame) {
  std::visit(Painter{canvas, frame}, element);
}

}  // namespace dawson::report::chart
