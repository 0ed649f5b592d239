// One DICOM file without what identifies its person: PS3.15, Annex E.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "dawson/dicom/audit.h"
#include "dawson/dicom/profile.h"
#include "dawson/dicom/pseudonyms.h"
#include "dawson/volume/grid.h"

namespace dawson::dicom {

struct DeidentifySettings {
  Profile profile;
  /// Whether a place in the world (RAS+ mm) is to be hidden, such as one beyond the plane of a
  /// face. Pixels there get the least value of their frame. Empty: none.
  std::function<bool(const volume::Vector3&)> hides;
};

struct Deidentified {
  std::string person;                   ///< the pseudonym
  std::string study, series, instance;  ///< UIDs as they are now
  std::size_t text_lines = 0;           ///< found in the pixels, or said by the header to be there
  bool text_is_covered = false;
  std::size_t hidden_pixels = 0;
  Audit audit;
};

/// Writes what is left of `file` to `output`: the profile applied to every element at any depth,
/// then what rule_for says of those that the profile does not name; texts that still hold a word of
/// the person's name, or another identifier that was taken out, are replaced as well. Pixels are
/// unpacked and written as they are (little-endian, explicit), so that nothing can hide between,
/// behind or in the comments of packed ones. File meta information, preamble, padding and what
/// follows the data set are new or gone. Ages above 89 become 90 (45 CFR 164.514). Text is UTF-8.
///
/// Taken are images of MR (classic, Enhanced, Legacy Converted Enhanced). Throws Error{input} for
/// others, for damaged ones, and for one without identifiers of its own (UIDs); Error{output}.
Deidentified deidentify(const std::filesystem::path& file, const std::filesystem::path& output,
                        const DeidentifySettings& settings, const Pseudonyms& pseudonyms);

/// What would have to change in a file that was de-identified, by the profile whose codes it
/// carries: an empty audit says that nothing does. Throws Error{input} where it cannot be read.
Audit remaining_identifiers(const std::filesystem::path& file);

}  // namespace dawson::dicom
