// Text in the pixels: names and dates that a workstation drew over an image.
#pragma once

#include <vector>

namespace dawson::dicom {

/// A line of characters, in pixels, both ends included.
struct TextBox {
  int first_column = 0, last_column = 0, first_row = 0, last_row = 0;
};

/// Lines in a picture (rows of `columns` values) that look like text: at least four separate marks
/// of one brightness (the brightest value, or one that occurs far more often than its neighbours),
/// 5 to 40 pixels high and all as high, side by side on one base line. Anatomy is never this even.
/// Not found: text that was smoothed or blended into the image, handwriting, lines of fewer than
/// four characters.
std::vector<TextBox> find_text(const std::vector<float>& picture, int columns);

/// Gives the least value of the picture to the boxes and a margin around them: two pixels, and two
/// characters to the sides.
void cover(std::vector<float>& picture, int columns, const std::vector<TextBox>& boxes);

}  // namespace dawson::dicom
