// Does a folder still say who its persons are?
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "dawson/core/progress.h"

namespace dawson::dataset {

struct IdentityFinding {
  std::string file;  ///< relative to the folder
  std::string what;  ///< "(0010,0010) PatientName: PS3.15", "the name holds a date"
};

struct IdentityCheck {
  std::vector<IdentityFinding> findings;  ///< in the order of the files
  std::size_t files = 0;                  ///< looked at
};

/// Looks at every file below `folder`: DICOM by dicom::remaining_identifiers; texts of NIfTI
/// headers and of gzip streams; fields of JSON files, columns and cells of tables that name persons
/// or hold dates, ages above 90; dates, and the sign ^ of names in DICOM, in file and folder names.
/// A file of another kind is a finding: nobody looked into it. So is a link.
///
/// `words` are names and numbers that must not occur (a file of an officer's, one a line): they are
/// looked for in the names and in all bytes, inflated where they are gzip, in any case, in UTF-8 as
/// in UTF-16. Those of fewer than three characters are passed over.
/// Throws Error{input} when the folder cannot be read or is empty.
IdentityCheck check_identity(const std::filesystem::path& folder,
                             const std::vector<std::string>& words, Progress& progress);

}  // namespace dawson::dataset
