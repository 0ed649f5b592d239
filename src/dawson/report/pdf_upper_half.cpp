#include <algorithm>
#include <array>
#include <cmath>

#include "dawson/core/table.h"
#include "dawson/imaging/slice_grid.h"
#include "dawson/report/pdf_page.h"

namespace dawson::report {
namespace {

using page::fine;
using page::side_margin;
using page::small_label;

const TextStyle value{.size = 9.5, .colour = colours::ink, .most_lines = 1};

double draw_title(Page& p) {
  p.canvas.fill({0, 0, p.width, 7}, colours::accent);
  const double top = 32;
  const double title =
      p.canvas.text(p.words.title, side_margin, top, 0.62 * p.inner(),
                    {.size = 21, .colour = colours::ink, .bold = true, .most_lines = 1});
  p.canvas.text(p.words.subtitle, side_margin, top + title + 1, 0.7 * p.inner(),
                {.size = 9, .colour = colours::quiet, .most_lines = 1});
  p.canvas.text("dawson", side_margin, top + 1, p.inner(),
                {.size = 15, .colour = colours::accent, .bold = true, .align = Align::right});
  // The tag stands as wide as its words, at the right margin.
  const TextStyle tag{.size = 8, .colour = colours::accent, .bold = true, .most_lines = 1};
  const TextSize size = p.canvas.measure(p.words.disclaimer, p.inner(), tag);
  const Box box{p.right() - size.width - 16, top + title - 1, size.width + 16, size.height + 5};
  p.canvas.fill(box, colours::accent_wash, box.height / 2);
  p.canvas.text(p.words.disclaimer, box.x + 8, box.y + 2.5, size.width + 2, tag);
  return box.y + box.height + 12;
}

void draw_field(Page& p, const Row& row, double x, double y, double width, int most_lines) {
  p.canvas.text(row.label, x, y, width, small_label);
  TextStyle style = value;
  style.most_lines = most_lines;
  // A long value gets its second line in smaller type rather than losing its end.
  if (p.canvas.measure(row.value, 1e4, style).width > width) style.size = 8;
  p.canvas.text(row.value, x, y + 10.5, width, style);
}

double draw_patient(Page& p, double y) {
  const std::vector<Row>& rows = p.content.patient;
  const double pad = 12, height = 73;
  p.canvas.fill({side_margin, y, p.inner(), height}, colours::wash, 6);
  const double unit = (p.inner() - 2 * pad) / 10;
  const double x = side_margin + pad;
  const auto field = [&](std::size_t row, double column, double columns, double top, int lines) {
    draw_field(p, rows[row], x + column * unit, top, columns * unit - 10, lines);
  };
  const double first = y + 7, second = y + 42;
  field(0, 0, 4.6, first, 2);
  field(1, 4.6, 2.4, first, 2);
  field(2, 7, 1.4, first, 1);
  field(3, 8.4, 1.6, first, 1);
  field(4, 0, 4.6, second, 2);
  field(5, 4.6, 2.4, second, 2);
  field(6, 7, 3, second, 1);
  return y + height + 12;
}

struct Card {
  std::string label, figure, below;
  bool accented = false;
};

std::array<Card, 4> cards(const Page& p) {
  const Content& c = p.content;
  const Words& w = p.words;
  const segmentation::Segmentation& found = *p.report.segmentation;
  std::string which = filled(w.short_of_3mm, {std::to_string(c.counts.of_3mm_diameter)});
  if (imaging::has_thick_slices(p.report.scan->grid)) {
    which += "\n" + filled(w.short_single_voxel, {std::to_string(c.counts.single_voxel)});
  }
  const std::string percent =
      std::isfinite(c.percent) ? percent_text(c.percent) : w.severity_undetermined;
  return {Card{w.total_lesions, std::to_string(c.counts.total), which},
          Card{w.lesion_volume, millilitres(found.lesion_volume_ml) + " ml", w.short_all_of_mask},
          Card{w.lesion_percent, percent,
               (c.range_text.empty() ? "" : filled(w.short_range, {c.range_text}) + "\n") +
                   filled(w.of_brain, {core::number(found.brain_volume_ml, 0)})},
          Card{w.severity, w.of(c.severity), w.short_severity, true}};
}

double draw_cards(Page& p, double y) {
  const double gap = 9, height = 66, pad = 10;
  const double width = (p.inner() - 3 * gap) / 4;
  double x = side_margin;
  for (const Card& card : cards(p)) {
    const Box box{x, y, width, height};
    if (card.accented) {
      p.canvas.fill(box, colours::accent, 6);
    } else {
      p.canvas.frame(box, colours::hairline, 0.8, 6);
    }
    TextStyle label = small_label, figure{.size = 19, .colour = colours::ink, .bold = true},
              below{.size = 7, .colour = colours::quiet};
    if (card.accented) label.colour = figure.colour = below.colour = colours::white;
    label.size = 7.5;
    figure.most_lines = 1;
    below.most_lines = 2;
    const double room = width - 2 * pad;
    const double needed = p.canvas.measure(card.figure, 1e4, figure).width;
    if (needed > room) figure.size = std::max(9.0, figure.size * room / needed - 0.2);
    p.canvas.text(card.label, x + pad, y + 7, room, label);
    p.canvas.text(card.figure, x + pad, y + 17 + (19 - figure.size) / 2, room, figure);
    p.canvas.text(card.below, x + pad, y + 43, room, below);
    x += width + gap;
  }
  return y + height + 18;
}

/// Where a percentage lies on five bands of equal width, 0 to 1.
double place_on_scale(double percent, const SeverityBands& b) {
  const std::array<double, 5> from{0, 0, b.minimal_below, b.mild_below, b.moderate_below};
  // The last band has no end; twice its beginning stands at the scale's end.
  const std::array<double, 5> to{0, b.minimal_below, b.mild_below, b.moderate_below,
                                 2 * b.moderate_below};
  const auto band = static_cast<std::size_t>(severity_of(percent, b));
  if (band == 0) return 0.1;
  const double share = (percent - from[band]) / (to[band] - from[band]);
  return (static_cast<double>(band) + std::clamp(share, 0.04, 0.96)) / 5;
}

std::string limit_text(double percent) {
  std::string text = core::number(percent, 3);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text + " %";
}

double draw_scale(Page& p, double y) {
  constexpr std::array<Severity, 5> bands{Severity::none, Severity::minimal, Severity::mild,
                                          Severity::moderate, Severity::severe};
  const SeverityBands& b = p.report.bands;
  const std::array<double, 3> limits{b.minimal_below, b.mild_below, b.moderate_below};
  const double width = p.inner() / 5, bar = 15;
  for (std::size_t i = 0; i < bands.size(); ++i) {
    const double x = side_margin + static_cast<double>(i) * width;
    const bool here = bands[i] == p.content.severity;
    Colour shade = colours::accent;
    shade.opacity = here ? 1 : 0.05 + 0.05 * static_cast<double>(i);
    p.canvas.fill({x, y, width - (i < 4 ? 1.5 : 0), bar}, shade, 2.5);
    p.canvas.text(p.words.of(bands[i]), x, y + 2.2, width - 1.5,
                  {.size = 7.5,
                   .colour = here ? colours::white : colours::ink,
                   .bold = here,
                   .align = Align::centre,
                   .most_lines = 1});
    if (i < 2) continue;
    TextStyle limit = fine;
    limit.align = Align::centre;
    p.canvas.text(limit_text(limits[i - 2]), x - 30.75, y + bar + 1.5, 60, limit);
  }
  p.canvas.text(p.words.severity_scale, side_margin, y + bar + 1.5, 2 * width - 35, fine);
  if (p.content.severity == Severity::undetermined) return y + bar + 15;
  const auto x_of = [&](double percent) {
    return side_margin + p.inner() * place_on_scale(percent, b);
  };
  double mark = y - 1.2;
  if (p.content.range) {
    // As far as the brain volume's error moves the percentage.
    const double from = x_of(p.content.range->low), to = x_of(p.content.range->high);
    p.canvas.line(from, y - 2.5, to, y - 2.5, colours::ink, 0.9);
    for (const double x : {from, to}) p.canvas.line(x, y - 4.5, x, y - 0.5, colours::ink, 0.9);
    mark = y - 4.5;
  }
  p.canvas.triangle_down(x_of(p.content.percent), mark, 7, colours::ink);
  return y + bar + 15;
}

double draw_uncertainty(Page& p, double y) {
  TextStyle style = fine;
  style.colour = colours::ink;
  const double taken = p.canvas.text(p.content.uncertainty, side_margin, y, p.inner(), style);
  return y + taken + 9;
}

double draw_cohort(Page& p, double y) {
  if (p.content.cohort.empty()) return y;
  const CohortRow& volume = p.content.cohort.front();
  const double text_width = 0.44 * p.inner();
  p.canvas.text(p.words.cohort, side_margin, y, text_width,
                {.size = 8, .colour = colours::accent, .bold = true, .most_lines = 1});
  TextStyle style = fine;
  style.colour = colours::ink;
  style.most_lines = 3;
  std::string said = volume.label + ": " + p.content.cohort_rows[1].value;
  if (volume.place.n < small_cohort) said += ". " + p.content.cohort_notes.front();
  p.canvas.text(said, side_margin, y + 11.5, text_width, style);
  draw_cohort_strip(p.canvas, {side_margin + text_width + 18, y, p.inner() - text_width - 18, 34},
                    *p.report.cohort, volume.place.value, p.words);
  return y + 44;
}

}  // namespace

void draw_running_head(Page& p) {
  p.canvas.fill({0, 0, p.width, 4}, colours::accent);
  const double y = 22;
  const TextStyle style{.size = 8, .colour = colours::quiet, .most_lines = 1};
  TextStyle title = style;
  title.bold = true;
  title.colour = colours::ink;
  p.canvas.text(p.words.title, side_margin, y, 0.4 * p.inner(), title);
  TextStyle right = style;
  right.align = Align::right;
  p.canvas.text(p.report.image_name.empty() ? p.report.stem : p.report.image_name,
                side_margin + 0.4 * p.inner(), y, 0.6 * p.inner(), right);
  p.canvas.line(side_margin, y + 15, p.right(), y + 15, colours::hairline, 0.6);
}

double draw_upper_half(Page& p) {
  double y = draw_title(p);
  y = draw_patient(p, y);
  y = draw_cards(p, y);
  y = draw_scale(p, y);
  y = draw_uncertainty(p, y);
  return draw_cohort(p, y);
}

}  // namespace dawson::report
