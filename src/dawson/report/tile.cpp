#include "dawson/report/tile.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "dawson/imaging/slice_grid.h"

namespace dawson::report {
namespace {

// Outlines are drawn this many times larger and averaged down, so that they have no steps.
constexpr int oversampling = 2;

cv::Mat matrix_of(const Slice<float>& slice) {
  return {slice.height, slice.width, CV_32F, const_cast<float*>(slice.values.data())};
}

/// How values along an axis become pixels.
int interpolation(const volume::Grid& grid, int axis, int voxels, int pixels) {
  if (pixels < voxels) return cv::INTER_AREA;
  const double finest = *std::min_element(grid.spacing.begin(), grid.spacing.end());
  const bool thick =
      grid.spacing[static_cast<std::size_t>(axis)] >= imaging::thick_slice_ratio * finest;
  return thick ? cv::INTER_LINEAR : cv::INTER_CUBIC;
}

/// 255 in the region, at a size of `large`. Where that is smaller, whatever a pixel holds counts:
/// no voxel is lost.
cv::Mat resized(const Slice<float>& region, const cv::Size& large) {
  cv::Mat small, inside;
  cv::compare(matrix_of(region), 0, small, cv::CMP_NE);
  if (large.width >= region.width && large.height >= region.height) {
    cv::resize(small, inside, large, 0, 0, cv::INTER_NEAREST_EXACT);
    return inside;
  }
  cv::Mat shares;
  small.convertTo(shares, CV_32F);
  cv::resize(shares, inside, large, 0, 0, cv::INTER_AREA);
  cv::compare(inside, 0, inside, cv::CMP_GT);
  return inside;
}

/// The smallest rectangle around what is not 0, grown by `margin`; empty when all is 0.
cv::Rect around(const cv::Mat& inside, int margin) {
  cv::Rect box = cv::boundingRect(inside);
  if (box.empty()) return {};
  box -= cv::Point(margin, margin);
  box += cv::Size(2 * margin, 2 * margin);
  return box & cv::Rect({}, inside.size());
}

/// 255 where a dash lies, along all edges of the region.
cv::Mat dashes(const cv::Mat& inside, int line) {
  cv::Mat on = cv::Mat::zeros(inside.size(), CV_8U);
  std::vector<std::vector<cv::Point>> edges;
  cv::findContours(inside, edges, cv::RETR_LIST, cv::CHAIN_APPROX_NONE);
  const int pen = line + 1;  // reaches over the line's width
  for (const auto& edge : edges) {
    const double length = cv::arcLength(edge, true);
    const double periods = std::round(length / (7.0 * line));
    // Around a small region dashes would be blobs: its line stays whole.
    const double period = length / std::max(1.0, periods);
    // The pen's round ends belong to the dash.
    const double drawn = periods < 4 ? period : std::max(1.0, 0.6 * period - 2 * pen);
    double at = 0;
    for (std::size_t i = 0; i < edge.size(); ++i) {
      if (std::fmod(at, period) < drawn) cv::circle(on, edge[i], pen, cv::Scalar(255), cv::FILLED);
      at += cv::norm(edge[i] - edge[(i + 1) % edge.size()]);
    }
  }
  return on;
}

bool hatched(Hatch hatch, int x, int y, int period) {
  if (hatch == Hatch::none) return true;
  const int along = hatch == Hatch::rising ? x + y : x - y;
  return ((along % period) + period) % period < (period + 1) / 2;
}

void paint(Picture& picture, const cv::Rect& part, const cv::Mat& shares, const Colour& colour,
           double opacity, Hatch hatch = Hatch::none) {
  const int period = std::max(4, static_cast<int>(std::lround(5 * line_width_for(picture.width))));
  for (int y = 0; y < part.height; ++y) {
    const std::uint8_t* share = shares.ptr<std::uint8_t>(y);
    for (int x = 0; x < part.width; ++x) {
      if (share[x] == 0) continue;
      // A faint ground between the stripes: a region smaller than a gap is seen too.
      const double stripe = hatched(hatch, part.x + x, part.y + y, period) ? 1 : 0.35;
      blend(picture.pixel(part.x + x, part.y + y), colour, stripe * opacity * share[x] / 255);
    }
  }
}

int seam_width(int line) {
  return (line + 1) / 2;
}

cv::Mat grown(const cv::Mat& inside, int by) {
  cv::Mat out;
  cv::dilate(inside, out, cv::getStructuringElement(cv::MORPH_ELLIPSE, {2 * by + 1, 2 * by + 1}));
  return out;
}

/// A line, and its dark seam, around a region that is `oversampling` times as large as `part`.
void paint_line(Picture& picture, const cv::Rect& part, const cv::Mat& inside, int line,
                const MarkStyle& style) {
  cv::Mat shares;
  cv::Mat ring = grown(inside, line) - inside;
  if (style.dashed) cv::bitwise_and(ring, dashes(inside, line), ring);
  if (style.seam > 0) {
    cv::resize(grown(ring, seam_width(line)) - inside, shares, part.size(), 0, 0, cv::INTER_AREA);
    paint(picture, part, shares, {0, 0, 0}, style.seam);
  }
  cv::resize(ring, shares, part.size(), 0, 0, cv::INTER_AREA);
  paint(picture, part, shares, style.colour, 0.95);
}

}  // namespace

void blend(std::uint8_t* rgb, const Colour& colour, double share) noexcept {
  const std::array<double, 3> ink{255 * colour.red, 255 * colour.green, 255 * colour.blue};
  for (std::size_t c = 0; c < 3; ++c) {
    rgb[c] = static_cast<std::uint8_t>(std::lround(rgb[c] + share * (ink[c] - rgb[c])));
  }
}

double line_width_for(int picture_width) noexcept {
  return std::max(1.0, picture_width / 175.0);
}

Picture grey_picture(const volume::Image& scan, const View& view, const Window& window) {
  const Slice<float> values = part_of(scan, view, static_cast<float>(window.black));
  const int across = interpolation(scan.grid, view.display.column, values.width, view.width);
  const int down = interpolation(scan.grid, view.display.row, values.height, view.height);
  cv::Mat wide, scaled, grey;
  if (across == down) {
    cv::resize(matrix_of(values), scaled, {view.width, view.height}, 0, 0, across);
  } else {
    cv::resize(matrix_of(values), wide, {view.width, values.height}, 0, 0, across);
    cv::resize(wide, scaled, {view.width, view.height}, 0, 0, down);
  }
  const double gain = 255 / (window.white - window.black);
  scaled.convertTo(grey, CV_8U, gain, -window.black * gain);
  Picture picture(view.width, view.height);
  cv::Mat colours(view.height, view.width, CV_8UC3, picture.rgb.data());
  cv::cvtColor(grey, colours, cv::COLOR_GRAY2RGB);
  return picture;
}

void mark(Picture& picture, const Slice<float>& region, const MarkStyle& style) {
  const cv::Size size(picture.width, picture.height);
  const cv::Mat whole = resized(region, size * oversampling);
  const double voxel_x = static_cast<double>(whole.cols) / region.width;
  const double voxel_y = static_cast<double>(whole.rows) / region.height;
  const int line =
      style.line_width > 0
          ? std::max(oversampling, static_cast<int>(std::lround(oversampling * style.line_width)))
          : 0;
  cv::Rect part = around(
      whole, line + seam_width(line) + 2 + static_cast<int>(std::ceil(std::max(voxel_x, voxel_y))));
  if (part.empty()) return;
  // Whole pixels of the picture.
  const cv::Rect pixels(
      part.x / oversampling, part.y / oversampling,
      std::min(size.width, (part.br().x + oversampling - 1) / oversampling) - part.x / oversampling,
      std::min(size.height, (part.br().y + oversampling - 1) / oversampling) -
          part.y / oversampling);
  part = {pixels.tl() * oversampling, pixels.size() * oversampling};

  cv::Mat inside, shares;
  // By the smaller side: long voxels keep their length.
  const double softness = std::max(0.3, 0.35 * std::min(voxel_x, voxel_y));
  cv::GaussianBlur(whole(part), inside, {}, softness, softness);
  cv::threshold(inside, inside, 127, 255, cv::THRESH_BINARY);
  if (style.fill > 0) {
    cv::resize(inside, shares, pixels.size(), 0, 0, cv::INTER_AREA);
    if (style.strength != nullptr) {
      cv::Mat weight;
      cv::resize(matrix_of(*style.strength), weight, size, 0, 0, cv::INTER_LINEAR);
      cv::multiply(shares, weight(pixels), shares, 1, CV_8U);
    }
    paint(picture, pixels, shares, style.colour, style.fill, style.hatch);
  }
  if (line > 0) paint_line(picture, pixels, inside, line, style);
}

}  // namespace dawson::report
