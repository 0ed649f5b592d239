#include "dawson/report/canvas.h"

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <pango/pangocairo.h>

#include <cmath>
#include <numbers>

#include "dawson/core/error.h"
#include "dawson/report/cairo_surface.h"
#include "dawson/report/markup.h"

namespace dawson::report {
namespace {

// Noto covers most scripts; what it lacks fontconfig takes from any other font.
constexpr const char* font_family = "Noto Sans, DejaVu Sans, sans-serif";

struct LayoutFree {
  void operator()(PangoLayout* layout) const { g_object_unref(layout); }
};
using Layout = std::unique_ptr<PangoLayout, LayoutFree>;

PangoAlignment alignment(Align align, bool right_to_left) {
  if (align == Align::centre) return PANGO_ALIGN_CENTER;
  // Pango's left means "where reading starts"; ours is the left edge.
  return (align == Align::left) != right_to_left ? PANGO_ALIGN_LEFT : PANGO_ALIGN_RIGHT;
}

Layout make_layout(cairo_t* cairo, const std::string& text, double width, const TextStyle& style) {
  Layout layout(pango_cairo_create_layout(cairo));
  const int length = static_cast<int>(text.size());
  // Glyphs stand where the font wants them, not on whole units: a point is coarse on a page.
  pango_context_set_round_glyph_positions(pango_layout_get_context(layout.get()), FALSE);
  PangoFontDescription* font = pango_font_description_from_string(font_family);
  pango_font_description_set_absolute_size(font, style.size * PANGO_SCALE);
  pango_font_description_set_weight(font, style.bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
  pango_layout_set_font_description(layout.get(), font);
  pango_font_description_free(font);
  pango_layout_set_text(layout.get(), text.c_str(), length);
  const bool right_to_left = pango_layout_get_direction(layout.get(), 0) == PANGO_DIRECTION_RTL;
  pango_layout_set_width(layout.get(), static_cast<int>(std::lround(width * PANGO_SCALE)));
  pango_layout_set_wrap(layout.get(), PANGO_WRAP_WORD_CHAR);
  pango_layout_set_alignment(layout.get(), alignment(style.align, right_to_left));
  pango_layout_set_line_spacing(layout.get(), static_cast<float>(style.line_spacing));
  if (style.most_lines > 0) {
    pango_layout_set_height(layout.get(), -style.most_lines);
    pango_layout_set_ellipsize(layout.get(), PANGO_ELLIPSIZE_END);
  }
  return layout;
}

TextSize size_of(PangoLayout* layout) {
  PangoRectangle logical;
  pango_layout_get_extents(layout, nullptr, &logical);
  return {static_cast<double>(logical.width) / PANGO_SCALE,
          static_cast<double>(logical.height) / PANGO_SCALE};
}

void set_colour(cairo_t* cairo, const Colour& c) {
  cairo_set_source_rgba(cairo, c.red, c.green, c.blue, c.opacity);
}

void outline(cairo_t* cairo, const Box& box, double radius) {
  if (radius <= 0) {
    cairo_rectangle(cairo, box.x, box.y, box.width, box.height);
    return;
  }
  const double quarter = std::numbers::pi / 2;
  const double right = box.x + box.width - radius;
  const double bottom = box.y + box.height - radius;
  cairo_new_sub_path(cairo);
  cairo_arc(cairo, right, box.y + radius, radius, -quarter, 0);
  cairo_arc(cairo, right, bottom, radius, 0, quarter);
  cairo_arc(cairo, box.x + radius, bottom, radius, quarter, 2 * quarter);
  cairo_arc(cairo, box.x + radius, box.y + radius, radius, 2 * quarter, 3 * quarter);
  cairo_close_path(cairo);
}

void trace(cairo_t* cairo, std::span<const Point> points) {
  cairo_new_path(cairo);
  for (const Point& point : points) cairo_line_to(cairo, point.x, point.y);
}

cairo_status_t append_bytes(void* text, const unsigned char* bytes, unsigned int count) {
  static_cast<std::string*>(text)->append(reinterpret_cast<const char*>(bytes), count);
  return CAIRO_STATUS_SUCCESS;
}

/// Cairo numbers the surfaces of a process; without that number equal drawings are equal files.
void remove_surface_number(std::string& svg) {
  const std::string mark = " id=\"surface";
  const std::size_t begin = svg.find(mark);
  if (begin == std::string::npos) return;
  const std::size_t end = svg.find('"', begin + mark.size());
  svg.erase(begin, end + 1 - begin);
}

/// What a page stores in place of the pixels, which Cairo would deflate slowly.
void attach_jpeg(cairo_surface_t* pixels, const Picture& picture) {
  auto bytes = std::make_unique<std::string>(encode_jpeg(picture));
  const auto* first = reinterpret_cast<const unsigned char*>(bytes->data());
  const auto forget = [](void* kept) { delete static_cast<std::string*>(kept); };
  const cairo_status_t status = cairo_surface_set_mime_data(pixels, CAIRO_MIME_TYPE_JPEG, first,
                                                            bytes->size(), forget, bytes.get());
  if (status != CAIRO_STATUS_SUCCESS) throw std::bad_alloc();
  static_cast<void>(bytes.release());  // Cairo's from here on
}

/// Cairo's SVG with words for screen readers.
std::string with_facts(std::string svg, const DrawingFacts& facts) {
  remove_surface_number(svg);
  const std::size_t root = svg.find("<svg ") + 5;
  const std::size_t end = svg.find('>', root) + 1;
  return svg.substr(0, root) + "role=\"img\" lang=\"" + escaped(facts.language) + "\" " +
         svg.substr(root, end - root) + "\n<title>" + escaped(facts.title) + "</title>\n<desc>" +
         escaped(facts.description) + "</desc>" + svg.substr(end);
}

}  // namespace

struct Canvas::State {
  std::unique_ptr<std::string> svg;  // before the surface, which writes its last bytes into it
  DrawingFacts facts;
  Surface surface;
  cairo_t* cairo = nullptr;
  std::filesystem::path file;

  explicit State(Surface s) : surface(std::move(s)), cairo(cairo_create(surface.get())) {}
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() { cairo_destroy(cairo); }
};

Canvas::Canvas(std::unique_ptr<State> state) : state_(std::move(state)) {}
Canvas::Canvas(Canvas&&) noexcept = default;
Canvas::~Canvas() = default;

Canvas Canvas::for_picture(int width, int height, const Colour& background, double scale) {
  const auto pixels = [scale](int units) { return static_cast<int>(std::lround(units * scale)); };
  auto state = std::make_unique<State>(
      Surface(cairo_image_surface_create(CAIRO_FORMAT_RGB24, pixels(width), pixels(height))));
  set_colour(state->cairo, background);
  cairo_paint(state->cairo);
  cairo_scale(state->cairo, scale, scale);
  return Canvas(std::move(state));
}

Canvas Canvas::for_svg(double width, double height, const DrawingFacts& facts) {
  auto svg = std::make_unique<std::string>();
  Surface surface(cairo_svg_surface_create_for_stream(append_bytes, svg.get(), width, height));
  cairo_svg_surface_set_document_unit(surface.get(), CAIRO_SVG_UNIT_PX);
  auto state = std::make_unique<State>(std::move(surface));
  state->svg = std::move(svg);
  state->facts = facts;
  return Canvas(std::move(state));
}

Canvas Canvas::for_page(const std::filesystem::path& file, double width, double height,
                        const PageFacts& facts) {
  Surface surface(cairo_pdf_surface_create(file.c_str(), width, height));
  if (cairo_surface_status(surface.get()) != CAIRO_STATUS_SUCCESS) {
    throw Error(ExitCode::output, "the page cannot be written", file.string());
  }
  const auto say = [&](cairo_pdf_metadata_t key, const std::string& value) {
    if (!value.empty()) cairo_pdf_surface_set_metadata(surface.get(), key, value.c_str());
  };
  say(CAIRO_PDF_METADATA_TITLE, facts.title);
  say(CAIRO_PDF_METADATA_SUBJECT, facts.subject);
  say(CAIRO_PDF_METADATA_CREATOR, facts.creator);
  say(CAIRO_PDF_METADATA_CREATE_DATE, facts.date);
  auto state = std::make_unique<State>(std::move(surface));
  state->file = file;
  return Canvas(std::move(state));
}

void Canvas::fill(const Box& box, const Colour& colour, double corner_radius) {
  outline(state_->cairo, box, corner_radius);
  set_colour(state_->cairo, colour);
  cairo_fill(state_->cairo);
}

void Canvas::frame(const Box& box, const Colour& colour, double line_width, double corner_radius) {
  outline(state_->cairo, box, corner_radius);
  set_colour(state_->cairo, colour);
  cairo_set_line_width(state_->cairo, line_width);
  cairo_stroke(state_->cairo);
}

void Canvas::line(double x0, double y0, double x1, double y1, const Colour& colour,
                  double line_width) {
  cairo_move_to(state_->cairo, x0, y0);
  cairo_line_to(state_->cairo, x1, y1);
  set_colour(state_->cairo, colour);
  cairo_set_line_width(state_->cairo, line_width);
  cairo_stroke(state_->cairo);
}

void Canvas::polyline(std::span<const Point> points, const Colour& colour, double line_width,
                      std::span<const double> dash) {
  cairo_t* cairo = state_->cairo;
  cairo_save(cairo);
  trace(cairo, points);
  set_colour(cairo, colour);
  cairo_set_line_width(cairo, line_width);
  cairo_set_line_join(cairo, CAIRO_LINE_JOIN_ROUND);
  cairo_set_dash(cairo, dash.data(), static_cast<int>(dash.size()), 0);
  cairo_stroke(cairo);
  cairo_restore(cairo);
}

void Canvas::polygon(std::span<const Point> points, const Colour& colour) {
  trace(state_->cairo, points);
  cairo_close_path(state_->cairo);
  set_colour(state_->cairo, colour);
  cairo_fill(state_->cairo);
}

void Canvas::disc(double x, double y, double radius, const Colour& colour) {
  cairo_new_path(state_->cairo);
  cairo_arc(state_->cairo, x, y, radius, 0, 2 * std::numbers::pi);
  set_colour(state_->cairo, colour);
  cairo_fill(state_->cairo);
}

void Canvas::ring(double x, double y, double radius, const Colour& colour, double line_width) {
  cairo_new_path(state_->cairo);
  cairo_arc(state_->cairo, x, y, radius, 0, 2 * std::numbers::pi);
  cairo_close_path(state_->cairo);
  set_colour(state_->cairo, colour);
  cairo_set_line_width(state_->cairo, line_width);
  cairo_stroke(state_->cairo);
}

void Canvas::within(const Box& box, const std::function<void()>& draw) {
  cairo_save(state_->cairo);
  cairo_rectangle(state_->cairo, box.x, box.y, box.width, box.height);
  cairo_clip(state_->cairo);
  draw();
  cairo_restore(state_->cairo);
}

void Canvas::triangle_down(double x, double y, double size, const Colour& colour) {
  cairo_move_to(state_->cairo, x, y);
  cairo_line_to(state_->cairo, x - size / 2, y - size * 0.8);
  cairo_line_to(state_->cairo, x + size / 2, y - size * 0.8);
  cairo_close_path(state_->cairo);
  set_colour(state_->cairo, colour);
  cairo_fill(state_->cairo);
}

void Canvas::draw(const Picture& picture, const Box& box, double corner_radius) {
  if (picture.width == 0 || picture.height == 0) return;
  cairo_t* cairo = state_->cairo;
  const Surface pixels = surface_of(picture);
  if (cairo_surface_get_type(state_->surface.get()) == CAIRO_SURFACE_TYPE_PDF) {
    attach_jpeg(pixels.get(), picture);
  }
  cairo_save(cairo);
  outline(cairo, box, corner_radius);
  cairo_clip(cairo);
  cairo_translate(cairo, box.x, box.y);
  cairo_scale(cairo, box.width / picture.width, box.height / picture.height);
  cairo_set_source_surface(cairo, pixels.get(), 0, 0);
  cairo_paint(cairo);
  cairo_restore(cairo);
}

double Canvas::text(const std::string& text, double x, double y, double width,
                    const TextStyle& style) {
  const Layout layout = make_layout(state_->cairo, text, width, style);
  cairo_move_to(state_->cairo, x, y);
  set_colour(state_->cairo, style.colour);
  pango_cairo_show_layout(state_->cairo, layout.get());
  return size_of(layout.get()).height;
}

double Canvas::text_upwards(const std::string& text, double x, double y, double length,
                            const TextStyle& style) {
  cairo_t* cairo = state_->cairo;
  cairo_save(cairo);
  cairo_translate(cairo, x, y);
  cairo_rotate(cairo, -std::numbers::pi / 2);
  const double width = this->text(text, 0, 0, length, style);
  cairo_restore(cairo);
  return width;
}

TextSize Canvas::measure(const std::string& text, double width, const TextStyle& style) const {
  return size_of(make_layout(state_->cairo, text, width, style).get());
}

void Canvas::next_page() {
  cairo_show_page(state_->cairo);
}

Picture Canvas::finish_picture() {
  return picture_of(state_->surface.get());
}

std::string Canvas::finish_svg() {
  cairo_show_page(state_->cairo);
  cairo_surface_finish(state_->surface.get());
  return with_facts(*state_->svg, state_->facts);
}

void Canvas::finish_page() {
  cairo_show_page(state_->cairo);
  cairo_surface_finish(state_->surface.get());
  if (cairo_surface_status(state_->surface.get()) != CAIRO_STATUS_SUCCESS ||
      cairo_status(state_->cairo) != CAIRO_STATUS_SUCCESS) {
    throw Error(ExitCode::output, "the page cannot be written whole", state_->file.string());
  }
}

}  // namespace dawson::report
