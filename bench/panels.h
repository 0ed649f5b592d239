// Pictures side by side, in grey, with what is to be seen in them in colour.
#pragma once

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <string>
#include <vector>

#include "dawson/core/error.h"
#include "dawson/training/augmentation.h"

namespace dawson::bench {

/// A place in a panel, in its pixels.
struct Dot {
  double x = 0, y = 0;
};

class Panels {
 public:
  explicit Panels(int side) : side_(side) {}
  /// A channel of the patch and the edge of its target.
  void add(const training::Patch& patch, int64_t channel) {
    add(patch.image[channel], patch.target, {});
  }
  /// `picture` [side, side] with values −6 to 5 from black to white; the edge of `target`
  /// [1, side, side] in red, the dots in yellow.
  void add(const at::Tensor& picture, const at::Tensor& target, std::vector<Dot> dots) {
    const at::Tensor t = target.unsqueeze(0);
    const at::Tensor grown = at::max_pool2d(t, 3, 1, 1);
    panels_.push_back({picture.contiguous(), (grown - t).squeeze().contiguous(), std::move(dots)});
  }
  /// Each pixel doubled, as a portable pixmap. Throws Error{output}.
  void write(const std::string& file) const {
    const int width = static_cast<int>(panels_.size()) * (side_ * zoom + gap) - gap;
    const int height = side_ * zoom;
    std::string pixels(static_cast<std::size_t>(width) * height * 3, '\xff');
    for (std::size_t k = 0; k < panels_.size(); ++k) {
      const int left = static_cast<int>(k) * (side_ * zoom + gap);
      for (int y = 0; y < height; ++y) {
        for (int x = 0; x < side_ * zoom; ++x) {
          set(pixels, width, left + x, y, colour_at(panels_[k], x / zoom, y / zoom));
        }
      }
      for (const Dot& dot : panels_[k].dots) {
        for (int d = 0; d < 25; ++d) {
          const int x = static_cast<int>(std::lround(dot.x * zoom)) + d % 5 - 2;
          const int y = static_cast<int>(std::lround(dot.y * zoom)) + d / 5 - 2;
          if (x < 0 || x >= side_ * zoom || y < 0 || y >= height) continue;
          set(pixels, width, left + x, y, {255, 212, 0});
        }
      }
    }
    std::ofstream out(file, std::ios::binary);
    out << "P6\n" << width << " " << height << "\n255\n" << pixels;
    if (!out) throw Error(ExitCode::output, "cannot be written", file);
  }

 private:
  static constexpr int zoom = 2, gap = 4;
  struct Panel {
    at::Tensor picture, edge;
    std::vector<Dot> dots;
  };
  struct Colour {
    int red, green, blue;
  };

  [[nodiscard]] Colour colour_at(const Panel& panel, int x, int y) const {
    const auto at = static_cast<std::size_t>(y * side_ + x);
    if (panel.edge.data_ptr<float>()[at] > 0) return {230, 40, 40};
    const float v = panel.picture.data_ptr<float>()[at];
    const auto grey = static_cast<int>(std::lround(std::clamp((v + 6) / 11.0, 0.0, 1.0) * 255));
    return {grey, grey, grey};
  }
  static void set(std::string& pixels, int width, int x, int y, const Colour& c) {
    const std::size_t at = 3 * (static_cast<std::size_t>(y) * width + x);
    pixels[at] = static_cast<char>(c.red);
    pixels[at + 1] = static_cast<char>(c.green);
    pixels[at + 2] = static_cast<char>(c.blue);
  }

  int side_;
  std::vector<Panel> panels_;
};

}  // namespace dawson::bench
