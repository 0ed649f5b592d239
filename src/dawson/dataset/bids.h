// Finding scans and their manual masks in BIDS trees.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace dawson::dataset {

/// One FLAIR scan of one visit and what lies beside it. Paths are as found below the given tree.
struct Scan {
  std::string source;       ///< the tree's folder name: which set or site it comes from
  std::string participant;  ///< "sub-01"
  std::string session;      ///< "ses-1"; empty where the tree has no sessions
  std::filesystem::path flair;
  std::optional<std::filesystem::path> t1w, t2w;
  /// From derivatives/manual_masks, on the FLAIR's grid.
  std::optional<std::filesystem::path> lesion_mask, brain_mask, ventricle_mask;

  /// The FLAIR's name less its suffix: "sub-01_ses-1".
  [[nodiscard]] std::string stem() const;
  /// source/sub[/ses], and the stem instead where one visit holds several FLAIR scans.
  [[nodiscard]] std::string name() const;
  /// source/sub: what must stay together in a split.
  [[nodiscard]] std::string patient() const { return source + "/" + participant; }

  /// The BIDS tree that it lies in.
  [[nodiscard]] std::filesystem::path tree() const;
  /// The FLAIR as seen from the folder that holds the trees: "source/sub-01/anat/….nii.gz".
  [[nodiscard]] std::filesystem::path file_in_trees() const;

  /// Another FLAIR scan of the same visit exists, so that name() needs the whole stem.
  bool one_of_several = false;
};

/// Every FLAIR scan of a raw BIDS tree (sub-*/[ses-*/]anat/*_FLAIR.nii[.gz]), or of every such tree
/// in a folder, sorted by source, participant, session and file name.
///
/// A mask belongs to a scan when its name agrees in all entities but space, label and desc; a T1w
/// or T2w does when all agree, or when it is the only one of that visit without contrast agent.
/// Throws Error{input} when the folder is missing or holds no FLAIR scan, and when two trees have
/// the same name or one mask is there twice.
std::vector<Scan> find_scans(const std::filesystem::path& tree);
/// The same for several folders.
std::vector<Scan> find_scans(const std::vector<std::filesystem::path>& trees);

/// True when `folder` is a BIDS tree or holds some: it has sub-* folders at most one level down.
bool holds_bids(const std::filesystem::path& folder);

}  // namespace dawson::dataset
