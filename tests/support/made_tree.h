// Made heads as a BIDS tree with manual masks.
#pragma once

#include <filesystem>
#include <string>

#include "dawson/volume/nifti.h"
#include "support/made_head.h"

namespace dawson::made {

inline std::filesystem::path flair_of(const std::filesystem::path& tree, const std::string& sub) {
  return tree / sub / "anat" / (sub + "_FLAIR.nii.gz");
}

inline std::filesystem::path mask_of(const std::filesystem::path& tree, const std::string& sub,
                                     const std::string& label) {
  return tree / "derivatives" / "manual_masks" / sub / "anat" /
         (sub + "_space-FLAIR_label-" + label + "_mask.nii.gz");
}

inline void add_to_tree(const std::filesystem::path& tree, const std::string& sub,
                        const Head& head) {
  std::filesystem::create_directories(flair_of(tree, sub).parent_path());
  std::filesystem::create_directories(mask_of(tree, sub, "lesion").parent_path());
  volume::write_nifti(flair_of(tree, sub), head.scan);
  volume::write_nifti(mask_of(tree, sub, "lesion"), head.lesions);
  volume::write_nifti(mask_of(tree, sub, "brain"), head.brain);
}

}  // namespace dawson::made
