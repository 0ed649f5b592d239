#include "dawson/report/validation_slices.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "dawson/cache/npy.h"
#include "dawson/core/atomic_file.h"
#include "dawson/core/error.h"
#include "dawson/core/json.h"
#include "dawson/report/canvas.h"
#include "dawson/report/colours.h"
#include "dawson/report/tile.h"
#include "dawson/report/words.h"
#include "dawson/report/words_training.h"

namespace dawson::report {
namespace {

namespace fs = std::filesystem;

constexpr int planes = 3;         // image, probability, target
constexpr int margin_pixels = 4;  // around what is not empty
constexpr int tile_width = 300;   // pixels of the picture
constexpr int pairs_in_a_row = 2;
constexpr double gap = 12, label_height = 26, head_height = 104, text_size = 17;

struct Slices {
  int iteration = 0;
  std::vector<std::string> names;
  volume::Image image, probability, target;  ///< one picture a slice, rows downwards
};

volume::Grid grid_of(int width, int height, int slices) {
  volume::Grid grid;
  grid.size = {width, height, slices};
  return grid;
}

Slices read(const fs::path& run) {
  const fs::path folder = run / "validation";
  const core::Json about = core::read_json(folder / "slices.json");
  try {
    Slices s;
    s.iteration = about.at("iteration");
    s.names = about.at("slices").get<std::vector<std::string>>();
    const int height = about.at("height"), width = about.at("width");
    const auto count = static_cast<int>(s.names.size());
    const auto area = static_cast<std::size_t>(height) * static_cast<std::size_t>(width);
    const std::vector<std::uint8_t> bytes = cache::read_npy(
        folder / "slices.npy", {s.names.size(), planes, static_cast<std::size_t>(height),
                                static_cast<std::size_t>(width)});
    volume::Image* const volumes[planes] = {&s.image, &s.probability, &s.target};
    const float scales[planes] = {1.0F, 1.0F / 255, 1.0F};
    for (int p = 0; p < planes; ++p) {
      *volumes[p] = volume::Image(grid_of(width, height, count));
      for (std::size_t n = 0; n < s.names.size(); ++n) {
        const std::uint8_t* from = bytes.data() + (n * planes + static_cast<std::size_t>(p)) * area;
        std::transform(from, from + area,
                       volumes[p]->data.begin() + static_cast<std::ptrdiff_t>(n * area),
                       [&](std::uint8_t b) { return scales[p] * static_cast<float>(b); });
      }
    }
    return s;
  } catch (const nlohmann::json::exception&) {
    throw Error(ExitCode::input, "is not what dawson train writes",
                (folder / "slices.json").string());
  }
}

/// Rows and columns of a picture from the top left, without turning.
Display upright() {
  return Display{};
}

/// What is not empty in any slice, so that all are shown in one size.
Crop common_crop(const volume::Image& image) {
  const int width = image.grid.size[0], height = image.grid.size[1];
  Crop crop{width, height, -1, -1};
  for (int n = 0; n < image.grid.size[2]; ++n) {
    for (int y = 0; y < height; ++y) {
      for (int x = 0; x < width; ++x) {
        if (image.at(x, y, n) <= 0) continue;
        crop = {std::min(crop.x0, x), std::min(crop.y0, y), std::max(crop.x1, x),
                std::max(crop.y1, y)};
      }
    }
  }
  if (crop.x1 < 0) return {0, 0, width - 1, height - 1};
  return {std::max(0, crop.x0 - margin_pixels), std::max(0, crop.y0 - margin_pixels),
          std::min(width - 1, crop.x1 + margin_pixels),
          std::min(height - 1, crop.y1 + margin_pixels)};
}

/// Black below nearly all that is not empty in this slice, white above.
Window window_of_slice(const volume::Image& image, int n) {
  const auto area =
      static_cast<std::size_t>(image.grid.size[0]) * static_cast<std::size_t>(image.grid.size[1]);
  std::vector<float> values;
  for (std::size_t p = n * area; p < (n + 1) * area; ++p) {
    if (image.data[p] > 0) values.push_back(image.data[p]);
  }
  if (values.empty()) return {0, 255};
  std::sort(values.begin(), values.end());
  const auto at = [&](double share) {
    return static_cast<double>(values[static_cast<std::size_t>(
        std::lround(share * static_cast<double>(values.size() - 1)))]);
  };
  const double black = 0.5 * at(0.01), white = at(0.998);
  return {black, std::max(white, black + 1)};
}

Picture truth_tile(const Slices& s, const View& view) {
  Picture picture = grey_picture(s.image, view, window_of_slice(s.image, view.slice));
  MarkStyle style;
  style.colour = colours::found;
  style.line_width = line_width_for(view.width);
  mark(picture, part_of(s.target, view), style);
  return picture;
}

Picture prediction_tile(const Slices& s, const View& view) {
  Picture picture = grey_picture(s.image, view, window_of_slice(s.image, view.slice));
  const Slice<float> probability = part_of(s.probability, view);
  Slice<float> found = probability;
  for (float& v : found.values) v = v >= 0.5F ? 1.0F : 0.0F;
  MarkStyle style;
  style.colour = colours::lesion;
  style.line_width = line_width_for(view.width);
  style.fill = 0.45;
  style.strength = &probability;
  mark(picture, found, style);
  return picture;
}

void draw_head(Canvas& canvas, double width, int iteration) {
  const TrainingWords& words = english_training();
  TextStyle title{.size = 24, .colour = colours::bright_text, .bold = true, .most_lines = 1};
  TextStyle text{.size = text_size, .colour = colours::light_text, .most_lines = 1};
  canvas.text(words.slices_title, gap, gap, width - 2 * gap, title);
  canvas.text(filled(words.slices_iteration, {std::to_string(iteration)}) + " " +
                  words.orientation + " " + words.confidential,
              gap, 44, width - 2 * gap, text);
  double x = gap;
  for (const auto& [colour, name] :
       {std::pair{colours::found, words.truth}, {colours::lesion, words.prediction}}) {
    canvas.frame({x, 71, 14, 14}, colour, 3);
    text.colour = colours::bright_text;
    canvas.text(name, x + 22, 67, 400, text);
    x += 40 + canvas.measure(name, 400, text).width;
  }
}

Picture draw(const Slices& s) {
  const Crop crop = common_crop(s.image);
  const double proportion =
      static_cast<double>(crop.y1 - crop.y0 + 1) / static_cast<double>(crop.x1 - crop.x0 + 1);
  const int tile_height = std::max(1, static_cast<int>(std::lround(tile_width * proportion)));
  const auto count = static_cast<int>(s.names.size());
  const int columns = std::max(1, std::min(pairs_in_a_row, count));
  const int rows = (count + columns - 1) / columns;
  const double pair_width = 2 * tile_width + 2 + gap;
  // Words need room even where there is one pair alone.
  const double width = gap + pairs_in_a_row * pair_width;
  const double row_height = tile_height + label_height + gap;
  Canvas canvas =
      Canvas::for_picture(static_cast<int>(width),
                          static_cast<int>(head_height + rows * row_height + gap), colours::dark);
  draw_head(canvas, width, s.iteration);
  const TextStyle label{.size = text_size, .colour = colours::light_text, .most_lines = 1};
  for (int n = 0; n < count; ++n) {
    const double x = gap + (n % columns) * pair_width;
    const double y = head_height + (n / columns) * row_height;
    const View view{upright(), n, crop, tile_width, tile_height};
    canvas.draw(truth_tile(s, view), {x, y, tile_width, static_cast<double>(tile_height)});
    canvas.draw(prediction_tile(s, view),
                {x + tile_width + 2, y, tile_width, static_cast<double>(tile_height)});
    canvas.text(s.names[static_cast<std::size_t>(n)], x, y + tile_height + 3, 2 * tile_width,
                label);
  }
  return canvas.finish_picture();
}

}  // namespace

bool has_validation_slices(const fs::path& run) {
  return fs::is_regular_file(run / "validation" / "slices.json");
}

void write_validation_slices(const fs::path& run) {
  core::AtomicFile file(run / "validation.png");
  write_png(file.temporary(), draw(read(run)));
  file.commit();
}

}  // namespace dawson::report
