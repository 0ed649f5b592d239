// The report's one page. From the top down: title, patient, figures, severity scale, slices; from
// the bottom up: footer, notes, table and method. The slices take what height is left between.
#include <algorithm>
#include <array>
#include <cmath>

#include "dawson/core/table.h"
#include "dawson/imaging/slice_grid.h"
#include "dawson/report/canvas.h"
#include "dawson/report/colours.h"
#include "dawson/report/content.h"
#include "dawson/report/overlay.h"

namespace dawson::report {
namespace {

constexpr double side_margin = 46;  // points of 1/72 inch
constexpr double column_gap = 20;
constexpr std::size_t table_rows = 5;
// 400 pixels on a tile of 33 mm are about 300 a inch.
constexpr int tile_pixels = 400;

const TextStyle small_label{.size = 7, .colour = colours::quiet, .most_lines = 1};
const TextStyle value{.size = 9.5, .colour = colours::ink, .most_lines = 1};
const TextStyle fine{.size = 7, .colour = colours::quiet};
const TextStyle section{.size = 9.5, .colour = colours::accent, .bold = true, .most_lines = 1};

struct Page {
  Canvas canvas;
  const CaseReport& report;
  const Content& content;
  const Words& words;
  double width = 0, height = 0;
  [[nodiscard]] double inner() const { return width - 2 * side_margin; }
  [[nodiscard]] double right() const { return width - side_margin; }
};

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
  return {
      Card{w.total_lesions, std::to_string(c.counts.total), which},
      Card{w.lesion_volume, millilitres(found.lesion_volume_ml) + " ml", w.short_all_of_mask},
      Card{w.lesion_percent, percent, filled(w.of_brain, {core::number(found.brain_volume_ml, 0)})},
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
              below = fine;
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
  return y + height + 16;
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
  if (p.content.severity != Severity::undetermined) {
    p.canvas.triangle_down(side_margin + p.inner() * place_on_scale(p.content.percent, b), y - 1.2,
                           7, colours::ink);
  }
  return y + bar + 22;
}

double draw_footer(Page& p) {
  const double y = p.height - 34;
  p.canvas.line(side_margin, y - 6, p.right(), y - 6, colours::hairline, 0.6);
  TextStyle style = fine;
  style.most_lines = 1;
  const double third = p.inner() / 3;
  p.canvas.text(p.report.stem, side_margin, y, third, style);
  style.align = Align::centre;
  p.canvas.text(p.words.disclaimer, side_margin + third, y, third, style);
  style.align = Align::right;
  p.canvas.text(filled(p.words.page, {"1", "1"}), p.right() - third, y, third, style);
  return y - 6;
}

/// The sentence of the original and the notes, standing on `bottom`; returns their top.
double draw_notes(Page& p, double bottom) {
  std::string notes;
  for (const std::string& note : p.content.notes) notes += (notes.empty() ? "" : "  ") + note;
  const TextStyle follow{.size = 9.5, .colour = colours::ink, .bold = true, .most_lines = 2};
  const double notes_height = p.canvas.measure(notes, p.inner(), fine).height;
  const double follow_height = p.canvas.measure(p.words.follow_up, p.inner() - 24, follow).height;
  const double top = bottom - 8 - notes_height - 8 - follow_height - 12;
  p.canvas.fill({side_margin, top, p.inner(), follow_height + 12}, colours::accent_wash, 4);
  p.canvas.fill({side_margin, top, 4, follow_height + 12}, colours::accent);
  p.canvas.text(p.words.follow_up, side_margin + 14, top + 6, p.inner() - 24, follow);
  p.canvas.text(notes, side_margin, top + follow_height + 20, p.inner(), fine);
  return top;
}

/// Columns of the lesion table that the page has room for, and their shares of its width.
struct TableColumn {
  std::size_t column;
  double share;
  Align align;
};
constexpr std::array<TableColumn, 6> table_columns{{{0, 0.07, Align::left},
                                                    {1, 0.17, Align::right},
                                                    {3, 0.29, Align::right},
                                                    {4, 0.25, Align::right},
                                                    {5, 0.09, Align::right},
                                                    {7, 0.13, Align::right}}};

void draw_row(Page& p, const std::vector<std::string>& cells, double y, double width,
              const TextStyle& base) {
  double x = side_margin;
  for (const TableColumn& column : table_columns) {
    TextStyle style = base;
    style.align = column.align;
    p.canvas.text(cells[column.column], x, y, column.share * width - 1, style);
    x += column.share * width;
  }
}

constexpr double row_height = 13.5;

double table_height(const Page& p) {
  const std::size_t rows = std::min(table_rows, p.content.lesions.rows.size());
  return 17 + (rows == 0 ? 14 : 13 + row_height * static_cast<double>(rows));
}

void draw_table(Page& p, double y, double width) {
  const LesionTable& table = p.content.lesions;
  p.canvas.text(p.words.largest_lesions, side_margin, y, width, section);
  y += 17;
  if (table.rows.empty()) {
    p.canvas.text(p.words.no_lesions, side_margin, y, width, {.size = 8.5, .colour = colours::ink});
    return;
  }
  draw_row(p, table.head, y, width, {.size = 6.5, .colour = colours::quiet, .most_lines = 1});
  y += 13;
  for (std::size_t i = 0; i < std::min(table_rows, table.rows.size()); ++i) {
    p.canvas.line(side_margin, y - 1.5, side_margin + width, y - 1.5, colours::hairline, 0.5);
    draw_row(p, table.rows[i], y, width, {.size = 8, .colour = colours::ink, .most_lines = 1});
    y += row_height;
  }
}

/// Warnings that fit, each on at most two lines, and how many more there are.
std::vector<std::string> shown_warnings(const Page& p) {
  constexpr std::size_t most = 3;
  std::vector<std::string> shown = p.content.warnings;
  if (shown.size() <= most) return shown;
  shown.resize(most - 1);
  shown.push_back(filled(
      p.words.more_warnings,
      {std::to_string(p.content.warnings.size() - most + 1), p.report.stem + "_report.txt"}));
  return shown;
}

/// Draws when `draw`, and returns the height in either case.
double about(Page& p, double x, double y, double width, bool draw) {
  const double top = y, label_width = 0.33 * width;
  const TextStyle label{.size = 7.5, .colour = colours::quiet, .most_lines = 1};
  const TextStyle text{.size = 7.5, .colour = colours::ink, .most_lines = 2};
  if (draw) p.canvas.text(p.words.about, x, y, width, section);
  y += 17;
  const auto row = [&](const std::string& name, const std::string& said) {
    const double room = width - label_width;
    if (draw) p.canvas.text(name, x, y, label_width - 4, label);
    if (draw) p.canvas.text(said, x + label_width, y, room, text);
    y += p.canvas.measure(said, room, text).height + 1;
  };
  for (const Row& r : p.content.about) row(r.label, r.value);
  const std::vector<std::string> warnings = shown_warnings(p);
  if (warnings.empty()) row(p.words.warnings, p.words.none);
  for (std::size_t i = 0; i < warnings.size(); ++i) {
    row(i == 0 ? p.words.warnings : "", warnings[i]);
  }
  return y - top;
}

/// Table and method side by side, standing on `bottom`; returns their top.
double draw_details(Page& p, double bottom) {
  const double left = 0.58 * p.inner();
  const double x = side_margin + left + column_gap, width = p.inner() - left - column_gap;
  const double top = bottom - 10 - std::max(table_height(p), about(p, x, 0, width, false));
  draw_table(p, top, left);
  about(p, x, top, width, true);
  return top;
}

/// Of a few arrangements the one whose tiles cover most of the box.
struct Arrangement {
  int columns = 4, rows = 2;
};
Arrangement arrangement(const Box& box, double tile_height_by_width, double text_size) {
  constexpr std::array<Arrangement, 5> choices{{{4, 2}, {5, 2}, {6, 2}, {4, 3}, {8, 1}}};
  Arrangement best;
  double most = 0;
  for (const Arrangement& a : choices) {
    const double width = std::max(0.0, box.width / a.columns - text_size);
    const double height = std::max(0.0, box.height / a.rows - 2.3 * text_size);
    const double tile_width = std::min(width, height / tile_height_by_width);
    const double covered = a.columns * a.rows * tile_width * tile_width;
    if (covered > most) {
      most = covered;
      best = a;
    }
  }
  return best;
}

void draw_slices(Page& p, const OverlayInput& shown, double top, double bottom) {
  constexpr double text_size = 6.5;
  const TextStyle note{.size = 7, .colour = colours::quiet, .most_lines = 1};
  const Box box{side_margin, top, p.inner(), bottom - top - 22};
  const Arrangement a = arrangement(box, tile_height_by_width(shown), text_size);
  const Tiles tiles = draw_tiles(shown, a.columns * a.rows, tile_pixels);
  lay_out(p.canvas, tiles, box, a.columns, text_size, p.words);
  const bool sagittal = tiles.display.plane == Plane::sagittal;
  const double y = bottom - 18;
  p.canvas.text(sagittal ? p.words.sagittal_convention : p.words.radiological_convention,
                side_margin, y, 0.7 * p.inner(), note);
  TextStyle right = note;
  right.align = Align::right;
  const double named = p.canvas.measure(p.words.legend_lesion, p.inner(), note).width;
  p.canvas.text(p.words.legend_lesion, side_margin, y, p.inner(), right);
  p.canvas.frame({p.right() - named - 10.5, y + 2, 6.5, 6.5}, colours::lesion, 1.2, 1.5);
}

}  // namespace

void write_pdf(const CaseReport& report, const Content& content, const OverlayInput& shown,
               const std::filesystem::path& file) {
  const Words& words = *report.words;
  const bool a4 = report.paper == Paper::a4;
  const double width = a4 ? 595.276 : 612, height = a4 ? 841.89 : 792;
  Page page{Canvas::for_page(file, width, height,
                             {words.title + " – " + report.stem, words.disclaimer,
                              "dawson " + report.program_version, report.date}),
            report,
            content,
            words,
            width,
            height};
  double top = draw_title(page);
  top = draw_patient(page, top);
  top = draw_cards(page, top);
  top = draw_scale(page, top);
  const double bottom = draw_details(page, draw_notes(page, draw_footer(page)));
  draw_slices(page, shown, top, bottom);
  page.canvas.finish_page();
  finish_pdf(file, words.language, !report.date.empty());
}

}  // namespace dawson::report
