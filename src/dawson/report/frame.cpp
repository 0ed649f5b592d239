#include "dawson/report/frame.h"

#include <algorithm>
#include <cmath>

#include "dawson/report/colours.h"

namespace dawson::report {
namespace {

struct Layout {
  double text = 0;  ///< size
  double margin = 0;
  double inner = 0;
  TextStyle title, plain;
};

Layout layout_of(int width) {
  const double text = picture_text_size(width);
  Layout l{text, 0.7 * text, 0, {}, {}};
  l.inner = width - 2 * l.margin;
  l.title = {.size = 1.25 * text, .colour = colours::bright_text, .bold = true, .most_lines = 1};
  l.plain = {.size = text, .colour = colours::light_text, .most_lines = 2};
  return l;
}

void draw_hatch(Canvas& canvas, const Box& box, const Colour& colour, bool rising, double width) {
  for (int stripe = 1; stripe <= 3; ++stripe) {
    const double reach = stripe * box.width / 2;
    const double from = std::max(0.0, reach - box.width), to = std::min(reach, box.width);
    const double y0 = box.y + (rising ? reach - from : box.height - (reach - from));
    const double y1 = box.y + (rising ? reach - to : box.height - (reach - to));
    canvas.line(box.x + from, y0, box.x + to, y1, colour, width);
  }
}

void draw_swatch(Canvas& canvas, const LegendEntry& entry, const Box& box) {
  const double line = box.width / 8;
  const double middle = box.y + box.height / 2;
  Colour tint = entry.colour;
  tint.opacity = 0.2;
  switch (entry.swatch) {
    case Swatch::outlined:
      canvas.fill(box, tint, line);
      canvas.frame(box, entry.colour, line, line);
      break;
    case Swatch::dashed:
      for (const double x : {box.x, box.x + 0.65 * box.width}) {
        for (const double y : {box.y, box.y + box.height}) {
          canvas.line(x, y, x + 0.35 * box.width, y, entry.colour, line);
        }
      }
      for (const double x : {box.x, box.x + box.width}) {
        canvas.line(x, middle - 0.2 * box.height, x, middle + 0.2 * box.height, entry.colour, line);
      }
      break;
    case Swatch::rising:
    case Swatch::falling:
      draw_hatch(canvas, box, entry.colour, entry.swatch == Swatch::rising, 1.3 * line);
      break;
    case Swatch::line:
      canvas.line(box.x, middle, box.x + box.width, middle, entry.colour, 0.7 * line);
      break;
    case Swatch::thick_line:
      canvas.line(box.x, middle, box.x + box.width, middle, entry.colour, 2 * line);
      break;
  }
  if (entry.sign != ' ') {
    draw_sign(canvas, entry.sign, box.x + 1.75 * box.width, box.y + box.height, 0.8 * box.width,
              entry.colour);
  }
}

/// Entries from left to right, in as many rows as they need; draws when `draw`. Returns the height.
double flow_legend(Canvas& canvas, const Frame& frame, const Layout& l, double top, bool draw) {
  if (frame.legend.empty()) return 0;
  const double row = 1.55 * l.text;
  TextStyle one_line = l.plain;
  one_line.most_lines = 1;
  double x = l.margin, y = top;
  for (const LegendEntry& entry : frame.legend) {
    const double swatch = (entry.sign == ' ' ? 1.3 : 2.4) * l.text;
    const double name = canvas.measure(entry.name, l.inner - swatch, one_line).width + 1;
    if (x > l.margin && x + swatch + name > l.margin + l.inner) {
      x = l.margin;
      y += row;
    }
    if (draw) {
      const double side = 0.85 * l.text;
      draw_swatch(canvas, entry, {x, y + (1.36 * l.text - side) / 2, side, side});
      canvas.text(entry.name, x + swatch, y, std::min(name, l.inner - swatch), one_line);
    }
    x += swatch + name + 1.1 * l.text;
  }
  return y + row - top;
}

/// A text's size. Without any font on the machine Pango's heights are arbitrary: none is believed
/// beyond two lines of the font's size.
TextSize measured(const Canvas& canvas, const std::string& text, const Layout& l) {
  TextSize size = canvas.measure(text, l.inner, l.plain);
  size.height = std::clamp(size.height, l.plain.size, 1.6 * l.plain.size * l.plain.most_lines);
  return size;
}

/// Draws, or only measures, the lines at the foot; returns their height. The disclaimer stands at
/// the right of the last line where it fits.
double write_notes(Canvas& canvas, const Frame& frame, const Words& words, const Layout& l,
                   double top, bool draw) {
  double y = top;
  TextSize last;
  for (const std::string& note : frame.notes) {
    last = measured(canvas, note, l);
    if (draw) canvas.text(note, l.margin, y, l.inner, l.plain);
    y += last.height;
  }
  TextStyle right = l.plain;
  right.align = Align::right;
  const TextSize disclaimer = measured(canvas, words.disclaimer, l);
  const bool fits = !frame.notes.empty() && last.height < 1.5 * disclaimer.height &&
                    last.width + disclaimer.width + l.text < l.inner;
  if (fits) y -= last.height;
  if (draw) canvas.text(words.disclaimer, l.margin, y, l.inner, fits ? right : l.plain);
  return y + disclaimer.height - top;
}

}  // namespace

double picture_text_size(int width) noexcept {
  return width / 52.0;
}

void draw_sign(Canvas& canvas, char sign, double x, double y, double size, const Colour& colour) {
  const double half = size / 2, line = size / 4.5;
  if (sign == 'v') {
    canvas.triangle_down(x, y, size * 1.3, colours::dark);
    canvas.triangle_down(x, y - 0.12 * size, size * 0.95, colour);
    return;
  }
  for (const auto& [ink, width] : {std::pair{colours::dark, 2 * line}, std::pair{colour, line}}) {
    canvas.line(x - half, y - size, x + half, y, ink, width);
    canvas.line(x - half, y, x + half, y - size, ink, width);
  }
}

Picture framed(const Frame& frame, const Words& words, int width, double body_height,
               const std::function<void(Canvas&, const Box&)>& draw_body) {
  const Layout l = layout_of(width);
  Canvas scratch = Canvas::for_picture(1, 1, colours::dark);
  const double title = frame.title.empty() ? 0 : 1.9 * l.text;
  const double summary = frame.summary.empty() ? 0 : 1.55 * l.text;
  const double legend = flow_legend(scratch, frame, l, 0, false);
  const double head = 0.5 * l.text + title + summary + legend + 0.3 * l.text;
  const double notes = write_notes(scratch, frame, words, l, 0, false);
  const int height =
      static_cast<int>(std::ceil(head + body_height + 0.3 * l.text + notes + 0.6 * l.text));

  Canvas canvas = Canvas::for_picture(width, height, colours::dark);
  canvas.text(frame.title, l.margin, 0.4 * l.text, l.inner, l.title);
  TextStyle one_line = l.plain;
  one_line.most_lines = 1;
  canvas.text(frame.summary, l.margin, 0.5 * l.text + title, l.inner, one_line);
  flow_legend(canvas, frame, l, 0.5 * l.text + title + summary, true);
  draw_body(canvas, {0, head, static_cast<double>(width), body_height});
  write_notes(canvas, frame, words, l, head + body_height + 0.3 * l.text, true);
  return canvas.finish_picture();
}

}  // namespace dawson::report
