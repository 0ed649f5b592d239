// A DICOM file as DCMTK has it. Private to this room.
#pragma once

#include <dcmtk/dcmdata/dctk.h>

#include <filesystem>
#include <memory>
#include <string>

namespace dawson::dicom {

/// Long values, as pixels are, stay in the file until they are asked for. Throws Error{input} where
/// the file is damaged or made to exhaust a parser (bounds.h).
std::unique_ptr<DcmFileFormat> load_file(const std::filesystem::path& file);

/// The element's values, without padding and control characters, cut at 1,024 bytes: the standard
/// has no text of a series longer than 64 letters, and std::regex, which looks for words in them,
/// recurses into each. Empty where there is none.
std::string text_of(DcmItem& item, const DcmTagKey& tag);

}  // namespace dawson::dicom
