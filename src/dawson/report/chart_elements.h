// How each element of a chart is drawn. Private to chart.cpp.
#pragma once

#include "dawson/report/chart.h"

namespace dawson::report::chart {

/// A mark of about `size` across, centred at a place of the canvas.
void draw_mark(Canvas& canvas, const Point& at, Mark mark, double size, const Colour& colour);

void draw_element(Canvas& canvas, const Element& element, const Frame& frame);

}  // namespace dawson::report::chart
