// Text in the pixels: names and dates that a workstation drew over an image.
#pragma once

#include <vector>

#include "dawson/dicom/pixels.h"

namespace dawson::dicom {

/// A line of characters, in pixels, both ends included.
struct TextBox {
  int frame = 0;
  int first_column = 0, last_column = 0, first_row = 0, last_row = 0;
};

/// Lines that look like text: at least four separate marks of one brightness (the brightest value
/// of the frame, or one that occurs far more often than its neighbours), 5 to 40 pixels high and all
/// as high, side by side on one base line. Anatomy is never this even. Not found: text that was
/// smoothed or blended into the image, handwriting, lines of fewer than four characters.
std::vector<TextBox> find_text(const StoredPixels& pixels);

/// Covers the boxes and a margin around them (two pixels, two characters to the sides) with the frame's
/// least value.
void cover(StoredPixels& pixels, const std::vector<TextBox>& boxes);

}  // namespace dawson::dicom
