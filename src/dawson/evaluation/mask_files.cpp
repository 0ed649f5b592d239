#include "dawson/evaluation/mask_files.h"

#include <algorithm>

#include "dawson/core/error.h"
#include "dawson/imaging/formats.h"

namespace dawson::evaluation {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> split(const std::string& text, char at) {
  std::vector<std::string> parts;
  std::size_t begin = 0;
  while (true) {
    const std::size_t end = text.find(at, begin);
    parts.push_back(text.substr(begin, end == std::string::npos ? end : end - begin));
    if (end == std::string::npos) return parts;
    begin = end + 1;
  }
}

void read_name(MaskFile& mask) {
  for (const std::string& part : split(imaging::image_stem(mask.file), '_')) {
    if (part.starts_with("label-")) {
      mask.label = part.substr(6);
    } else if (part == "mask" || part == "probseg" || part == "dseg") {
      mask.suffix = part;
    } else if (!part.starts_with("space-") && !part.starts_with("desc-")) {
      if (part.starts_with("sub-")) mask.participant = part;
      if (part.starts_with("ses-")) mask.session = part;
      mask.stem += (mask.stem.empty() ? "" : "_") + part;
    }
  }
}

/// The folder that holds the sub-… folder; derivatives/NAME belong to the tree above them.
std::string source_of(const fs::path& file, const fs::path& root) {
  fs::path base = fs::absolute(root).lexically_normal();
  if (!base.has_filename()) base = base.parent_path();
  std::vector<std::string> folders{base.filename().string()};
  for (const fs::path& part : file.parent_path().lexically_relative(root)) {
    if (part.string().starts_with("sub-")) {
      if (folders.size() > 2 && folders[folders.size() - 2] == "derivatives") {
        return folders[folders.size() - 3];
      }
      return folders.back();
    }
    if (part != ".") folders.push_back(part.string());
  }
  return "";
}

bool is_hidden(const fs::path& path) {
  return path.filename().string().starts_with(".");
}

std::vector<fs::path> images_below(const fs::path& root) {
  std::vector<fs::path> files;
  try {
    for (auto entry = fs::recursive_directory_iterator(root);
         entry != fs::recursive_directory_iterator(); ++entry) {
      if (is_hidden(entry->path())) {
        if (entry->is_directory()) entry.disable_recursion_pending();
      } else if (entry->is_regular_file() && imaging::is_image_name(entry->path())) {
        files.push_back(entry->path());
      }
    }
  } catch (const fs::filesystem_error& error) {
    throw Error(ExitCode::input, "the folder cannot be read (" + error.code().message() + ")",
                root.string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

MaskFile describe(const fs::path& file, const fs::path& root) {
  MaskFile mask;
  mask.file = file;
  read_name(mask);
  mask.source = source_of(file, root);
  return mask;
}

std::vector<MaskFile> find_masks(const fs::path& root, const std::string& label) {
  std::vector<MaskFile> labelled;
  std::vector<MaskFile> plain;
  for (const fs::path& file : images_below(root)) {
    MaskFile mask = describe(file, root);
    if (mask.label == label && mask.suffix == "mask") {
      labelled.push_back(std::move(mask));
    } else if (mask.label.empty() && (mask.suffix.empty() || mask.suffix == "mask")) {
      plain.push_back(std::move(mask));
    }
  }
  return labelled.empty() && label == "lesion" ? plain : labelled;
}

std::optional<fs::path> beside(const fs::path& file, const std::string& label,
                               const std::string& suffix) {
  const fs::path folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
  const std::string stem = describe(file, folder).stem;
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (is_hidden(entry.path()) || !imaging::is_image_name(entry.path())) continue;
    const MaskFile other = describe(entry.path(), folder);
    if (other.stem == stem && other.label == label && other.suffix == suffix) {
      found.push_back(entry.path());
    }
  }
  // Two of them would make the choice a guess.
  return found.size() == 1 ? std::optional(found.front()) : std::nullopt;
}

}  // namespace dawson::evaluation
