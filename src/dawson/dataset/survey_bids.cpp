#include <algorithm>
#include <map>

#include "dawson/core/error.h"
#include "dawson/dataset/bids.h"
#include "dawson/dataset/survey.h"

namespace dawson::dataset {
namespace {

namespace fs = std::filesystem;

/// Between session and suffix: "sub-01_ses-1_acq-3D_run-1_FLAIR" → "acq-3D_run-1".
std::string entities_of(const Scan& scan) {
  std::string stem = scan.stem();
  for (const std::string& label : {scan.participant, scan.session}) {
    if (!label.empty() && stem.starts_with(label)) stem.erase(0, label.size());
    if (stem.starts_with("_")) stem.erase(0, 1);
  }
  return stem;
}

FoundImage image_of(const Scan& scan, Kind kind, const fs::path& file,
                    std::vector<std::string>& problems) {
  FoundImage found;
  found.name = file.lexically_relative(scan.tree()).string();
  found.person = scan.participant;
  found.visit = scan.session;
  found.session = scan.session;
  found.kind = kind;
  found.why = "its name";
  // A T1w or T2w may lie beside several FLAIR scans and has no entities of theirs.
  if (kind == Kind::flair || is_mask(kind)) found.entities = entities_of(scan);
  if (!is_mask(kind)) found.facts = sidecar_of(file, problems);
  found.read = reader_of(file, kind);
  return found;
}

}  // namespace

Survey survey_bids(const fs::path& folder) {
  Survey survey{.form = "BIDS", .images = {}, .problems = {}, .people = {}};
  const std::vector<Scan> scans = find_scans(folder);
  if (std::any_of(scans.begin(), scans.end(),
                  [&](const Scan& s) { return s.source != scans.front().source; })) {
    throw Error(ExitCode::input, "holds several BIDS trees", folder.string(),
                "import one at a time");
  }
  std::map<std::string, Participant> people;
  std::vector<fs::path> seen;
  const auto add = [&](const Scan& scan, Kind kind, const std::optional<fs::path>& file) {
    if (!file || std::find(seen.begin(), seen.end(), *file) != seen.end()) return;
    seen.push_back(*file);
    survey.images.push_back(image_of(scan, kind, *file, survey.problems));
  };
  const std::vector<Participant> known = participants_of(scans);
  for (std::size_t i = 0; i < scans.size(); ++i) {
    const Scan& scan = scans[i];
    add(scan, Kind::flair, scan.flair);
    add(scan, Kind::t1w, scan.t1w);
    add(scan, Kind::t2w, scan.t2w);
    add(scan, Kind::lesion_mask, scan.lesion_mask);
    add(scan, Kind::brain_mask, scan.brain_mask);
    add(scan, Kind::ventricle_mask, scan.ventricle_mask);
    people.emplace(known[i].id, known[i]);
  }
  for (const auto& [id, person] : people) survey.people.push_back(person);
  return survey;
}

}  // namespace dawson::dataset
