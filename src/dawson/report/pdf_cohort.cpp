#include <algorithm>
#include <cmath>

#include "dawson/core/table.h"
#include "dawson/report/pdf_page.h"

namespace dawson::report {

void draw_cohort_strip(Canvas& canvas, const Box& box, const ReferenceCohort& cohort,
                       double lesion_ml, const Words& words) {
  // Less than this is drawn at the strip's beginning: zeros have no place on a logarithm.
  constexpr double least_ml = 0.01;
  const double largest = std::max({cohort.lesion_ml.back(), lesion_ml, 10.0});
  const double decades = std::ceil(std::log10(largest / least_ml) - 1e-9);
  const double left = box.x + 12, width = box.width - 20;
  const auto x_of = [&](double ml) {
    return left + width * std::log10(std::max(ml, least_ml) / least_ml) / decades;
  };
  const double top = box.y + 7, bar = 9, bottom = top + bar;
  canvas.fill({left, top, width, bar}, colours::wash, 2);
  const auto quantile = [&](double share) {
    const auto last = static_cast<double>(cohort.lesion_ml.size() - 1);
    return cohort.lesion_ml[static_cast<std::size_t>(std::lround(share * last))];
  };
  Colour shade = colours::accent;
  shade.opacity = 0.16;
  const double from = x_of(quantile(0.25)), to = x_of(quantile(0.75));
  canvas.fill({from, top, std::max(1.0, to - from), bar}, shade);
  Colour tick = colours::accent;
  tick.opacity = std::clamp(12.0 / static_cast<double>(cohort.lesion_ml.size()), 0.12, 0.75);
  for (const double ml : cohort.lesion_ml) {
    canvas.line(x_of(ml), top, x_of(ml), bottom, tick, 0.8);
  }
  canvas.triangle_down(x_of(lesion_ml), top - 0.5, 7, colours::ink);
  TextStyle label{.size = 6.5, .colour = colours::quiet, .align = Align::centre, .most_lines = 1};
  for (int decade = 0; decade <= static_cast<int>(decades); ++decade) {
    const double ml = least_ml * std::pow(10.0, decade);
    canvas.line(x_of(ml), bottom, x_of(ml), bottom + 2, colours::quiet, 0.6);
    canvas.text((decade == 0 ? "≤ " : "") + core::number(ml, ml < 0.1 ? 2
                                                             : ml < 1 ? 1
                                                                      : 0),
                x_of(ml) - 20, bottom + 2, 40, label);
  }
  canvas.text(words.cohort_axis, left, bottom + 9.5, width, label);
}

}  // namespace dawson::report
