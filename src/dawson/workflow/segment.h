// One scan, from file to finished folder.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "dawson/core/json.h"
#include "dawson/core/progress.h"
#include "dawson/dataset/dicom_scans.h"
#include "dawson/quality/reference.h"
#include "dawson/report/report.h"
#include "dawson/segmentation/method.h"
#include "dawson/workflow/visit.h"

namespace dawson::workflow {

/// One scan to segment and where its results go.
struct SegmentJob {
  std::string name;  ///< in tables and messages: "source/sub-01/ses-1", or the stem
  std::string stem;  ///< of the files it makes: "sub-01_ses-1"
  std::filesystem::path scan;
  std::filesystem::path folder;  ///< of its results
  report::Patient patient;
  OtherFiles others = {};  ///< beside the scan; a model reads those that it knows
  /// Of a series of DICOM files, `scan` being their folder. It is written beside its results, as
  /// STEM_FLAIR.nii.gz, so that they can be looked at with it.
  std::optional<dataset::DicomFlair> dicom = {};
};

struct SegmentSettings {
  report::Paper paper = report::Paper::a4;
  report::SeverityBands bands;
  std::optional<report::ReferenceCohort> cohort;  ///< the report places each case in it
  quality::Reference reference;                   ///< a scan that is unlike it gets a warning
  bool overwrite = false;
  core::Json record;  ///< begins each run record: command, version, settings
};

/// What to segment, from what a user names: image files, BIDS trees, folders of images, folders of
/// DICOM files (each of their FLAIR series, with what the header says of the patient), and lists
/// (.txt: one path a line, relative to the list; empty lines and those that begin with # are left
/// out). One image goes to `out` itself; scans of a tree to out/[source/]sub-…/[ses-…/]anat, others
/// to out/STEM where there are several. Throws Error{input}: nothing there, or two scans that would
/// share a place; warns of DICOM files that could not be used.
std::vector<SegmentJob> find_jobs(const std::vector<std::filesystem::path>& inputs,
                                  const std::filesystem::path& out, Progress& progress);

/// Reads the scan of a job; what was mended is among its warnings. Throws Error{input}.
volume::NiftiImage read_scan_of(const SegmentJob& job, Progress& progress);

/// The fields of participants.tsv at `file` for the participant `id` ("sub-01" or "01"): id, age
/// and sex. Throws Error{input} when the table cannot be used or does not know the participant.
report::Patient patient_from_table(const std::filesystem::path& file, const std::string& id);

/// Segments one scan and writes every file of it, or none. Returns its figures for the cohort
/// table: lesions, lesion_ml, brain_ml, lesion_percent, unusual, severity.
/// Throws Error{input, output, resources}.
core::Json segment_scan(const SegmentJob& job, const segmentation::Method& method,
                        const SegmentSettings& settings, Progress& progress);

/// What segment_scan returned, with the seconds it took, of an earlier run of this version of
/// dawson whose files stand: same scan (of DICOM: same place), model, rule and severity bands. None
/// otherwise.
std::optional<core::Json> finished_figures(const SegmentJob& job,
                                           const segmentation::MethodFacts& method,
                                           const SegmentSettings& settings);

}  // namespace dawson::workflow
