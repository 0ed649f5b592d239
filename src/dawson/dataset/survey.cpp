#include "dawson/dataset/survey.h"

#include <algorithm>
#include <cmath>

#include "dawson/core/error.h"
#include "dawson/dataset/bids.h"
#include "dawson/dataset/read_scan.h"
#include "dawson/imaging/formats.h"

namespace dawson::dataset {
namespace {

namespace fs = std::filesystem;

/// dataset.json of nnU-Net names channels; other formats have a file of that name too.
bool is_nnunet(const fs::path& folder) {
  const fs::path file = folder / "dataset.json";
  if (!fs::exists(file)) return false;
  const core::Json json = core::read_json(file);
  return json.contains("channel_names") || json.contains("modality");
}

bool has_flair(const Survey& survey) {
  return std::any_of(survey.images.begin(), survey.images.end(),
                     [](const FoundImage& image) { return image.kind == Kind::flair; });
}

/// DICOM series, or image files, or the one of both that has a FLAIR: what one tool made from the
/// other would be there twice.
Survey survey_export(const fs::path& folder, Progress& progress) {
  Survey series = survey_dicom(folder, progress), files = survey_files(folder, progress);
  if (files.images.empty()) return series;
  if (series.images.empty()) {
    files.problems.insert(files.problems.end(), series.problems.begin(), series.problems.end());
    return files;
  }
  const bool take_files = has_flair(files) && !has_flair(series);
  const Survey& left = take_files ? series : files;
  Survey& taken = take_files ? files : series;
  taken.problems.push_back(
      "there are both DICOM series and image files: " + std::to_string(left.images.size()) +
      " of " + left.form + " are left, such as " + left.images.front().name + "; --from chooses");
  return std::move(taken);
}

}  // namespace

std::string name_of(Kind kind) {
  switch (kind) {
    case Kind::flair:
      return "FLAIR";
    case Kind::t1w:
      return "T1w";
    case Kind::t1w_contrast:
      return "T1w with contrast agent";
    case Kind::t2w:
      return "T2w";
    case Kind::lesion_mask:
      return "lesion mask";
    case Kind::brain_mask:
      return "brain mask";
    case Kind::ventricle_mask:
      break;
  }
  return "ventricle mask";
}

bool is_mask(Kind kind) {
  return kind == Kind::lesion_mask || kind == Kind::brain_mask || kind == Kind::ventricle_mask;
}

std::optional<Kind> kind_of(dicom::Sequence sequence) {
  switch (sequence) {
    case dicom::Sequence::flair:
      return Kind::flair;
    case dicom::Sequence::t1w:
      return Kind::t1w;
    case dicom::Sequence::t1w_contrast:
      return Kind::t1w_contrast;
    case dicom::Sequence::t2w:
      return Kind::t2w;
    case dicom::Sequence::other:
      break;
  }
  return {};
}

std::function<volume::NiftiImage(Progress&)> reader_of(const fs::path& file, Kind kind) {
  if (!is_mask(kind)) return [file](Progress&) { return read_scan(file); };
  return [file](Progress&) {
    volume::NiftiImage read = read_scan(file);
    for (float& v : read.image.data) v = v > 0.5F ? 1 : 0;
    return read;
  };
}

std::function<volume::NiftiImage(Progress&)> reader_of_label(const fs::path& file, int value) {
  return [file, value](Progress&) {
    volume::NiftiImage read = read_scan(file);
    for (float& v : read.image.data) v = std::abs(v - static_cast<float>(value)) < 0.5F ? 1 : 0;
    return read;
  };
}

core::Json sidecar_of(const fs::path& image, std::vector<std::string>& problems) {
  const fs::path file = image.parent_path() / (imaging::image_stem(image) + ".json");
  if (!fs::exists(file)) return core::Json::object();
  try {
    core::Json json = core::read_json(file);
    if (json.is_object()) return json;
    problems.push_back(file.string() + ": is no table of names and values");
  } catch (const Error& e) {
    problems.emplace_back(e.what());
  }
  return core::Json::object();
}

Survey survey_folder(const fs::path& folder, Progress& progress) {
  if (!fs::is_directory(folder)) throw Error(ExitCode::input, "is not a folder", folder.string());
  if (is_nnunet(folder)) return survey_nnunet(folder);
  if (holds_bids(folder)) return survey_bids(folder);
  return survey_export(folder, progress);
}

}  // namespace dawson::dataset
