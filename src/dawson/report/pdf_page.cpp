// Puts the page together. From the top down: title, patient, figures, severity scale; from the
// bottom up: footer, notes, table and method. The slices take what height is left between.
#include "dawson/report/pdf_page.h"

#include <algorithm>
#include <array>

#include "dawson/report/overlay.h"

namespace dawson::report {
namespace {

// 400 pixels on a tile of 33 mm are about 300 an inch.
constexpr int tile_pixels = 400;

/// Of a few arrangements the one whose tiles cover most of the box.
struct Arrangement {
  int columns = 4, rows = 2;
};
Arrangement arrangement(const Box& box, double proportion, double text_size) {
  constexpr std::array<Arrangement, 5> choices{{{4, 2}, {5, 2}, {6, 2}, {4, 3}, {8, 1}}};
  Arrangement best;
  double most = 0;
  for (const Arrangement& a : choices) {
    const double width = std::max(0.0, box.width / a.columns - text_size);
    const double height = std::max(0.0, box.height / a.rows - 2.3 * text_size);
    const double tile_width = std::min(width, height / proportion);
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
  const Box box{page::side_margin, top, p.inner(), bottom - top - 22};
  const Arrangement a = arrangement(box, tile_height_by_width(shown), text_size);
  const Tiles tiles = draw_tiles(shown, a.columns * a.rows, tile_pixels);
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
  const double top = draw_upper_half(page);
  draw_slices(page, shown, top, draw_lower_half(page));
  page.canvas.finish_page();
  finish_pdf(file, words.language, !report.date.empty());
}

}  // namespace dawson::report