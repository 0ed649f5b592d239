// The report's pages about single lesions: sizes, zooms, the whole table.
#include <algorithm>
#include <array>

#include "dawson/core/table.h"
#include "dawson/report/histogram.h"
#include "dawson/report/pdf_page.h"

namespace dawson::report {
namespace {

using page::side_margin;

/// More lesions than this nobody reads in print; the table beside the report has them all.
constexpr std::size_t most_table_rows = 500;

struct TableColumn {
  double share;  ///< of the width
  Align align;
};

void draw_cells(Page& p, const std::vector<std::string>& cells,
                const std::vector<TableColumn>& columns, double y, double width,
                const TextStyle& base) {
  double x = side_margin;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    TextStyle style = base;
    style.align = columns[i].align;
    p.canvas.text(cells[i], x, y, columns[i].share * width - 2, style);
    x += columns[i].share * width;
  }
}

Block table_head(Page& p, const std::vector<std::string>& cells,
                 const std::vector<TableColumn>& columns, double width) {
  return {14,
          [&p, cells, columns, width](double y) {
            draw_cells(p, cells, columns, y, width,
                       {.size = 7.5, .colour = colours::quiet, .most_lines = 1});
          },
          true};
}

Block table_row(Page& p, const std::vector<std::string>& cells,
                const std::vector<TableColumn>& columns, double width) {
  return {13, [&p, &cells, columns, width](double y) {
            p.canvas.line(side_margin, y - 1.5, side_margin + width, y - 1.5, colours::hairline,
                          0.5);
            draw_cells(p, cells, columns, y, width,
                       {.size = 8, .colour = colours::ink, .most_lines = 1});
          }};
}

constexpr double zoom_label_share = 0.24, zoom_gap = 6, zoom_column_gap = 24, zoom_caption = 11;

/// Number, volume, extents, centre and probabilities beside a lesion's three planes.
void draw_zoom(Page& p, const Zoom& zoom, double y) {
  const double side = zoom_side(p);
  const auto& rows = p.content.lesions.rows;
  const auto& head = p.content.lesions.head;
  const auto row = static_cast<std::size_t>(zoom.lesion_id - 1);
  double x = p.right() - 3 * side - 2 * zoom_column_gap;
  const double room = x - side_margin - 10, label_width = 0.42 * room;
  p.canvas.text(filled(p.words.zoom_lesion, {std::to_string(zoom.lesion_id)}), side_margin, y, room,
                page::section);
  double line = y + 16;
  TextStyle value = page::fine;
  value.colour = colours::ink;
  value.most_lines = 1;
  for (const std::size_t column : {1UL, 2UL, 3UL, 4UL, 6UL, 7UL}) {
    if (line + 11 > y + side) break;
    p.canvas.text(head[column], side_margin, line, label_width - 4, page::small_label);
    p.canvas.text(rows[row][column], side_margin + label_width, line, room - label_width, value);
    line += 12.5;
  }
  for (const ZoomPlane& plane : zoom.planes) {
    p.canvas.draw(plane.picture, {x, y, side, side}, 3);
    TextStyle style = page::small_label;
    style.size = 7;
    p.canvas.text(caption(plane, p.words), x, y + side + 0.5, side + zoom_column_gap - 4, style);
    x += side + zoom_column_gap;
  }
}

}  // namespace

double zoom_side(const Page& p) {
  const double wide = ((1 - zoom_label_share) * p.inner() - 2 * zoom_column_gap) / 3;
  const double room = p.height - page::details_top - page::details_foot - 20 - 30;
  return std::min(wide, room / zooms_on_page - zoom_caption - zoom_gap);
}

void add_sizes(Page& p, std::vector<Block>& blocks) {
  const Content& c = p.content;
  blocks.push_back(heading(p, p.words.sizes_title));
  if (c.lesions.rows.empty()) {
    blocks.push_back(paragraph(p, p.words.no_lesions));
    return;
  }
  // The table stands beside the picture.
  const double table_width = 0.46 * p.inner();
  blocks.push_back(
      {158, [&p, table_width](double y) {
         static const std::vector<TableColumn> columns{
             {0.3, Align::left}, {0.17, Align::right}, {0.25, Align::right}, {0.3, Align::right}};
         const LesionTable& sizes = p.content.sizes;
         std::vector<std::string> head = sizes.head;
         draw_histogram(p.canvas,
                        {side_margin + table_width + 24, y + 2, p.inner() - table_width - 40, 140},
                        p.report.segmentation->lesions, p.words);
         const Block top = table_head(p, head, columns, table_width);
         top.draw(y + 8);
         double line = y + 8 + top.height;
         for (const auto& row : sizes.rows) {
           const Block cells = table_row(p, row, columns, table_width);
           cells.draw(line);
           line += cells.height + 2;
         }
       }});
}

void add_zooms(Page& p, const std::vector<Zoom>& zooms, std::vector<Block>& blocks) {
  if (zooms.empty()) return;
  blocks.push_back(heading(p, p.words.zooms_title));
  blocks.back().on_new_page = true;
  blocks.push_back(paragraph(
      p, filled(p.words.zooms_note, {core::number(zoom_window_mm, 0), core::number(10, 0)})));
  blocks.back().keep_with_next = true;
  const double height = zoom_side(p) + zoom_caption + zoom_gap;
  for (const Zoom& zoom : zooms) {
    blocks.push_back({height, [&p, &zoom](double y) { draw_zoom(p, zoom, y); }});
  }
}

void add_lesion_table(Page& p, std::vector<Block>& blocks) {
  const LesionTable& table = p.content.lesions;
  if (table.rows.empty()) return;
  static const std::vector<TableColumn> columns{
      {0.06, Align::left},  {0.12, Align::right}, {0.10, Align::right},  {0.21, Align::right},
      {0.22, Align::right}, {0.08, Align::right}, {0.105, Align::right}, {0.105, Align::right}};
  blocks.push_back(heading(p, p.words.all_lesions));
  const Block head = table_head(p, table.head, columns, p.inner());
  blocks.push_back(head);
  const double title = 20;
  const auto again = std::make_shared<const Block>(
      Block{title + head.height, [&p, head](double y) {
              heading(p, filled(p.words.continued, {p.words.all_lesions})).draw(y);
              head.draw(y + 20);
            }});
  const std::size_t shown = std::min(most_table_rows, table.rows.size());
  for (std::size_t i = 0; i < shown; ++i) {
    blocks.push_back(table_row(p, table.rows[i], columns, p.inner()));
    if (i > 0) blocks.back().repeated_head = again;
  }
  if (shown < table.rows.size()) {
    blocks.push_back(paragraph(
        p, filled(p.words.more_lesions,
                  {std::to_string(table.rows.size() - shown), p.report.stem + "_lesions.tsv"})));
  }
  blocks.push_back({14, [](double) {}});
}

}  // namespace dawson::report
