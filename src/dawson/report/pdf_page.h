// The report's pages: the first with what is read in a minute, the others with what stands behind
// it. Private to this room.
#pragma once

#include <cstddef>
#include <vector>

#include "dawson/report/canvas.h"
#include "dawson/report/colours.h"
#include "dawson/report/content.h"
#include "dawson/report/pdf_flow.h"
#include "dawson/report/zoom.h"

namespace dawson::report {

namespace page {

inline constexpr double side_margin = 46;  // points of 1/72 inch
/// As fine as print shows; more would only enlarge the file.
inline constexpr double pixels_per_inch = 250;
/// Zooms enlarge the voxels; finer pixels show nothing more.
inline constexpr double zoom_pixels_per_inch = 200;
/// Where the pages after the first begin below their top and end above their foot.
inline constexpr double details_top = 52, details_foot = 50;

inline const TextStyle small_label{.size = 7.5, .colour = colours::quiet, .most_lines = 1};
inline const TextStyle fine{.size = 7.5, .colour = colours::quiet};
inline const TextStyle section{
    .size = 9.5, .colour = colours::accent, .bold = true, .most_lines = 1};

}  // namespace page

struct Page {
  Canvas canvas;
  const CaseReport& report;
  const Content& content;
  const Words& words;
  double width = 0, height = 0;
  std::size_t number = 1, count = 1;
  [[nodiscard]] double inner() const { return width - 2 * page::side_margin; }
  [[nodiscard]] double right() const { return width - page::side_margin; }
};

/// Title, patient, figures, severity scale and its uncertainty; returns where they end.
double draw_upper_half(Page& p);
/// Table, quality, warnings, notes and footer, standing on the page's foot; returns where they
/// begin.
double draw_lower_half(Page& p);
/// What every page has at its foot: whose it is, the report's id, that it is research software, the
/// page's number. Returns its top.
double draw_footer(Page& p);
/// The top of the pages after the first, down to page::details_top.
void draw_running_head(Page& p);

/// This case among those of the cohort, each a tick on a logarithmic axis of volume. `box` is at
/// least 34 points high.
void draw_cohort_strip(Canvas& canvas, const Box& box, const ReferenceCohort& cohort,
                       double lesion_ml, const Words& words);

/// The pages after the first. `p` is asked for its width and measures text. The pictures must
/// outlive the blocks.
std::vector<Block> detail_blocks(Page& p, const Picture* confidence,
                                 const std::vector<Zoom>& zooms);
/// Of these: the lesion sizes; the largest lesions in three planes; all lesions.
void add_sizes(Page& p, std::vector<Block>& blocks);
void add_zooms(Page& p, const std::vector<Zoom>& zooms, std::vector<Block>& blocks);
void add_lesion_table(Page& p, std::vector<Block>& blocks);
/// A section's heading, and a paragraph of it.
Block heading(Page& p, const std::string& text);
Block paragraph(Page& p, const std::string& text);

/// Lesions that the page of zooms shows.
inline constexpr int zooms_on_page = 6;
/// A side of a zoom's picture on the page, in points: six lesions fill a page.
double zoom_side(const Page& p);

}  // namespace dawson::report
