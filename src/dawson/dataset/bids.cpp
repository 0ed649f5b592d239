#include "dawson/dataset/bids.h"

#include <algorithm>
#include <map>

#include "dawson/core/error.h"
#include "dawson/imaging/formats.h"

namespace dawson::dataset {
namespace {

namespace fs = std::filesystem;

/// "sub-01_ses-1_space-FLAIR_label-lesion_mask.nii.gz": entities in order, and the suffix "mask".
struct BidsName {
  std::string entities;  ///< without space, label and desc: "sub-01_ses-1"
  std::string label;
  std::string suffix;
};

BidsName parse_name(const fs::path& file) {
  const std::string stem = imaging::image_stem(file);
  BidsName name;
  std::size_t begin = 0;
  while (begin <= stem.size()) {
    const std::size_t end = std::min(stem.find('_', begin), stem.size());
    const std::string part = stem.substr(begin, end - begin);
    begin = end + 1;
    if (end == stem.size()) {
      name.suffix = part;
    } else if (part.starts_with("label-")) {
      name.label = part.substr(6);
    } else if (!part.starts_with("space-") && !part.starts_with("desc-")) {
      name.entities += (name.entities.empty() ? "" : "_") + part;
    }
  }
  return name;
}

/// The BIDS way of naming images leaves only these two extensions.
bool is_nifti(const fs::path& file) {
  const std::string name = file.filename().string();
  return name.ends_with(".nii") || name.ends_with(".nii.gz");
}

/// Entries of a folder in the order of their names; hidden ones are left out.
std::vector<fs::path> sorted_entries(const fs::path& folder) {
  std::vector<fs::path> entries;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (!entry.path().filename().string().starts_with(".")) entries.push_back(entry.path());
  }
  if (error) throw Error(ExitCode::input, "the folder cannot be read", folder.string());
  std::sort(entries.begin(), entries.end());
  return entries;
}

std::vector<fs::path> subfolders(const fs::path& folder, const std::string& prefix) {
  std::vector<fs::path> found;
  for (const fs::path& entry : sorted_entries(folder)) {
    if (entry.filename().string().starts_with(prefix) && fs::is_directory(entry)) {
      found.push_back(entry);
    }
  }
  return found;
}

std::vector<fs::path> nifti_files(const fs::path& folder) {
  std::vector<fs::path> files;
  if (!fs::is_directory(folder)) return files;
  for (const fs::path& entry : sorted_entries(folder)) {
    if (is_nifti(entry) && fs::is_regular_file(entry)) files.push_back(entry);
  }
  return files;
}

/// The folder's own name, also for "data/", "." and "..".
std::string folder_name(const fs::path& folder) {
  fs::path full = fs::absolute(folder).lexically_normal();
  if (!full.has_filename()) full = full.parent_path();
  return full.filename().string();
}

std::vector<fs::path> trees_in(const fs::path& folder) {
  if (!subfolders(folder, "sub-").empty()) return {folder};
  std::vector<fs::path> trees;
  for (const fs::path& entry : subfolders(folder, "")) {
    if (!subfolders(entry, "sub-").empty()) trees.push_back(entry);
  }
  return trees;
}

/// After a contrast agent: another image than the T1w that models know.
bool is_with_contrast(const BidsName& name) {
  return ("_" + name.entities).find("_ce-") != std::string::npos;
}

std::optional<fs::path> companion(const std::vector<fs::path>& files, const std::string& entities,
                                  const std::string& suffix) {
  std::vector<fs::path> candidates;
  for (const fs::path& file : files) {
    const BidsName name = parse_name(file);
    if (name.suffix != suffix) continue;
    if (name.entities == entities) return file;
    if (!is_with_contrast(name)) candidates.push_back(file);
  }
  if (candidates.size() == 1) return candidates.front();
  return std::nullopt;
}

std::optional<fs::path> mask_of(const std::vector<fs::path>& files, const std::string& entities,
                                const std::string& label) {
  std::optional<fs::path> found;
  for (const fs::path& file : files) {
    const BidsName name = parse_name(file);
    if (name.suffix != "mask" || name.label != label || name.entities != entities) continue;
    if (found) {
      throw Error(ExitCode::input,
                  "two masks of the label '" + label + "' belong to one scan: " +
                      found->filename().string() + " and " + file.filename().string(),
                  file.parent_path().string(), "remove one");
    }
    found = file;
  }
  return found;
}

/// The scans of one visit; `visit` is "sub-01" or "sub-01/ses-1" below the tree.
std::vector<Scan> scans_of_visit(const fs::path& tree, const fs::path& visit) {
  const std::vector<fs::path> files = nifti_files(tree / visit / "anat");
  const std::vector<fs::path> masks =
      nifti_files(tree / "derivatives" / "manual_masks" / visit / "anat");
  std::vector<Scan> scans;
  for (const fs::path& file : files) {
    const BidsName name = parse_name(file);
    if (name.suffix != "FLAIR") continue;
    Scan scan;
    scan.source = folder_name(tree);
    scan.participant = visit.begin()->string();
    scan.session = visit.has_parent_path() ? visit.filename().string() : "";
    scan.flair = file;
    scan.t1w = companion(files, name.entities, "T1w");
    scan.t2w = companion(files, name.entities, "T2w");
    scan.lesion_mask = mask_of(masks, name.entities, "lesion");
    scan.brain_mask = mask_of(masks, name.entities, "brain");
    scan.ventricle_mask = mask_of(masks, name.entities, "ventricle");
    scans.push_back(std::move(scan));
  }
  for (Scan& scan : scans) scan.one_of_several = scans.size() > 1;
  return scans;
}

void append_tree(const fs::path& tree, std::vector<Scan>& scans) {
  const auto append = [&](const fs::path& visit) {
    for (Scan& scan : scans_of_visit(tree, visit)) scans.push_back(std::move(scan));
  };
  for (const fs::path& participant : subfolders(tree, "sub-")) {
    append(participant.filename());
    for (const fs::path& session : subfolders(participant, "ses-")) {
      append(participant.filename() / session.filename());
    }
  }
}

}  // namespace

std::string Scan::stem() const {
  const std::string name = imaging::image_stem(flair);
  return name.ends_with("_FLAIR") ? name.substr(0, name.size() - 6) : name;
}

std::string Scan::name() const {
  if (one_of_several) return source + "/" + stem();
  return source + "/" + participant + (session.empty() ? "" : "/" + session);
}

fs::path Scan::tree() const {
  fs::path folder = flair.parent_path();
  while (folder.has_relative_path() && folder.filename() != participant) {
    folder = folder.parent_path();
  }
  return folder.parent_path();
}

fs::path Scan::file_in_trees() const {
  return source / flair.lexically_relative(tree());
}

bool holds_bids(const fs::path& folder) {
  return fs::is_directory(folder) && !trees_in(folder).empty();
}

std::vector<Scan> find_scans(const fs::path& tree) {
  return find_scans(std::vector<fs::path>{tree});
}

std::vector<Scan> find_scans(const std::vector<fs::path>& folders) {
  std::map<std::string, fs::path> trees;  // by source, which must be unique: it names the case
  for (const fs::path& folder : folders) {
    if (!fs::is_directory(folder)) {
      throw Error(ExitCode::input, "is not a folder", folder.string());
    }
    for (const fs::path& tree : trees_in(folder)) {
      const auto [known, is_new] = trees.emplace(folder_name(tree), tree);
      if (!is_new && !fs::equivalent(known->second, tree)) {
        throw Error(ExitCode::input,
                    "two trees have the name '" + known->first + "': the other is " +
                        known->second.string(),
                    tree.string(), "rename one");
      }
    }
  }
  std::vector<Scan> scans;
  for (const auto& [source, tree] : trees) append_tree(tree, scans);
  if (scans.empty()) {
    std::string where;
    for (const fs::path& folder : folders) where += (where.empty() ? "" : ", ") + folder.string();
    throw Error(ExitCode::input, "no FLAIR scan was found", where,
                "scans lie at sub-*/[ses-*/]anat/*_FLAIR.nii.gz, as BIDS has it");
  }
  return scans;
}

}  // namespace dawson::dataset
