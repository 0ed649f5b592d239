// A labelled cohort made anew: without its lesions, or with lesions of known place painted in.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "dawson/core/progress.h"
#include "dawson/synthesis/lesion_painting.h"
#include "dawson/workflow/cohort.h"

namespace dawson::workflow {

struct DeriveSettings {
  std::vector<std::filesystem::path> trees;  ///< BIDS trees with lesion masks, or folders of them
  int painted = 0;                 ///< painted versions of each scan; 0: one without lesions
  bool keep_lesions = false;       ///< paint beside the scan's own lesions instead of removing them
  std::filesystem::path shapes;    ///< folder of lesion masks in MNI152; needed to paint
  double least_load_ml = 0.3;      ///< painted loads are log-uniform from here …
  double greatest_load_ml = 5;     ///< … to here
  synthesis::PaintSettings paint;  ///< how lesions look; its load is drawn
  std::uint64_t seed = 1;
  std::filesystem::path brain_model;  ///< for scans with skull and without a brain mask
  std::filesystem::path atlas;
  bool overwrite = false;
};

/// Writes `out`/SOURCE/…, a BIDS tree for each source tree and of the same name, since a patient is
/// source + participant: whoever holds out a patient holds out all that was made of them. Scans
/// keep their names (painted ones gain rec-paintedN, or rec-confluentN) and their geometry, bit for
/// bit; lesion and brain masks lie in derivatives/manual_masks, what was done to each scan in
/// derived.tsv. Scans without a lesion mask are left out. A scan that fails is named and the rest
/// goes on; all files appear together, or none. The same seed gives the same files, whatever else
/// is in the cohort. Throws Error{usage, input, output, model}; also when no scan could be done.
CohortOutcome derive_cohort(const DeriveSettings& settings, const std::filesystem::path& out,
                            Progress& progress);

}  // namespace dawson::workflow
