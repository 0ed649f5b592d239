// Tables of the standard, embedded when the program is built. Private to this room.
#pragma once

#include <string_view>

namespace dawson::dicom::tables {

/// PS3.15, Table E.1-1: confidentiality_profile.tsv.
extern const std::string_view confidentiality_profile;
/// PS3.15, Table E.3.10-1: safe_private.tsv.
extern const std::string_view safe_private;

}  // namespace dawson::dicom::tables
