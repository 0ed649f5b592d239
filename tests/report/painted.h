// What is drawn on a picture, told by its colour.
#pragma once

#include <algorithm>
#include <array>
#include <cstdlib>

#include "dawson/report/canvas.h"
#include "dawson/report/overlay.h"
#include "made_case.h"

namespace dawson::report::made {

struct Painted {
  int pixels = 0;
  double mean_x = 0, mean_y = 0;
  int left = 1 << 30, right = -1, top = 1 << 30, bottom = -1;
};

/// The pixels for which is(red, green, blue).
template <typename F>
Painted painted(const Picture& picture, F is) {
  Painted p;
  for (int y = 0; y < picture.height; ++y) {
    for (int x = 0; x < picture.width; ++x) {
      const std::uint8_t* rgb = picture.pixel(x, y);
      if (!is(int{rgb[0]}, int{rgb[1]}, int{rgb[2]})) continue;
      ++p.pixels;
      p.mean_x += x;
      p.mean_y += y;
      p.left = std::min(p.left, x);
      p.right = std::max(p.right, x);
      p.top = std::min(p.top, y);
      p.bottom = std::max(p.bottom, y);
    }
  }
  p.mean_x /= std::max(1, p.pixels);
  p.mean_y /= std::max(1, p.pixels);
  return p;
}

/// Nearly a colour in full.
inline auto close_to(const Colour& colour, int within = 30) {
  return [=](int r, int g, int b) {
    return std::abs(r - 255 * colour.red) < within && std::abs(g - 255 * colour.green) < within &&
           std::abs(b - 255 * colour.blue) < within;
  };
}

inline OverlayInput input_of(const Case& c) {
  OverlayInput input;
  input.scan = &c.scan;
  input.lesions = &c.segmentation.lesion_mask;
  input.brain = &c.segmentation.brain_mask;
  input.title = "sub-01";
  return input;
}

}  // namespace dawson::report::made
