#include "dawson/report/finished_case.h"

#include <algorithm>
#include <charconv>

#include "dawson/core/error.h"
#include "dawson/core/hash.h"
#include "dawson/core/json.h"
#include "dawson/imaging/formats.h"

namespace dawson::report {
namespace {

namespace fs = std::filesystem;
using core::Json;

constexpr const char* run_ending = "_run.json";

std::string text_at(const Json& json, const char* pointer) {
  const Json::json_pointer place(pointer);
  if (!json.contains(place) || !json.at(place).is_string()) return {};
  return json.at(place).get<std::string>();
}

std::optional<double> number_at(const Json& json, const char* pointer) {
  const Json::json_pointer place(pointer);
  if (!json.contains(place) || !json.at(place).is_number()) return std::nullopt;
  return json.at(place).get<double>();
}

std::vector<double> numbers_at(const Json& json, const char* pointer) {
  const Json::json_pointer place(pointer);
  std::vector<double> numbers;
  if (!json.contains(place) || !json.at(place).is_array()) return numbers;
  for (const Json& value : json.at(place)) {
    if (value.is_number()) numbers.push_back(value.get<double>());
  }
  return numbers;
}

std::optional<std::string> field_at(const Json& json, const char* pointer) {
  const std::string text = text_at(json, pointer);
  if (text.empty() || text == english().not_given) return std::nullopt;
  return text;
}

void read_run(const Json& run, CaseReport& facts) {
  facts.model = {text_at(run, "/model/name"), text_at(run, "/model/version"),
                 text_at(run, "/model/sha256")};
  facts.program_version = text_at(run, "/version");
  facts.date = text_at(run, "/date").substr(0, 10);
  facts.run.scan_sha256 = text_at(run, "/scan/sha256");
  facts.run.threshold = number_at(run, "/model/threshold");
  facts.run.temperature = number_at(run, "/model/temperature");
  facts.run.min_peak = number_at(run, "/model/min_peak");
  facts.run.min_volume_mm3 = number_at(run, "/model/min_volume_mm3");
  const Json::json_pointer mirrored("/model/mirrored");
  if (run.contains(mirrored) && run.at(mirrored).is_boolean()) {
    facts.run.mirrored = run.at(mirrored).get<bool>();
  }
  facts.brain_volume_error_percent = number_at(run, "/brain/volume_error_percent");
  facts.brain_volume_errors_percent = numbers_at(run, "/brain/volume_errors_percent");
  facts.bands.minimal_below =
      number_at(run, "/severity_bands/minimal_below").value_or(facts.bands.minimal_below);
  facts.bands.mild_below =
      number_at(run, "/severity_bands/mild_below").value_or(facts.bands.mild_below);
  facts.bands.moderate_below =
      number_at(run, "/severity_bands/moderate_below").value_or(facts.bands.moderate_below);
  if (!run.contains("warnings") || !run["warnings"].is_array()) return;
  for (const Json& warning : run["warnings"]) {
    if (warning.is_string()) facts.warnings.push_back(warning.get<std::string>());
  }
}

/// What only the report that stands there knows.
void read_earlier_report(const fs::path& file, CaseReport& facts) {
  if (!fs::exists(file)) return;
  const Json earlier = core::read_json(file);
  facts.patient = {field_at(earlier, "/patient/name"), field_at(earlier, "/patient/participant"),
                   field_at(earlier, "/patient/age"), field_at(earlier, "/patient/sex")};
  if (facts.date.empty()) facts.date = field_at(earlier, "/date").value_or("");
  if (!facts.brain_volume_error_percent) {
    facts.brain_volume_error_percent = number_at(earlier, "/brain/volume_error_percent");
  }
  if (facts.brain_volume_errors_percent.empty()) {
    facts.brain_volume_errors_percent = numbers_at(earlier, "/brain/volume_errors_percent");
  }
  const auto limit = [&](const char* pointer, double& below) {
    below = number_at(earlier, pointer).value_or(below);
  };
  limit("/severity/bands/1/below_percent", facts.bands.minimal_below);
  limit("/severity/bands/2/below_percent", facts.bands.mild_below);
  limit("/severity/bands/3/below_percent", facts.bands.moderate_below);
  const Json::json_pointer sequences("/image/sequences");
  if (!earlier.contains(sequences) || !earlier.at(sequences).is_array()) return;
  facts.sequences.clear();
  for (const Json& name : earlier.at(sequences)) {
    if (name.is_string()) facts.sequences.push_back(name.get<std::string>());
  }
}

fs::path recorded_scan(const Json& run, const CasePlace& place, const fs::path& record) {
  const std::string relative = text_at(run, "/scan/path");
  if (relative.empty()) {
    throw Error(ExitCode::input, "does not say which scan was segmented", record.string(),
                "name it with --scan");
  }
  const fs::path scan = (place.folder / relative).lexically_normal();
  if (!fs::exists(scan)) {
    throw Error(ExitCode::input, "the segmented scan is no longer there", scan.string(),
                "name it with --scan");
  }
  if (core::sha256_file(scan) != text_at(run, "/scan/sha256")) {
    throw Error(ExitCode::input, "is not the scan that was segmented: its SHA-256 differs",
                scan.string(), "name the right one with --scan");
  }
  return scan;
}

/// STEM_lesion-ID_relevance.nii.gz, whatever else lies there.
std::vector<RelevanceFile> find_relevance(const CasePlace& place) {
  const std::string before = place.stem + "_lesion-", after = "_relevance.nii.gz";
  std::vector<RelevanceFile> files;
  for (const auto& entry : fs::directory_iterator(place.folder)) {
    const std::string name = entry.path().filename().string();
    if (!entry.is_regular_file() || name.size() <= before.size() + after.size() ||
        !name.starts_with(before) || !name.ends_with(after)) {
      continue;
    }
    const std::string id = name.substr(before.size(), name.size() - before.size() - after.size());
    int number = 0;
    const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), number);
    if (error != std::errc{} || end != id.data() + id.size() || number < 1) continue;
    files.push_back({number, entry.path()});
  }
  std::sort(files.begin(), files.end(), [](const RelevanceFile& a, const RelevanceFile& b) {
    return a.lesion_id < b.lesion_id;
  });
  return files;
}

double volume_ml(const volume::Mask& mask) {
  const auto inside =
      std::count_if(mask.data.begin(), mask.data.end(), [](std::uint8_t v) { return v != 0; });
  return static_cast<double>(inside) * mask.grid.voxel_volume_mm3() / 1000;
}

void check_same_grid(const volume::Grid& scan, const volume::Grid& other, const fs::path& file) {
  if (volume::same_grid(scan, other)) return;
  throw Error(ExitCode::input, "does not lie on the scan's grid", file.string());
}

}  // namespace

std::vector<CasePlace> find_finished(const fs::path& folder) {
  std::error_code failed;
  fs::recursive_directory_iterator entries(folder, failed);
  if (failed) throw Error(ExitCode::input, "is not a folder that can be read", folder.string());
  std::vector<CasePlace> places;
  const std::string ending = run_ending;
  for (; entries != fs::recursive_directory_iterator(); ++entries) {
    const std::string name = entries->path().filename().string();
    if (entries->is_directory() && name.starts_with('.')) {
      entries.disable_recursion_pending();
    } else if (entries->is_regular_file() && name.size() > ending.size() && name[0] != '.' &&
               name.ends_with(ending)) {
      places.push_back(
          {entries->path().parent_path(), name.substr(0, name.size() - ending.size())});
    }
  }
  if (places.empty()) {
    throw Error(ExitCode::input, "holds no finished case", folder.string(),
                "give a folder that dawson segment has written");
  }
  std::sort(places.begin(), places.end(), [](const CasePlace& a, const CasePlace& b) {
    return std::pair(a.folder, a.stem) < std::pair(b.folder, b.stem);
  });
  return places;
}

bool is_training_run(const fs::path& folder) {
  if (!fs::is_regular_file(folder / "history.tsv")) return false;
  const auto entries = fs::directory_iterator(folder);
  return std::none_of(begin(entries), end(entries), [](const fs::directory_entry& entry) {
    return entry.path().filename().string().ends_with(run_ending);
  });
}

CaseReport FinishedCase::report() const {
  CaseReport report = facts;
  report.scan = &scan;
  report.segmentation = &segmentation;
  report.relevance = relevance;
  return report;
}

FinishedCase open_finished(const CasePlace& place, const fs::path& scan) {
  const auto file = [&](const char* ending) { return place.folder / (place.stem + ending); };
  const fs::path record = file(run_ending);
  const Json run = core::read_json(record);
  FinishedCase out;
  out.facts.stem = place.stem;
  out.relevance = find_relevance(place);
  read_run(run, out.facts);
  read_earlier_report(file("_report.json"), out.facts);

  const fs::path source = scan.empty() ? recorded_scan(run, place, record) : scan;
  out.scan = imaging::read_image(source).image;
  out.facts.image_name = source.filename().string();
  if (!scan.empty() && core::sha256_file(scan) != text_at(run, "/scan/sha256")) {
    out.facts.warnings.push_back("the pictures show " + out.facts.image_name +
                                 ", which is not the file that was segmented");
  }

  segmentation::Segmentation& s = out.segmentation;
  s.lesion_mask = volume::read_nifti_mask(file("_label-lesion_mask.nii.gz"));
  s.brain_mask = volume::read_nifti_mask(file("_label-brain_mask.nii.gz"));
  s.probabilities = volume::read_nifti(file("_label-lesion_probseg.nii.gz")).image;
  check_same_grid(out.scan.grid, s.lesion_mask.grid, file("_label-lesion_mask.nii.gz"));
  check_same_grid(out.scan.grid, s.brain_mask.grid, file("_label-brain_mask.nii.gz"));
  check_same_grid(out.scan.grid, s.probabilities.grid, file("_label-lesion_probseg.nii.gz"));
  s.lesions = segmentation::find_lesions(s.lesion_mask, s.probabilities);
  s.lesion_volume_ml = volume_ml(s.lesion_mask);
  s.brain_volume_ml = volume_ml(s.brain_mask);
  const Json::json_pointer stripped("/brain/was_stripped");
  s.was_stripped = run.contains(stripped) && run.at(stripped) == true;
  return out;
}

}  // namespace dawson::report
