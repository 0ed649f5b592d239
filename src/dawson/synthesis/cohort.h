// Many phantoms as a BIDS tree, to train on or to try a program on.
#pragma once

#include <filesystem>

#include "dawson/core/progress.h"
#include "dawson/synthesis/phantom.h"

namespace dawson::synthesis {

struct CohortSettings {
  PhantomSettings phantom;  ///< of every head; its seed is the first one's
  int count = 1;
  bool training_set = false;  ///< draw each head's settings with `training_settings` instead
  bool lesion_free = false;   ///< draw them with `lesion_free_settings`; not with training_set
  std::filesystem::path head_folder = default_head_folder();
  bool overwrite = false;
};

/// Heads that no model may train on, so that they can show what a model does: Colin27 unwarped, and
/// warps of seeds that five divides.
bool is_reserved(const PhantomSettings& settings);

/// Settings of one head of a training set, drawn by `seed`: a third without lesions, otherwise a
/// load of 0.3–30 ml (log-uniform); slices of 1–7 mm, of 0.7–1.1 mm in plane where thick; warps of
/// 4–8 mm; contrast drawn wide; noise 1–8 %, coil field 5–50 %; skull on 7 of 10.
PhantomSettings training_settings(std::uint64_t seed);

/// The seed of head `number` (0, 1, …) of a training set that begins at `first`; skips reserved
/// ones.
std::uint64_t training_seed(std::uint64_t first, int number);

/// Settings of head `number` of a set without lesions, to count false ones in: warps of 4–8 mm;
/// by turns thin (1 mm) and thick slices (3–7 mm, 0.7–1.0 mm in plane); by turns of two noise and
/// coil field as at 1.5 T (3–6 %, 10–25 %) and at 3 T (1–3 %, 25–50 %); contrast of clinical FLAIR,
/// with skull.
PhantomSettings lesion_free_settings(std::uint64_t seed, int number);

/// The seed of head `number` of a set without lesions that begins at `first`: reserved ones alone,
/// so that no training set can hold such a head.
std::uint64_t reserved_seed(std::uint64_t first, int number);

/// Writes, into `folder`, dataset_description.json, participants.tsv (each head's settings and what
/// came of them), sub-phantomNNN/anat/sub-phantomNNN_FLAIR.nii.gz and, in derivatives/manual_masks,
/// the lesion and brain masks on the FLAIR's grid. All files appear together, or none.
/// Throws Error{usage, input, output}.
void write_cohort(const std::filesystem::path& folder, const CohortSettings& settings,
                  Progress& progress);

}  // namespace dawson::synthesis
