// Puts the page together. From the top down: title, patient, figures, severity scale; from the
// bottom up: footer, notes, table and method. The slices take what height is left between.
#include "dawson/report/pdf_page.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "dawson/report/heat.h"
#include "dawson/report/overlay.h"

namespace dawson::report {
namespace {

/// Of a few arrangements the one whose tiles cover most of the box.
struct Arrangement {
  int columns = 4, rows = 2;
  double tile_width = 0;  ///< points
};
Arrangement arrangement(const Box& box, double proportion, double text_size) {
  constexpr std::array<std::pair<int, int>, 5> choices{{{4, 2}, {5, 2}, {6, 2}, {4, 3}, {8, 1}}};
  Arrangement best;
  double most = 0;
  for (const auto& [columns, rows] : choices) {
    const double width = std::max(0.0, box.width / columns - text_size);
    const double height = std::max(0.0, box.height / rows - 2.3 * text_size);
    const double tile_width = std::min(width, height / proportion);
    const double covered = columns * rows * tile_width * tile_width;
    if (covered > most) {
      most = covered;
      best = {columns, rows, tile_width};
    }
  }
  return best;
}

void draw_slices(Page& p, const OverlayInput& shown, double top, double bottom) {
  constexpr double text_size = 6.5;
  const TextStyle note{.size = 7, .colour = colours::quiet, .most_lines = 1};
  const Box box{page::side_margin, top, p.inner(), bottom - top - 22};
  const Arrangement a = arrangement(box, tile_height_by_width(shown), text_size);
  const int pixels = std::max(64, static_cast<int>(a.tile_width / 72 * page::pixels_per_inch));
  const Tiles tiles = draw_tiles(shown, a.columns * a.rows, pixels);
  lay_out(p.canvas, tiles, box, a.columns, text_size, p.words);
  const bool sagittal = tiles.display.plane == Plane::sagittal;
  const double y = bottom - 18;
  p.canvas.text(sagittal ? p.words.sagittal_convention : p.words.radiological_convention,
                page::side_margin, y, 0.7 * p.inner(), note);
  TextStyle right = note;
  right.align = Align::right;
  const double named = p.canvas.measure(p.words.legend_lesion, p.inner(), note).width;
  p.canvas.text(p.words.legend_lesion, page::side_margin, y, p.inner(), right);
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
  const int pixels = static_cast<int>(zoom_side(page) / 72 * page::zoom_pixels_per_inch);
  const std::vector<Zoom> zooms =
      draw_zooms(shown, report.segmentation->lesions, words, zooms_on_page, pixels);
  std::optional<Picture> confidence;
  if (shown.probabilities != nullptr) {
    const int across = static_cast<int>(page.inner() / 72 * page::zoom_pixels_per_inch);
    confidence = draw_heat(shown, words, across);
  }
  const std::vector<Block> blocks = detail_blocks(page, confidence ? &*confidence : nullptr, zooms);
  const auto pages = paginate(blocks, page::details_top, height - page::details_foot);
  page.count = 1 + pages.size();
  const double top = draw_upper_half(page);
  draw_slices(page, shown, top, draw_lower_half(page));
  for (const std::vector<PlacedBlock>& placed : pages) {
    page.canvas.next_page();
    ++page.number;
    draw_running_head(page);
    for (const PlacedBlock& p : placed) p.block->draw(p.y);
    draw_footer(page);
  }
  page.canvas.finish_page();
  finish_pdf(file, words.language, !report.date.empty());
}

}  // namespace dawson::report
