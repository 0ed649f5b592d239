// What a NIfTI file says beside its image.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace dawson::volume {

/// The places of a file that hold text or bytes which no image needs: "descrip", "aux_file",
/// "intent_name", "db_name", "data_type", "extension" of the header; "name", "comment" and "extra
/// field" of the gzip stream around it; "bytes after the image". A description that names dawson
/// alone is none. Empty: there is nothing. Throws Error{input} when it cannot be read as NIfTI.
std::vector<std::string> nifti_remarks(const std::filesystem::path& file);

}  // namespace dawson::volume
