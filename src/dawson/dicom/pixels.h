// The pixels of one DICOM file, whatever they are packed in.
#pragma once

#include <filesystem>
#include <vector>

namespace dawson::dicom {

/// Stored values of all frames, columns fastest, then rows, then frames. Decoded by DCMTK: raw,
/// RLE, deflated, JPEG (lossy and lossless), JPEG-LS, either byte order; JPEG 2000 by GDCM. Throws
/// Error{input} naming the file: damaged, in colour, or not of this size.
std::vector<float> read_pixels(const std::filesystem::path& file, int columns, int rows,
                               int frames);

}  // namespace dawson::dicom
