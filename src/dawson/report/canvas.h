// A surface to draw shapes, pictures and text on: a picture or a page. Private to this room.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

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

struct Point {
  double x = 0, y = 0;
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

/// What a drawing says to those who cannot see it.
struct DrawingFacts {
  std::string title, description;
  std::string language;  ///< BCP 47: "en"
};

/// Draws in the order of the calls. Text is UTF-8 in any script; a right-to-left text starts at the
/// left edge of its box when aligned left, as its neighbours do.
class Canvas {
 public:
  /// `scale` pixels for each unit of `width` and `height`: 2 for a picture as sharp as print needs.
  static Canvas for_picture(int width, int height, const Colour& background, double scale = 1);
  /// A vector drawing; units are CSS pixels. Text becomes outlines, so that it looks the same
  /// everywhere: `facts` are what a screen reader reads.
  static Canvas for_svg(double width, double height, const DrawingFacts& facts);
  /// Pages of one size, the first of them begun; the file is written by `finish_page`.
  /// Throws Error{output}.
  static Canvas for_page(const std::filesystem::path& file, double width, double height,
                         const PageFacts& facts);
  ~Canvas();
  Canvas(Canvas&&) noexcept;
  Canvas(const Canvas&) = delete;
  Canvas& operator=(const Canvas&) = delete;

  void fill(const Box& box, const Colour& colour, double corner_radius = 0);
  void frame(const Box& box, const Colour& colour, double line_width, double corner_radius = 0);
  void line(double x0, double y0, double x1, double y1, const Colour& colour, double line_width);
  /// Joins the points in their order; `dash` are lengths of line and gap in turn, empty: solid.
  void polyline(std::span<const Point> points, const Colour& colour, double line_width,
                std::span<const double> dash = {});
  /// Fills the area within the points.
  void polygon(std::span<const Point> points, const Colour& colour);
  void disc(double x, double y, double radius, const Colour& colour);
  void ring(double x, double y, double radius, const Colour& colour, double line_width);
  /// What `draw` draws shows within `box` alone.
  void within(const Box& box, const std::function<void()>& draw);
  void triangle_down(double x, double y, double size, const Colour& colour);
  void draw(const Picture& picture, const Box& box, double corner_radius = 0);
  /// Draws within `width` from (x, y) on, the top left; returns the height it took.
  double text(const std::string& text, double x, double y, double width, const TextStyle& style);
  /// The same turned to read upwards, from (x, y), the bottom left of its column, along `length`;
  /// returns the width it took.
  double text_upwards(const std::string& text, double x, double y, double length,
                      const TextStyle& style);
  [[nodiscard]] TextSize measure(const std::string& text, double width,
                                 const TextStyle& style) const;

  /// Ends the page and begins another of the same size.
  void next_page();
  [[nodiscard]] Picture finish_picture();
  /// The drawing's file. The same calls give the same bytes.
  [[nodiscard]] std::string finish_svg();
  /// Throws Error{output} when the file could not be written whole.
  void finish_page();

 private:
  struct State;
  explicit Canvas(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace dawson::report
