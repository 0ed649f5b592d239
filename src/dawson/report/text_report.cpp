// The report as plain text of eighty columns or so.
#include <algorithm>

#include "dawson/report/content.h"

namespace dawson::report {
namespace {

constexpr std::size_t most_columns = 78;

/// Code points: what a terminal counts as columns for the scripts of our own words.
std::size_t columns_of(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) >> 6) != 2; }));
}

std::string padded(const std::string& text, std::size_t width) {
  const std::size_t columns = columns_of(text);
  return text + std::string(columns < width ? width - columns : 0, ' ');
}

void add_heading(std::string& out, const std::string& text) {
  out += "\n" + text + "\n" + std::string(columns_of(text), '-') + "\n";
}

/// Breaks at spaces so that lines have at most 78 columns.
void add_paragraph(std::string& out, const std::string& mark, const std::string& text) {
  std::string line = mark;
  const std::string indent(columns_of(mark), ' ');
  std::size_t begin = 0;
  while (begin <= text.size()) {
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    const std::string word = text.substr(begin, end - begin);
    if (columns_of(line) + columns_of(word) > most_columns && line != indent) {
      out += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
      line = indent;
    }
    line += word + " ";
    begin = end + 1;
  }
  out += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
}

void add_rows(std::string& out, const std::vector<Row>& rows) {
  std::size_t width = 0;
  for (const Row& row : rows) width = std::max(width, columns_of(row.label));
  for (const Row& row : rows) {
    const bool one_word = row.value.find(' ') == std::string::npos;
    if (one_word && width + 2 + columns_of(row.value) > most_columns) {
      // A hash: whole on a line of its own.
      out += row.label + "\n    " + row.value + "\n";
    } else {
      add_paragraph(out, padded(row.label, width + 2), row.value);
    }
  }
}

void add_table(std::string& out, const LesionTable& table) {
  std::vector<std::size_t> widths;
  for (const std::string& cell : table.head) widths.push_back(columns_of(cell));
  for (const auto& row : table.rows) {
    for (std::size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], columns_of(row[i]));
  }
  const auto add = [&](const std::vector<std::string>& row) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) line += padded(row[i], widths[i] + 2);
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + "\n";
  };
  add(table.head);
  for (const auto& row : table.rows) add(row);
}

/// The columns that eighty columns have room for; the table beside the report has them all.
LesionTable narrow(const LesionTable& table) {
  const auto some = [](const std::vector<std::string>& row) {
    return std::vector<std::string>{row[0], row[1], row[3], row[4], row[5], row[7]};
  };
  LesionTable out{some(table.head), {}};
  for (const auto& row : table.rows) out.rows.push_back(some(row));
  return out;
}

}  // namespace

std::string report_text(const CaseReport& r, const Content& c) {
  const Words& w = *r.words;
  const auto add_list = [](std::string& out, const std::vector<std::string>& texts) {
    for (const std::string& text : texts) add_paragraph(out, "- ", text);
  };
  std::string out = w.title + "  " + r.stem + "\n" + w.subtitle + "\n" + w.disclaimer + "\n" +
                    w.report_id + " " + c.id + "\n\n";
  add_rows(out, c.patient);
  out += "\n";
  add_rows(out, c.findings);
  out += "\n";
  add_paragraph(out, "", c.uncertainty);
  out += "\n" + w.follow_up + "\n";
  add_heading(out, w.warnings);
  if (c.warnings.empty()) out += w.none + "\n";
  add_list(out, c.warnings);
  if (!c.cohort_rows.empty()) {
    add_heading(out, w.cohort);
    add_rows(out, c.cohort_rows);
    add_list(out, c.cohort_notes);
  }
  add_heading(out, w.quality);
  add_rows(out, c.quality);
  add_heading(out, w.sizes_title);
  add_table(out, c.sizes);
  add_heading(out, w.all_lesions);
  if (c.lesions.rows.empty()) {
    out += w.no_lesions + "\n";
  } else {
    add_table(out, narrow(c.lesions));
  }
  add_heading(out, w.about);
  add_rows(out, c.about);
  add_heading(out, w.notes);
  add_list(out, c.notes);
  add_heading(out, w.limits_title);
  add_list(out, c.limits);
  add_heading(out, w.run);
  add_rows(out, c.run);
  return out;
}

}  // namespace dawson::report
