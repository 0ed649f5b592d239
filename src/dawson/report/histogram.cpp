#include "dawson/report/histogram.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "dawson/core/table.h"
#include "dawson/report/canvas.h"
#include "dawson/report/colours.h"
#include "dawson/report/words.h"

namespace dawson::report {
namespace {

constexpr double bins_per_decade = 4;

/// Bins of equal width on the logarithmic axis, from 1 mm³ on.
struct Bins {
  std::vector<std::size_t> counts;
  int decades = 4;  ///< the axis ends at 10^decades mm³
  std::size_t highest = 0;
};

Bins bins_of(const std::vector<segmentation::Lesion>& lesions) {
  Bins bins;
  double largest = 1;
  for (const auto& l : lesions) largest = std::max(largest, 1000 * l.volume_ml);
  bins.decades = std::max(4, static_cast<int>(std::floor(std::log10(largest))) + 1);
  bins.counts.assign(static_cast<std::size_t>(bins.decades * bins_per_decade), 0);
  for (const auto& l : lesions) {
    const double place = std::floor(bins_per_decade * std::log10(1000 * l.volume_ml) + 1e-9);
    const auto bin = static_cast<std::size_t>(std::max(0.0, place));
    bins.highest = std::max(bins.highest, ++bins.counts[std::min(bin, bins.counts.size() - 1)]);
  }
  return bins;
}

std::string short_number(double value) {
  std::string text = core::number(value, 0);
  for (int at = static_cast<int>(text.size()) - 3; at > 0; at -= 3) {
    text.insert(static_cast<std::size_t>(at), ",");
  }
  return text;
}

/// A step of 1, 2 or 5 times a power of ten that divides the counts into at most five.
double step_of(std::size_t highest) {
  double step = 1;
  for (int i = 0; static_cast<double>(highest) / step > 5; ++i) step *= i % 3 == 1 ? 2.5 : 2;
  return step;
}

}  // namespace

SizeHistogram size_histogram(const segmentation::Segmentation& found) {
  SizeHistogram out;
  for (std::size_t i = 0; i < out.classes.size(); ++i) {
    out.classes[i].from_mm3 = evaluation::size_class_from_mm3[i];
    out.classes[i].below_mm3 = i + 1 < out.classes.size() ? evaluation::size_class_from_mm3[i + 1]
                                                          : std::numeric_limits<double>::infinity();
  }
  double counted_ml = 0;
  for (const segmentation::Lesion& l : found.lesions) {
    SizeClass& c = out.classes[evaluation::size_class(1000 * l.volume_ml)];
    ++c.lesions;
    c.volume_ml += l.volume_ml;
    counted_ml += l.volume_ml;
  }
  // Sums in another order differ by rounding.
  const double rest = found.lesion_volume_ml - counted_ml;
  out.uncounted_ml = rest > 1e-6 ? rest : 0;
  return out;
}

std::string class_text(const SizeClass& c, const Words& words) {
  if (std::isinf(c.below_mm3)) return filled(words.over, {short_number(c.from_mm3)});
  return filled(words.from_to, {short_number(c.from_mm3), short_number(c.below_mm3)});
}

void draw_histogram(Canvas& canvas, const Box& box,
                    const std::vector<segmentation::Lesion>& lesions, const Words& words) {
  const Bins bins = bins_of(lesions);
  const TextStyle label{.size = 7.5, .colour = colours::quiet, .most_lines = 1};
  TextStyle centred = label, right = label;
  centred.align = Align::centre;
  right.align = Align::right;
  const double left = box.x + 36, bottom = box.y + box.height - 30, top = box.y + 14;
  const double width = box.x + box.width - left, height = bottom - top;
  const double step = step_of(bins.highest);
  const double most = std::max(1.0, std::ceil(static_cast<double>(bins.highest) / step)) * step;
  const auto x_of = [&](double decades) { return left + width * decades / bins.decades; };
  const auto y_of = [&](double count) { return bottom - height * count / most; };
  canvas.text(words.sizes_count, box.x, box.y - 2, width, label);
  for (double count = 0; count <= most; count += step) {
    canvas.line(left, y_of(count), left + width, y_of(count), colours::hairline, 0.5);
    canvas.text(core::number(count, 0), box.x, y_of(count) - 5.5, 30, right);
  }
  for (const double limit : evaluation::size_class_from_mm3) {
    const double x = x_of(std::log10(limit));
    canvas.line(x, top, x, bottom, colours::lesion, 0.6);
  }
  const double bar = width / static_cast<double>(bins.counts.size());
  for (std::size_t i = 0; i < bins.counts.size(); ++i) {
    if (bins.counts[i] == 0) continue;
    const double y = y_of(static_cast<double>(bins.counts[i]));
    const double x = left + static_cast<double>(i) * bar;
    canvas.fill({x + 1, y, bar - 2, bottom - y}, colours::accent);
    canvas.text(std::to_string(bins.counts[i]), x - 10, y - 10.5, bar + 20, centred);
  }
  canvas.line(left, bottom, left + width, bottom, colours::ink, 0.8);
  for (int decade = 0; decade <= bins.decades; ++decade) {
    const double x = x_of(decade);
    canvas.line(x, bottom, x, bottom + 3, colours::ink, 0.8);
    canvas.text(short_number(std::pow(10.0, decade)), x - 30, bottom + 4, 60, centred);
  }
  canvas.text(words.sizes_axis, left, bottom + 16, width, centred);
}

}  // namespace dawson::report
