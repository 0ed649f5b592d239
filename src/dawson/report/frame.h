// What surrounds a picture's body: title, legend, notes. Private to this room.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "dawson/report/canvas.h"
#include "dawson/report/words.h"

namespace dawson::report {

/// How an entry's swatch looks: as what it stands for is marked.
enum class Swatch { outlined, dashed, rising, falling, line, thick_line };

struct LegendEntry {
  Swatch swatch = Swatch::outlined;
  Colour colour{};
  std::string name;
  char sign = ' ';  ///< '+' a false one's cross, 'v' a missed one's pointer, ' ' none
};

struct Frame {
  std::string title;
  std::string summary;  ///< below the title, or empty
  std::vector<LegendEntry> legend;
  std::vector<std::string> notes;  ///< each begins a line at the foot
};

/// Text of this size is read in print (170 mm wide) and, just, on a phone (375 pixels wide).
double picture_text_size(int width) noexcept;

/// A picture `width` wide: title, summary and legend, the body, then the notes and the words that
/// this is research software. `draw_body` draws into its box of `body_height`.
Picture framed(const Frame& frame, const Words& words, int width, double body_height,
               const std::function<void(Canvas&, const Box&)>& draw_body);

/// The sign of a missed ('v') or false ('+') lesion, `size` high, its lower end at (x, y).
void draw_sign(Canvas& canvas, char sign, double x, double y, double size, const Colour& colour);

}  // namespace dawson::report
