// The severity report of one scan: lesion table, picture, and the report as a page (PDF), data
// (JSON), plain text and a self-contained HTML page.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "dawson/report/cohort_place.h"
#include "dawson/report/severity.h"
#include "dawson/report/words.h"
#include "dawson/segmentation/result.h"
#include "dawson/volume/volume.h"

namespace dawson::report {

/// What is absent reads "not given".
struct Patient {
  std::optional<std::string> name, participant, age, sex;
};

struct ModelFacts {
  std::string name, version, sha256;
};

/// How the lesions were found; what is absent is not said.
struct RunFacts {
  std::string scan_sha256;  ///< of the scan's file
  std::optional<double> threshold, temperature, min_peak, min_volume_mm3;
  std::optional<bool> mirrored;  ///< averaged with the left–right mirrored head
};

/// A relevance volume that `explain` wrote beside the case.
struct RelevanceFile {
  int lesion_id = 0;
  std::filesystem::path path;
};

enum class Paper { a4, letter };

/// Everything the report says; nothing else is looked up. Texts are UTF-8 in any script; broken
/// bytes and control characters are mended.
struct CaseReport {
  std::string stem;  ///< of the file names: "sub-01"
  Patient patient;
  std::string image_name;  ///< the analysed file's name, without folders
  std::vector<std::string> sequences{"FLAIR"};
  ModelFacts model;
  std::string program_version;
  std::string date;  ///< ISO 8601 ("2026-03-01"); empty: not given
  std::vector<std::string> warnings;
  SeverityBands bands;
  /// Mean measured error of the brain's volume, without its sign, in percent of it.
  std::optional<double> brain_volume_error_percent;
  /// The same with their signs, scan by scan (measured less true); empty: not known.
  std::vector<double> brain_volume_errors_percent;
  std::optional<ReferenceCohort> cohort;  ///< to be compared with
  RunFacts run;
  std::vector<RelevanceFile> relevance;  ///< for the case page; ascending ids
  Paper paper = Paper::a4;
  const Words* words = &english();
  /// On one grid; both must outlive this. The segmentation's `lesions` are those of its mask.
  const volume::Image* scan = nullptr;
  const segmentation::Segmentation* segmentation = nullptr;
};

/// The names that `write` gives its files.
std::vector<std::string> file_names(const std::string& stem);

/// Writes STEM_lesions.tsv and .json, STEM_overlay.png, STEM_zooms.png, STEM_confidence.png,
/// STEM_report.pdf, .json, .txt and .html into `folder`, which exists and is the caller's to make
/// appear at once (core::AtomicFolder). The same report gives the same bytes. Without
/// probabilities there is no STEM_confidence.png.
/// Throws Error{output}; Error{input} when scan and masks are not of one size; Error{usage} for
/// bands out of order; std::invalid_argument when scan or segmentation are missing.
void write(const CaseReport& report, const std::filesystem::path& folder);

/// Today in UTC, "2026-03-01".
std::string today();

}  // namespace dawson::report
