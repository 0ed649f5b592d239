#include <algorithm>
#include <array>

#include "dawson/report/pdf_page.h"

namespace dawson::report {
namespace {

using page::fine;
using page::section;
using page::side_margin;

constexpr double column_gap = 20;
constexpr std::size_t table_rows = 5;

/// The sentence of the original and what must be known of the figures, standing on `bottom`;
/// returns their top.
double draw_notes(Page& p, double bottom) {
  const TextStyle follow{.size = 9.5, .colour = colours::ink, .bold = true, .most_lines = 2};
  const double notes_height = p.canvas.measure(p.words.front_note, p.inner(), fine).height;
  const double follow_height = p.canvas.measure(p.words.follow_up, p.inner() - 24, follow).height;
  const double top = bottom - 6 - notes_height - 8 - follow_height - 12;
  p.canvas.fill({side_margin, top, p.inner(), follow_height + 12}, colours::accent_wash, 4);
  p.canvas.fill({side_margin, top, 4, follow_height + 12}, colours::accent);
  p.canvas.text(p.words.follow_up, side_margin + 14, top + 6, p.inner() - 24, follow);
  p.canvas.text(p.words.front_note, side_margin, top + follow_height + 20, p.inner(), fine);
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

/// Warnings that fit, a line each, and how many more there are.
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

/// A strip of the page's width standing on `bottom`; returns its top. Nothing without warnings.
double draw_warnings(Page& p, double bottom) {
  const std::vector<std::string> warnings = shown_warnings(p);
  if (warnings.empty()) return bottom;
  constexpr double line = 12, pad = 6, label_width = 62;
  const TextStyle label{.size = 8, .colour = colours::ink, .bold = true, .most_lines = 1};
  const TextStyle text{.size = 8, .colour = colours::ink, .most_lines = 1};
  const double height = line * static_cast<double>(warnings.size()) + 2 * pad;
  const double top = bottom - height - 8;
  p.canvas.fill({side_margin, top, p.inner(), height}, colours::caution_wash, 4);
  p.canvas.fill({side_margin, top, 4, height}, colours::lesion);
  p.canvas.text(p.words.warnings, side_margin + 14, top + pad, label_width, label);
  for (std::size_t i = 0; i < warnings.size(); ++i) {
    p.canvas.text(warnings[i], side_margin + 14 + label_width,
                  top + pad + line * static_cast<double>(i), p.inner() - label_width - 24, text);
  }
  return top;
}

/// Draws when `draw`, and returns the height in either case.
double quality(Page& p, double x, double y, double width, bool draw) {
  const double top = y, label_width = 0.27 * width;
  const TextStyle label{.size = 7.5, .colour = colours::quiet, .most_lines = 1};
  const TextStyle text{.size = 7.5, .colour = colours::ink, .most_lines = 3};
  if (draw) p.canvas.text(p.words.quality, x, y, width, section);
  y += 17;
  const auto row = [&](const std::string& name, const std::string& said) {
    const double room = width - label_width;
    if (draw) p.canvas.text(name, x, y, label_width - 4, label);
    if (draw) p.canvas.text(said, x + label_width, y, room, text);
    y += p.canvas.measure(said, room, text).height + 1.5;
  };
  for (const Row& r : p.content.quality) row(r.label, r.value);
  if (p.content.warnings.empty()) row(p.words.warnings, p.words.none);
  return y - top;
}

/// Table and quality side by side, standing on `bottom`; returns their top.
double draw_details(Page& p, double bottom) {
  const double left = 0.54 * p.inner();
  const double x = side_margin + left + column_gap, width = p.inner() - left - column_gap;
  const double top = bottom - 10 - std::max(table_height(p), quality(p, x, 0, width, false));
  draw_table(p, top, left);
  quality(p, x, top, width, true);
  return top;
}

}  // namespace

double draw_footer(Page& p) {
  const double y = p.height - 34;
  p.canvas.line(side_margin, y - 6, p.right(), y - 6, colours::hairline, 0.6);
  TextStyle style = fine;
  style.most_lines = 1;
  const Patient& patient = p.report.patient;
  const std::string whose = patient.participant.value_or(patient.name.value_or(p.report.stem));
  const double unit = p.inner() / 100;
  p.canvas.text(whose.empty() ? p.report.stem : whose, side_margin, y, 27 * unit, style);
  p.canvas.text(p.words.report_id + " " + p.content.id, side_margin + 28 * unit, y, 22 * unit,
                style);
  p.canvas.text(p.words.disclaimer, side_margin + 50 * unit, y, 35 * unit, style);
  style.align = Align::right;
  p.canvas.text(filled(p.words.page, {std::to_string(p.number), std::to_string(p.count)}),
                p.right() - 15 * unit, y, 15 * unit, style);
  return y - 6;
}

double draw_lower_half(Page& p) {
  return draw_details(p, draw_warnings(p, draw_notes(p, draw_footer(p))));
}

}  // namespace dawson::report
