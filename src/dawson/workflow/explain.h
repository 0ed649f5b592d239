// Why the network decided as it did, from scan to finished files.
#pragma once

#include <filesystem>
#include <optional>

#include "dawson/core/json.h"
#include "dawson/core/progress.h"
#include "dawson/explanation/explainer.h"
#include "dawson/model/model.h"
#include "dawson/segmentation/segmenter.h"

namespace dawson::workflow {

/// What is asked about.
struct Question {
  int lesion = 1;  ///< its id; 0: all lesions
  /// Instead: why there is no lesion around this place (world mm, RAS+).
  std::optional<volume::Vector3> healthy_at;
  double healthy_radius_mm = 4;
};

struct ExplainSettings {
  explanation::MapSettings map;
  segmentation::SegmenterSettings segmenter;
  bool check = false;      ///< adds the sanity figures
  std::uint64_t seed = 1;  ///< of their random draws
  bool overwrite = false;
  core::Json record;  ///< begins the JSON file: command, version, settings
};

/// Explains a scan, which is segmented first, or a case that `segment` has finished (a folder that
/// holds one; its scan is found by the run record, or is `scan`). Writes, into `out`,
/// STEM_lesion-ID_relevance (or STEM_lesion-all_relevance, STEM_healthy_relevance) .nii.gz, .png
/// and .json, or none of them, and returns the picture's path.
///
/// The volumes of the .nii.gz: one a channel of the network's stack (Prepared::channels), then
/// their sum. Checks look at no more than 12 slices of the region, evenly spaced. Throws
/// Error{usage} for a lesion that is not there, Error{input, output, model, resources}.
std::filesystem::path explain(const std::filesystem::path& input, const std::filesystem::path& scan,
                              const Question& question, const model::Model& model,
                              const ExplainSettings& settings, const std::filesystem::path& out,
                              Progress& progress);

}  // namespace dawson::workflow
