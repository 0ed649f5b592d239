// The pixels of one DICOM file, whatever they are packed in.
#pragma once

#include <filesystem>
#include <vector>

namespace dawson::dicom {

/// Stored values of all frames, columns fastest, then rows, then frames. Decoded by GDCM: raw, RLE,
/// deflated, JPEG (lossy and lossless), JPEG-LS, JPEG 2000; either byte order. Throws Error{input}
/// naming the file: damaged, in colour, or not of this size.
std::vector<float> read_pixels(const std::filesystem::path& file, int columns, int rows,
                               int frames);

}  // namespace dawson::dicom
