// Pixels packed as JPEG 2000. Private to this room.
#pragma once

#include <dcmtk/dcmdata/dctk.h>

#include <cstdint>
#include <filesystem>
#include <vector>

#include "dawson/dicom/packed_pictures.h"

namespace dawson::dicom {

/// Little-endian pixels of all frames, unpacked by GDCM. Takes the pixels out of the data set,
/// whose pictures fit (`require_fit`). Throws Error{input} naming the file where they are damaged.
std::vector<std::uint8_t> unpack_jpeg2000(DcmDataset& dataset, const PixelLayout& layout,
                                          const std::filesystem::path& file);

}  // namespace dawson::dicom
