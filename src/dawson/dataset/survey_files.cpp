#include <algorithm>
#include <map>
#include <set>

#include "dawson/core/error.h"
#include "dawson/core/walk.h"
#include "dawson/dataset/image_names.h"
#include "dawson/dataset/survey.h"
#include "dawson/dicom/sequence.h"
#include "dawson/imaging/formats.h"

namespace dawson::dataset {
namespace {

namespace fs = std::filesystem;

/// A file with what its name and folders say.
struct Named {
  fs::path file;             ///< below the folder that is surveyed
  NameParts parts;           ///< of its own name
  std::string folder_visit;  ///< of the folders that name one
  fs::path home;             ///< the folders that may name a person: "siteA/P01"
  std::optional<Kind> folder_kind;
};

Named named(const fs::path& file) {
  Named n;
  n.file = file;
  n.parts = parts_of(imaging::image_stem(file));
  for (const fs::path& folder : file.parent_path()) {
    const NameParts parts = parts_of(folder.string());
    if (parts.kind) n.folder_kind = parts.kind;
    if (!parts.visit.empty()) n.folder_visit += (n.folder_visit.empty() ? "" : "_") + parts.visit;
    if (!parts.person.empty()) n.home /= folder;
  }
  return n;
}

/// BIDS's terms and seconds to what the guess is made from.
dicom::Facts facts_of(const core::Json& sidecar) {
  dicom::Facts f;
  const auto text = [&sidecar](const char* name) {
    const auto at = sidecar.find(name);
    return at != sidecar.end() && at->is_string() ? at->get<std::string>() : std::string();
  };
  const auto number = [&sidecar](const char* name) {
    const auto at = sidecar.find(name);
    return at != sidecar.end() && at->is_number() ? at->get<double>() : 0;
  };
  f.modality = "MR";
  f.description = text("SeriesDescription");
  f.protocol = text("ProtocolName");
  f.scanning_sequence = text("ScanningSequence");
  f.contrast_agent = text("ContrastBolusIngredient");
  f.echo_ms = 1000 * number("EchoTime");
  f.repetition_ms = 1000 * number("RepetitionTime");
  f.inversion_ms = 1000 * number("InversionTime");
  if (const auto types = sidecar.find("ImageType"); types != sidecar.end() && types->is_array()) {
    for (const core::Json& type : *types) {
      if (type.is_string()) f.image_type.push_back(type.get<std::string>());
    }
  }
  return f;
}

/// Its own name first for masks; a header's word before a name's for scans.
void decide(const fs::path& folder, const Named& named, FoundImage& found,
            std::vector<std::string>& problems) {
  found.kind = named.parts.kind;
  found.why = "its name";
  if (found.kind && is_mask(*found.kind)) return;
  found.facts = sidecar_of(folder / named.file, problems);
  if (!found.facts.empty()) {
    const dicom::Guess guess = dicom::guess_sequence(facts_of(found.facts));
    if (const auto kind = kind_of(guess.sequence)) {
      found.kind = kind;
      found.why = "its sidecar: " + guess.why;
    }
  }
  if (!found.kind && named.folder_kind) {
    found.kind = named.folder_kind;
    found.why = "its folder's name";
  }
  if (!found.kind) found.why = "no name that says what it is, or of another image";
}

/// Folders with FLAIR scans of several names hold several persons.
std::set<fs::path> shared_homes(const std::vector<Named>& files,
                                const std::vector<FoundImage>& images) {
  std::map<fs::path, std::set<std::string>> persons;
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (images[i].kind == Kind::flair) persons[files[i].home].insert(files[i].parts.person);
  }
  std::set<fs::path> shared;
  for (const auto& [home, names] : persons) {
    if (home.empty() || names.size() > 1) shared.insert(home);
  }
  return shared;
}

}  // namespace

Survey survey_files(const fs::path& folder, Progress& progress) {
  Survey survey{.form = "NIfTI", .images = {}, .problems = {}, .people = {}};
  std::vector<Named> files;
  for (const fs::path& file : core::files_below(folder, survey.problems)) {
    progress.check();
    const fs::path below = file.lexically_relative(folder);
    if (!imaging::is_image_name(file) || below.string().find("/.") != std::string::npos ||
        below.string().starts_with(".")) {
      continue;
    }
    files.push_back(named(below));
    FoundImage found;
    found.name = below.string();
    decide(folder, files.back(), found, survey.problems);
    survey.images.push_back(std::move(found));
  }
  // The last folder names a person where that is enough to tell them apart.
  std::map<std::string, std::set<fs::path>> homes;
  for (const Named& n : files) homes[n.home.filename().string()].insert(n.home);
  const std::set<fs::path> shared = shared_homes(files, survey.images);
  const std::string nobody = fs::absolute(folder).lexically_normal().parent_path().filename();
  for (std::size_t i = 0; i < files.size(); ++i) {
    const Named& n = files[i];
    FoundImage& found = survey.images[i];
    const bool unique = homes.at(n.home.filename().string()).size() == 1;
    found.person = unique ? n.home.filename().string() : n.home.string();
    if (n.home.empty() || (shared.contains(n.home) && !n.parts.person.empty())) {
      found.person = (n.home.empty() || unique ? "" : n.home.string() + "/") + n.parts.person;
    }
    if (found.person.empty()) found.person = nobody;
    found.visit = n.folder_visit;
    if (!n.parts.visit.empty()) found.visit += (found.visit.empty() ? "" : "_") + n.parts.visit;
    if (!found.kind) continue;
    found.read = reader_of(folder / n.file, *found.kind);
  }
  return survey;
}

}  // namespace dawson::dataset
