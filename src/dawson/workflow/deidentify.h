// An import whose result may leave the house: to BIDS or as DICOM, without faces where asked to.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "dawson/anatomy/brain.h"
#include "dawson/core/json.h"
#include "dawson/core/progress.h"
#include "dawson/dataset/import.h"
#include "dawson/dicom/profile.h"
#include "dawson/dicom/pseudonyms.h"

namespace dawson::workflow {

struct DeidentifySettings {
  dicom::Profile profile;
  const core::SecretKey* key = nullptr;
  const anatomy::BrainFinder* brains = nullptr;  ///< by which faces are found; null: they stay
  bool strict = false;                           ///< nothing is written where text may be in pixels
  std::filesystem::path crosswalk;  ///< who is who, sealed with the key; empty: nowhere
};

struct Deidentified {
  std::size_t images = 0;  ///< files of DICOM, or scans and masks
  std::size_t persons = 0;
  std::size_t text_lines = 0;         ///< that look like text in the pixels and were not covered
  std::vector<std::string> failures;  ///< what was wanted and left out: reasons, naming nobody
};

/// Writes a BIDS tree as dataset::import_to_bids does, of the survey's images without what
/// identifies their persons, and deidentification.json, which counts what was done. With a face to
/// take out, a scan is a failure where no face can be found: a T1w of a visit without a FLAIR, a
/// FLAIR without a brain. Throws Error{input, output}; Error{check} as settings.strict says.
Deidentified deidentify_to_bids(const dataset::Survey& survey, const std::filesystem::path& tree,
                                const DeidentifySettings& settings, Progress& progress);

/// The same for the images of MR in a folder of DICOM files, as DICOM:
/// `out`/PSEUDONYM/STUDY/SERIES/INSTANCE.dcm, named by UIDs as they are now. Files of other kinds,
/// damaged ones, series of two persons and images without a place are left out and counted.
/// All files appear together, or none.
Deidentified deidentify_to_dicom(const std::filesystem::path& folder,
                                 const std::filesystem::path& out,
                                 const DeidentifySettings& settings, Progress& progress);

/// What deidentify_* sealed in a crosswalk: a table of persons, pseudonyms and shifts of dates.
/// Throws Error{input}.
std::string open_crosswalk(const std::filesystem::path& file, const core::SecretKey& key);

}  // namespace dawson::workflow
