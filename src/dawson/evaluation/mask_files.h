// Masks in a folder and what their names say. Private to this room.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace dawson::evaluation {

/// One image and the parts of its name and place that pairing looks at.
struct MaskFile {
  std::filesystem::path file;
  std::string source;       ///< the tree's name; empty where the file lies in no tree
  std::string participant;  ///< "sub-01"; empty where the name does not say
  std::string session;      ///< "ses-1"; empty where the name does not say
  std::string stem;         ///< the name without extension, space, label, desc and suffix
  std::string label;        ///< "lesion", "brain", …; empty where the name does not say
  std::string suffix;       ///< "mask", "probseg", …; empty where the name has none of these
};

/// `root` is the folder that the user named; the source is read from the path below it, and is
/// root's own name where root is the tree.
MaskFile describe(const std::filesystem::path& file, const std::filesystem::path& root);

/// Images below `root` with this label and suffix "mask", sorted; where the folder has no names
/// with this label and `label` is "lesion", every image without label or suffix.
std::vector<MaskFile> find_masks(const std::filesystem::path& root, const std::string& label);

/// The image beside `file` with the same stem, this label and this suffix.
std::optional<std::filesystem::path> beside(const std::filesystem::path& file,
                                            const std::string& label, const std::string& suffix);

}  // namespace dawson::evaluation
