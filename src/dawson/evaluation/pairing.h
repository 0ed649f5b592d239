// Which prediction answers which reference.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace dawson::evaluation {

/// A reference and the prediction for it, with what lies beside them.
struct PairedCase {
  std::string name;     ///< source/sub[/ses] in trees, else the file's stem
  std::string patient;  ///< source/sub; the name where no participant is known
  std::string site;     ///< the source; "n/a" where none is known
  std::filesystem::path reference;
  std::filesystem::path prediction;
  std::optional<std::filesystem::path> probabilities;
  std::optional<std::filesystem::path> brain;
  std::string brain_source = "n/a";  ///< "given", "reference", "prediction" or "n/a"
};

struct Unpaired {
  std::string name;
  std::filesystem::path file;
  std::string reason;
};

struct Pairing {
  std::vector<PairedCase> cases;                         ///< by name
  std::vector<Unpaired> without_prediction;              ///< references; each is a failed case
  std::vector<std::filesystem::path> without_reference;  ///< predictions that nothing is known of
};

/// Pairs a reference file with a prediction file, or the masks of a folder with those of another.
///
/// In folders, `*_label-lesion_mask` files count (any space-), or, where there are none, every
/// image that is no probability map and bears no other label. Files named sub-… pair by source, sub
/// and ses (then by the whole name where that is not enough); the source is the folder that holds
/// the sub-… folders, below `derivatives/NAME` the one that holds derivatives. A folder that is
/// itself one tree, or holds files alone, also answers another source where no doubt is possible.
/// Other files pair by equal stems (the name less its extension, `_space-…`, `_label-…` and
/// `_mask`).
///
/// Brain mask: from `brain` (a file for all, or a folder paired the same way), else the
/// `_label-brain_mask` beside the reference, else beside the prediction. Probabilities: the
/// `_probseg` beside the prediction.
/// Where a reference folder holds `derivatives/manual_masks`, only masks from there are references.
/// A reference with no or several fitting predictions, or one that shares its only prediction with
/// another, is left unpaired with the reason.
/// Throws Error{input} when a path is missing or a folder holds no mask.
Pairing pair_cases(const std::filesystem::path& reference, const std::filesystem::path& prediction,
                   const std::optional<std::filesystem::path>& brain = std::nullopt);

}  // namespace dawson::evaluation
