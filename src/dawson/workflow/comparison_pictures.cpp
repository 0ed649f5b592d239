#include "dawson/workflow/comparison_pictures.h"

#include <algorithm>

#include "dawson/core/error.h"
#include "dawson/core/table.h"
#include "dawson/dataset/bids.h"
#include "dawson/dataset/read_scan.h"
#include "dawson/imaging/formats.h"
#include "dawson/report/comparison.h"

namespace dawson::workflow {
namespace {

namespace fs = std::filesystem;
using evaluation::PairedCase;
using Scans = std::map<std::string, fs::path>;

std::string without_source(const std::string& name) {
  return name.substr(name.find('/') + 1);
}

/// The only path of those whose key satisfies `wanted`.
template <typename Condition>
std::optional<fs::path> only_one(const Scans& scans, const Condition& wanted) {
  std::optional<fs::path> found;
  for (const auto& [name, file] : scans) {
    if (!wanted(name)) continue;
    if (found) return std::nullopt;
    found = file;
  }
  return found;
}

Scans scans_in(const fs::path& folder) {
  Scans scans;
  if (dataset::holds_bids(folder)) {
    for (const dataset::Scan& s : dataset::find_scans(folder)) scans[s.name()] = s.flair;
    return scans;
  }
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (!imaging::is_image_name(entry.path())) continue;
    std::string stem = imaging::image_stem(entry.path());
    if (stem.ends_with("_FLAIR")) stem.erase(stem.size() - 6);
    scans[stem] = entry.path();
  }
  if (scans.empty()) throw Error(ExitCode::input, "holds no scan", folder.string());
  return scans;
}

/// The case's name as that of a file.
std::string file_name(std::string name) {
  std::replace(name.begin(), name.end(), '/', '_');
  return name + "_comparison.png";
}

}  // namespace

ComparisonPictures::ComparisonPictures(const fs::path& scan, const evaluation::Pairing& pairing) {
  if (!fs::exists(scan)) throw Error(ExitCode::input, "does not exist", scan.string());
  if (!fs::is_directory(scan)) {
    for (const PairedCase& c : pairing.cases) scan_of_[c.name] = scan;
    return;
  }
  const Scans scans = scans_in(scan);
  for (const PairedCase& c : pairing.cases) {
    const auto same = scans.find(c.name);
    const std::optional<fs::path> other =
        same != scans.end() ? std::optional(same->second)
                            : only_one(scans, [&](const std::string& name) {
                                return without_source(name) == without_source(c.name);
                              });
    if (other) scan_of_[c.name] = *other;
  }
}

void ComparisonPictures::draw(const evaluation::CaseResult& result,
                              const evaluation::CaseVolumes& volumes, const fs::path& folder,
                              Progress& progress) const {
  const auto scan_file = scan_of_.find(result.name);
  if (scan_file == scan_of_.end()) {
    progress.warn(result.name + " has no picture: its scan was not found");
    return;
  }
  try {
    const volume::Image scan = dataset::read_scan(scan_file->second).image;
    const double apart = scan.grid.size == volumes.reference->grid.size
                             ? volume::corner_distance_mm(scan.grid, volumes.reference->grid)
                             : 0;  // draw_comparison refuses other sizes with its own sentence
    if (!(apart <= evaluation::grid_tolerance_mm)) {
      throw Error(ExitCode::input,
                  "scan and reference lie " + core::number(apart, 2) + " mm apart at a corner");
    }
    const report::Picture picture =
        report::draw_comparison({&scan, volumes.prediction, volumes.brain, volumes.probabilities,
                                 volumes.reference, result.name},
                                report::english());
    fs::create_directories(folder);
    report::write_png(folder / file_name(result.name), picture);
  } catch (const Error& error) {
    if (error.code() != ExitCode::input) throw;
    progress.warn(result.name + " has no picture: " + error.what());
  }
}

}  // namespace dawson::workflow
