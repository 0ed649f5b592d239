// A surface to draw shapes, pictures and text on: a picture or a page. Private to this room.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "dawson/report/picture.h"

namespace dawson::report {

/// Shares of red, green, blue and opacity, 0 to 1.
struct Colour {
  double red = 0, green = 0, blue = 0, opacity = 1;
};

/// Left, top, width and height, in pixels (pictures) or points of 1/72 inch (pages).
struct Box {
  double x = 0, y = 0, width = 0, height = 0;
};

enum class Align { left, centre, right };

struct TextStyle {
  double size = 10;  ///< of the font, in the canvas's unit
  Colour colour{};
  bool bold = false;
  Align align = Align::left;
  int most_lines = 0;       ///< then an ellipsis; 0: as many as it takes
  double line_spacing = 1;  ///< of the font's own line height
};

struct TextSize {
  double width = 0, height = 0;
};

/// What a page's file says of itself.
struct PageFacts {
  std::string title, subject, creator;
  std::string date;  ///< ISO 8601, or empty: the file then says none but the time of writing
};

/// Draws in the order of the calls. Text is UTF-8 in any script; a right-to-left text starts at the
/// left edge of its box when aligned left, as its neighbours do.
class Canvas {
 public:
  static Canvas for_picture(int width, int height, const Colour& background);
  /// One page; the file is written by `finish_page`. Throws Error{output}.
  static Canvas for_page(const std::filesystem::path& file, double width, double height,
                         const PageFacts& facts);
  ~Canvas();
  Canvas(Canvas&&) noexcept;
  Canvas(const Canvas&) = delete;
  Canvas& operator=(const Canvas&) = delete;

  void fill(const Box& box, const Colour& colour, double corner_radius = 0);
  void frame(const Box& box, const Colour& colour, double line_width, double corner_radius = 0);
  void line(double x0, double y0, double x1, double y1, const Colour& colour, double line_width);
  void triangle_down(double x, double y, double size, const Colour& colour);
  void draw(const Picture& picture, const Box& box, double corner_radius = 0);
  /// Draws within `width` from (x, y) on, the top left; returns the height it took.
  double text(const std::string& text, double x, double y, double width, const TextStyle& style);
  [[nodiscard]] TextSize measure(const std::string& text, double width,
                                 const TextStyle& style) const;

  [[nodiscard]] Picture finish_picture();
  /// Throws Error{output} when the file could not be written whole.
  void finish_page();

 private:
  struct State;
  explicit Canvas(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace dawson::report
