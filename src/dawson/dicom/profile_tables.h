// Tables of the standard, embedded when the program is built. Private to this room.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace dawson::dicom::tables {

/// PS3.15, Table E.1-1: confidentiality_profile.tsv.
extern const std::string_view confidentiality_profile;
/// PS3.15, Table E.3.10-1: safe_private.tsv.
extern const std::string_view safe_private;

/// The cells of a table's rows; lines that begin with # and the line of columns' names left out.
std::vector<std::vector<std::string>> rows_of(std::string_view table);

}  // namespace dawson::dicom::tables
