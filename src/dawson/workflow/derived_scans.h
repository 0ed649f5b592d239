// What dawson derive made of patients, counted for the provenance of a model that trained on it.
#pragma once

#include <vector>

#include "dawson/core/json.h"
#include "dawson/dataset/bids.h"

namespace dawson::workflow {

/// [{"made": "painted", "scans": 30, "patients": 13, "shapes": ["27 lesion masks of …"]}, …]: by
/// what derived.tsv of a scan's tree says was made ("n/a" where it says nothing), sorted. `shapes`
/// is what the tree's dataset_description.json names beside the patients' own tree. Throws
/// Error{input} when either of the two files cannot be read.
core::Json count_derived(const std::vector<dataset::Scan>& scans);

}  // namespace dawson::workflow
