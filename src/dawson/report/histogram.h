// How many lesions there are of each size.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "dawson/evaluation/lesion_measures.h"
#include "dawson/segmentation/result.h"

namespace dawson::report {

class Canvas;
struct Box;
struct Words;

struct SizeClass {
  double from_mm3 = 0;
  double below_mm3 = 0;  ///< infinite for the last
  std::size_t lesions = 0;
  double volume_ml = 0;
};

/// The classes of evaluation/lesion_measures.h, smallest first, and what is not counted.
struct SizeHistogram {
  std::array<SizeClass, evaluation::size_class_from_mm3.size()> classes{};
  double uncounted_ml = 0;  ///< of marked regions too small to be counted
};

SizeHistogram size_histogram(const segmentation::Segmentation& segmentation);

/// "3 to 10", "over 500".
std::string class_text(const SizeClass& size_class, const Words& words);

/// Bars of counts over a logarithmic axis of lesion volume, four to a factor of ten, the limits of
/// the classes as lines. With numbers, as everybody reads it: also without colours.
void draw_histogram(Canvas& canvas, const Box& box,
                    const std::vector<segmentation::Lesion>& lesions, const Words& words);

}  // namespace dawson::report
