// A DICOM file as DCMTK has it. Private to this room.
#pragma once

#include <dcmtk/dcmdata/dctk.h>

#include <filesystem>
#include <memory>

namespace dawson::dicom {

/// Long values, as pixels are, stay in the file until they are asked for. Throws Error{input} where
/// the file is damaged or made to exhaust a parser (bounds.h).
std::unique_ptr<DcmFileFormat> load_file(const std::filesystem::path& file);

}  // namespace dawson::dicom
