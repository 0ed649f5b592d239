#include <algorithm>
#include <charconv>
#include <map>
#include <set>

#include "dawson/core/error.h"
#include "dawson/dataset/image_names.h"
#include "dawson/dataset/survey.h"

namespace dawson::dataset {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(const fs::path& folder, const std::string& why) {
  throw Error(ExitCode::input, why, (folder / "dataset.json").string());
}

/// What a dataset.json says, of either version.
struct Description {
  std::map<int, std::string> channels;  ///< number → name
  std::map<std::string, int> labels;    ///< name → value
  std::string ending = ".nii.gz";
};

/// Channels and labels are numbers, or their digits.
int whole_number(const core::Json& json, const fs::path& folder) {
  const std::string text = json.is_string() ? json.get<std::string>() : json.dump();
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) {
    refuse(folder, "has '" + text.substr(0, 80) + "' where a number belongs");
  }
  return value;
}

/// Version 1 has labels by value ("1": "lesion"), version 2 by name; both have channels by number.
Description read_description(const fs::path& folder) {
  const core::Json json = core::read_json(folder / "dataset.json");
  if (!json.is_object()) refuse(folder, "is no table of names and values");
  Description d;
  const core::Json channels =
      json.contains("channel_names") ? json["channel_names"] : json.value("modality", core::Json());
  if (!channels.is_object()) refuse(folder, "names no channels");
  for (const auto& [number, name] : channels.items()) {
    if (!name.is_string()) refuse(folder, "has a channel without a name");
    d.channels[whole_number(core::Json(number), folder)] = name.get<std::string>();
  }
  const core::Json labels = json.value("labels", core::Json::object());
  if (!labels.is_object()) refuse(folder, "has labels that are no table");
  for (const auto& [key, value] : labels.items()) {
    if (value.is_array()) continue;  // a region, made of labels that have names of their own
    const bool by_value = !key.empty() && key.find_first_not_of("0123456789") == std::string::npos;
    if (by_value && value.is_string()) {
      d.labels[value.get<std::string>()] = whole_number(core::Json(key), folder);
    } else {
      d.labels[key] = whole_number(value, folder);
    }
  }
  if (json.contains("file_ending")) {
    if (!json["file_ending"].is_string()) refuse(folder, "has a file_ending that is no text");
    d.ending = json["file_ending"].get<std::string>();
  }
  return d;
}

/// The value of lesions; nothing where several labels might be meant.
std::optional<int> lesion_value(const Description& d) {
  std::vector<int> others;
  for (const auto& [name, value] : d.labels) {
    if (value == 0) continue;
    if (says_lesion(name)) return value;
    others.push_back(value);
  }
  if (others.size() == 1) return others.front();
  return {};
}

class Reader {
 public:
  Reader(const fs::path& folder, Survey& survey)
      : folder_(folder), survey_(survey), description_(read_description(folder)) {
    for (const auto& [number, name] : description_.channels) {
      kinds_[number] = kind_of_words(words_of(name));
    }
    if (std::none_of(kinds_.begin(), kinds_.end(),
                     [](const auto& k) { return k.second == Kind::flair; })) {
      refuse(folder, "names no FLAIR among its channels");
    }
    lesion_ = lesion_value(description_);
    if (!lesion_ && !description_.labels.empty()) {
      survey.problems.push_back("dataset.json: no label is called lesion, and there are several");
    }
  }

  void images(const char* name) {
    for (const fs::path& file : files_of(name)) {
      // CASE_0000.nii.gz
      const std::string stem = stem_of(file);
      const std::size_t bar = stem.rfind('_');
      const std::string digits = bar == std::string::npos ? "" : stem.substr(bar + 1);
      if (digits.size() != 4 || digits.find_first_not_of("0123456789") != std::string::npos) {
        survey_.problems.push_back(shown(file) + ": its name has no channel at the end (_0000)");
        continue;
      }
      FoundImage found = of_case(stem.substr(0, bar), file);
      const auto channel = kinds_.find(std::stoi(digits));
      if (channel != kinds_.end() && channel->second && !is_mask(*channel->second)) {
        found.kind = channel->second;
        found.read = reader_of(file, *channel->second);
      }
      found.why = channel == kinds_.end() ? "dataset.json names no channel " + digits
                                          : "channel " + digits + " is '" +
                                                description_.channels.at(channel->first) + "'";
      cases_.insert(found.person);
      if (std::string(name) == "imagesTr") unlabelled_.insert(found.person);
      survey_.images.push_back(std::move(found));
    }
  }

  void labels(const char* name) {
    for (const fs::path& file : files_of(name)) {
      FoundImage found = of_case(stem_of(file), file);
      unlabelled_.erase(found.person);
      found.why = "a label that is no lesion's";
      if (!cases_.contains(found.person)) {
        found.unfit = true;
        found.why = "a label of a case that has no image";
      } else if (lesion_) {
        found.kind = Kind::lesion_mask;
        found.why = "label " + std::to_string(*lesion_);
        found.read = reader_of_label(file, *lesion_);
      }
      survey_.images.push_back(std::move(found));
    }
  }

  /// Cases of training that have no label.
  void name_unlabelled() {
    for (const std::string& name : unlabelled_) {
      survey_.problems.push_back("case " + name + " has no label");
    }
  }

 private:
  [[nodiscard]] std::vector<fs::path> files_of(const char* name) const {
    std::vector<fs::path> files;
    std::error_code none;  // a folder that is not there holds nothing
    for (const auto& entry : fs::directory_iterator(folder_ / name, none)) {
      const std::string file = entry.path().filename().string();
      if (!file.starts_with(".") && file.ends_with(description_.ending)) {
        files.push_back(entry.path());
      }
    }
    std::sort(files.begin(), files.end());
    return files;
  }

  [[nodiscard]] std::string stem_of(const fs::path& file) const {
    const std::string name = file.filename().string();
    return name.substr(0, name.size() - description_.ending.size());
  }

  [[nodiscard]] std::string shown(const fs::path& file) const {
    return file.lexically_relative(folder_).string();
  }

  [[nodiscard]] FoundImage of_case(const std::string& name, const fs::path& file) const {
    FoundImage found;
    found.name = shown(file);
    found.person = name;
    return found;
  }

  const fs::path& folder_;
  Survey& survey_;
  Description description_;
  std::map<int, std::optional<Kind>> kinds_;
  std::optional<int> lesion_;
  std::set<std::string> cases_, unlabelled_;
};

}  // namespace

Survey survey_nnunet(const fs::path& folder) {
  Survey survey{.form = "nnU-Net", .images = {}, .problems = {}, .people = {}};
  Reader reader(folder, survey);
  reader.images("imagesTr");
  reader.images("imagesTs");
  reader.labels("labelsTr");
  reader.labels("labelsTs");
  reader.name_unlabelled();
  return survey;
}

}  // namespace dawson::dataset
