// From what a survey found to a BIDS tree.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "dawson/dataset/survey.h"

namespace dawson::dataset {

/// Where one image of a survey goes.
struct Placed {
  std::size_t image = 0;    ///< its place in Survey::images
  std::string participant;  ///< "sub-01"
  std::string session;      ///< "ses-1"; empty where the person has one visit without a name
  std::string entities;     ///< "acq-3D_run-1", or none
  [[nodiscard]] std::string stem() const;  ///< "sub-01_ses-1_run-1"
};

/// Another name for a person or a visit than the source's.
struct Renamed {
  std::string person, visit;  ///< as the survey has them; an empty visit stands for all
  std::string participant;    ///< "sub-" may be left out
  std::string session;        ///< "ses-" may be left out; empty: numbered
};

/// A table (TSV) with the columns person and participant_id and perhaps visit and session.
/// Throws Error{input} when it cannot be read or gives two names to one.
std::vector<Renamed> read_renamed(const std::filesystem::path& file);

/// A name for every image that is taken. A person's name keeps its letters and digits, as BIDS
/// asks; two that become the same get a number. Visits are numbered in their order where a person
/// has several and the source does not name them; images of one kind in one visit become runs.
/// Masks are left to `import_to_bids`, which has their grids. Throws Error{input} where `renamed`
/// speaks of persons that are not there or gives one session to two visits.
std::vector<Placed> place_images(const Survey& survey, const std::vector<Renamed>& renamed);

/// What is done to a scan before it is written, such as taking out its face.
using ScanChange = std::function<void(Kind kind, volume::NiftiImage& scan)>;

struct ImportAdditions {
  /// Called at the beginning of each visit: what is done to its scans, FLAIR first. A scan whose
  /// change throws Error{input} is a failure. Empty: nothing.
  std::function<ScanChange()> begin_visit;
  /// Called at the end: what becomes deidentification.json. Empty: no such file.
  std::function<core::Json()> audit;
};

struct Imported {
  std::size_t scans = 0, masks = 0, participants = 0;
  std::vector<std::string>
      failures;  ///< images that were wanted and are not there, each a sentence
};

/// Writes the tree: images as float with the geometry that they came with and nothing else of
/// their headers, sidecars, masks below derivatives/manual_masks under the name of the FLAIR whose
/// grid they share, participants.tsv, dataset_description.json, and import.json, which says of
/// every image whether it was taken, as what, and why. One image is in memory at a time. A mask
/// that shares the grid of no FLAIR of its visit, one too many, and what cannot be read are
/// failures. The tree appears when it is whole.
/// Throws Error{input} when no FLAIR was taken, Error{output} when `tree` is there already.
Imported import_to_bids(const Survey& survey, const std::vector<Placed>& placed,
                        const std::filesystem::path& tree, Progress& progress,
                        const ImportAdditions& additions = {});

}  // namespace dawson::dataset
