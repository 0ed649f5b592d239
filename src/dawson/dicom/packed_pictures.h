// JPEG pictures of a DICOM file, before they are unpacked. Private to this room.
#pragma once

#include <dcmtk/dcmdata/dctk.h>

#include <filesystem>

#include "dawson/dicom/pixels.h"

namespace dawson::dicom {

/// Whether each picture says itself that it is as the header has it: decoders trust one or the
/// other. GDCM writes as many pixels of JPEG 2000 as the picture has into memory for as many as the
/// header says (CVE-2024-22373); DCMTK leaves memory as it was where a JPEG picture is smaller. For
/// data sets packed as JPEG, JPEG-LS or JPEG 2000. Throws Error{input} naming the file.
void require_fit(DcmDataset& dataset, const PixelLayout& layout, const std::filesystem::path& file);

}  // namespace dawson::dicom
