// The report's one page, drawn in two halves that meet at the slices. Private to this room.
#pragma once

#include "dawson/report/canvas.h"
#include "dawson/report/colours.h"
#include "dawson/report/content.h"

namespace dawson::report {

namespace page {

inline constexpr double side_margin = 46;  // points of 1/72 inch

inline const TextStyle small_label{.size = 7, .colour = colours::quiet, .most_lines = 1};
inline const TextStyle fine{.size = 7, .colour = colours::quiet};

}  // namespace page

struct Page {
  Canvas canvas;
  const CaseReport& report;
  const Content& content;
  const Words& words;
  double width = 0, height = 0;
  [[nodiscard]] double inner() const { return width - 2 * page::side_margin; }
  [[nodiscard]] double right() const { return width - page::side_margin; }
};

/// Title, patient, figures and severity scale; returns where they end.
double draw_upper_half(Page& p);
/// Table, method, notes and footer, standing on the page's foot; returns where they begin.
double draw_lower_half(Page& p);

}  // namespace dawson::report
