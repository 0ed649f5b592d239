// The pages after the first, as blocks: what each section says, and how high it is.
#include <algorithm>
#include <array>
#include <cmath>

#include "dawson/report/pdf_page.h"

namespace dawson::report {
namespace {

using page::side_margin;

const TextStyle body{.size = 8, .colour = colours::ink};

void add_gap(std::vector<Block>& blocks, double height) {
  blocks.push_back({height, [](double) {}});
}

/// Label and value beside each other; long values take several lines.
Block field(Page& p, const Row& row) {
  const double label_width = 0.27 * p.inner(), room = p.inner() - label_width;
  TextStyle value = body, label = body;
  value.most_lines = 12;
  label.colour = colours::quiet;
  label.most_lines = 2;
  const double height = std::max(p.canvas.measure(row.value, room, value).height,
                                 p.canvas.measure(row.label, label_width - 8, label).height);
  return {height + 2.5, [&p, row, label_width, room, value, label](double y) {
            p.canvas.text(row.label, side_margin, y, label_width - 8, label);
            p.canvas.text(row.value, side_margin + label_width, y, room, value);
          }};
}

/// One of a list.
Block point(Page& p, const std::string& text) {
  TextStyle style = body;
  style.most_lines = 12;
  const double room = p.inner() - 12;
  return {p.canvas.measure(text, room, style).height + 3, [&p, text, room, style](double y) {
            p.canvas.disc(side_margin + 3, y + 6, 1.4, colours::accent);
            p.canvas.text(text, side_margin + 12, y, room, style);
          }};
}

void add_fields(Page& p, const std::string& title, const std::vector<Row>& rows,
                std::vector<Block>& blocks) {
  if (rows.empty()) return;
  blocks.push_back(heading(p, title));
  for (const Row& row : rows) blocks.push_back(field(p, row));
  add_gap(blocks, 8);
}

void add_points(Page& p, const std::string& title, const std::vector<std::string>& texts,
                std::vector<Block>& blocks) {
  if (texts.empty()) return;
  blocks.push_back(heading(p, title));
  for (const std::string& text : texts) blocks.push_back(point(p, text));
  add_gap(blocks, 8);
}

void add_confidence(Page& p, const Picture& picture, std::vector<Block>& blocks) {
  blocks.push_back(heading(p, p.words.confidence_title));
  blocks.push_back(paragraph(p, p.words.confidence_note));
  blocks.back().keep_with_next = true;
  // As wide as the page, unless the room below the sizes is not high enough.
  double used = 14;
  for (const Block& block : blocks) used += block.height;
  const double most = p.height - page::details_top - page::details_foot - used;
  const double proportion = static_cast<double>(picture.height) / picture.width;
  const double height = std::min(most, p.inner() * proportion);
  blocks.push_back(
      {height + 14, [&p, &picture, height, proportion](double y) {
         const double width = height / proportion;
         p.canvas.draw(picture, {side_margin + (p.inner() - width) / 2, y, width, height}, 6);
       }});
}

void add_cohort_section(Page& p, std::vector<Block>& blocks) {
  if (p.content.cohort.empty()) return;
  blocks.push_back(heading(p, p.words.cohort));
  blocks.push_back({46, [&p](double y) {
                      draw_cohort_strip(p.canvas, {side_margin, y + 2, p.inner(), 34},
                                        *p.report.cohort, p.content.cohort.front().place.value,
                                        p.words);
                    }});
  for (const Row& row : p.content.cohort_rows) blocks.push_back(field(p, row));
  for (const std::string& note : p.content.cohort_notes) blocks.push_back(point(p, note));
  add_gap(blocks, 8);
}

}  // namespace

Block heading(Page& p, const std::string& text) {
  return {20,
          [&p, text](double y) {
            TextStyle style = page::section;
            style.size = 11;
            p.canvas.text(text, side_margin, y, p.inner(), style);
          },
          true};
}

Block paragraph(Page& p, const std::string& text) {
  return {p.canvas.measure(text, p.inner(), body).height + 6,
          [&p, text](double y) { p.canvas.text(text, side_margin, y, p.inner(), body); }};
}

std::vector<Block> detail_blocks(Page& p, const Picture* confidence,
                                 const std::vector<Zoom>& zooms) {
  const Content& c = p.content;
  const Words& w = p.words;
  std::vector<Block> blocks;
  add_sizes(p, blocks);
  if (confidence != nullptr) add_confidence(p, *confidence, blocks);
  add_zooms(p, zooms, blocks);
  add_lesion_table(p, blocks);
  const std::size_t facts = blocks.size();
  add_points(p, w.warnings, c.warnings, blocks);
  add_cohort_section(p, blocks);
  add_fields(p, w.quality, c.quality, blocks);
  add_fields(p, w.about, c.about, blocks);
  add_points(p, w.limits_title, c.limits, blocks);
  std::vector<std::string> notes{c.uncertainty};
  notes.insert(notes.end(), c.notes.begin(), c.notes.end());
  add_points(p, w.notes, notes, blocks);
  add_fields(p, w.run, c.run, blocks);
  blocks[facts].on_new_page = true;
  return blocks;
}

}  // namespace dawson::report
