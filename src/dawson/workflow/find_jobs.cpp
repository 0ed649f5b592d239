#include <algorithm>
#include <fstream>
#include <map>
#include <set>

#include "dawson/core/error.h"
#include "dawson/core/table.h"
#include "dawson/dataset/bids.h"
#include "dawson/dataset/participants.h"
#include "dawson/imaging/formats.h"
#include "dawson/workflow/segment.h"

namespace dawson::workflow {
namespace {

namespace fs = std::filesystem;

std::string stem_of_file(const fs::path& file) {
  std::string stem = imaging::image_stem(file);
  const std::string suffix = "_FLAIR";
  if (stem.size() > suffix.size() && stem.ends_with(suffix)) {
    stem.resize(stem.size() - suffix.size());
  }
  return stem;
}

std::vector<fs::path> read_list(const fs::path& file) {
  std::ifstream in(file);
  if (!in) throw Error(ExitCode::input, "cannot be read", file.string());
  std::vector<fs::path> paths;
  std::string line;
  while (std::getline(in, line)) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (line.empty() || line.front() == '#') continue;
    paths.push_back(file.parent_path() / line);
  }
  if (paths.empty()) throw Error(ExitCode::input, "the list names no scan", file.string());
  return paths;
}

report::Patient patient_of(const std::vector<dataset::Participant>& known, const std::string& id) {
  report::Patient patient;
  patient.participant = id;
  for (const dataset::Participant& p : known) {
    if (p.id != id) continue;
    if (p.age_years) {
      std::string age = core::number(*p.age_years, 1);
      if (age.ends_with(".0")) age.resize(age.size() - 2);
      patient.age = age;
    }
    patient.sex = p.sex;
  }
  return patient;
}

void add_tree(const fs::path& folder, bool with_source, const fs::path& out,
              std::vector<SegmentJob>& jobs) {
  std::map<fs::path, std::vector<dataset::Participant>> participants;
  const std::vector<dataset::Scan> scans = dataset::find_scans(folder);
  std::set<std::string> sources;
  for (const dataset::Scan& s : scans) sources.insert(s.source);
  for (const dataset::Scan& s : scans) {
    const fs::path tree = s.tree();
    if (!participants.contains(tree)) participants[tree] = dataset::read_participants(tree);
    fs::path place = out;
    if (with_source || sources.size() > 1) place /= s.source;
    place /= s.participant;
    if (!s.session.empty()) place /= s.session;
    jobs.push_back({s.name(), s.stem(), s.flair, place / "anat",
                    patient_of(participants[tree], s.participant), other_files(s)});
  }
}

/// "Doe^Jane" → "Jane Doe".
std::string spoken_name(const std::string& name) {
  const std::string alphabetic = name.substr(0, name.find('='));
  const std::size_t caret = alphabetic.find('^');
  if (caret == std::string::npos) return alphabetic;
  const std::string family = alphabetic.substr(0, caret);
  const std::string rest = alphabetic.substr(caret + 1);
  const std::string given = rest.substr(0, rest.find('^'));
  return given.empty() ? family : given + " " + family;
}

report::Patient patient_of(const dicom::Facts& facts) {
  const dicom::Person& person = facts.person;
  report::Patient patient;
  if (!person.name.empty()) patient.name = spoken_name(person.name);
  if (!person.id.empty()) patient.participant = person.id;
  const auto age = dicom::age_in_years(facts);
  if (age && *age >= 1) patient.age = std::to_string(static_cast<int>(*age));
  if (person.sex == "F" || person.sex == "M" || person.sex == "O") patient.sex = person.sex;
  return patient;
}

/// The FLAIR series of a folder of DICOM files; names of files say nothing of the patient.
bool add_dicom(const fs::path& folder, const fs::path& out, std::vector<SegmentJob>& jobs,
               Progress& progress) {
  const auto found = dataset::find_flairs(folder, progress);
  if (!found) return false;
  for (const std::string& problem : found->problems) progress.warn(problem);
  std::map<std::string, int> count;
  for (const dataset::DicomFlair& flair : found->flairs) {
    std::string stem = "series-" + std::to_string(flair.series.facts.series_number);
    const int before = count[stem]++;
    if (before > 0) stem += "-" + std::to_string(before + 1);
    jobs.push_back({stem,
                    stem,
                    folder,
                    found->flairs.size() == 1 ? out : out / stem,
                    patient_of(flair.series.facts),
                    {},
                    flair});
  }
  return true;
}

void add_images(const fs::path& folder, const fs::path& out, std::vector<fs::path>& files,
                std::vector<SegmentJob>& jobs, Progress& progress) {
  const std::size_t before = files.size();
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.is_regular_file() && imaging::is_image_name(entry.path())) {
      files.push_back(entry.path());
    }
  }
  if (files.size() == before && !add_dicom(folder, out, jobs, progress)) {
    throw Error(ExitCode::input, "holds neither a BIDS tree nor images nor DICOM files",
                folder.string());
  }
  std::sort(files.begin() + static_cast<std::ptrdiff_t>(before), files.end());
}

}  // namespace

report::Patient patient_from_table(const fs::path& file, const std::string& id) {
  const std::vector<dataset::Participant> known = dataset::read_participants_table(file);
  for (const std::string& name : {id, "sub-" + id}) {
    for (const dataset::Participant& p : known) {
      if (p.id == name) return patient_of(known, name);
    }
  }
  throw Error(ExitCode::input, "does not know the participant '" + id + "'", file.string());
}

std::vector<SegmentJob> find_jobs(const std::vector<fs::path>& inputs, const fs::path& out,
                                  Progress& progress) {
  std::vector<SegmentJob> jobs;
  std::vector<fs::path> files;
  for (const fs::path& input : inputs) {
    if (!fs::exists(input)) throw Error(ExitCode::input, "does not exist", input.string());
    if (fs::is_directory(input)) {
      if (dataset::holds_bids(input)) {
        add_tree(input, inputs.size() > 1, out, jobs);
      } else {
        add_images(input, out, files, jobs, progress);
      }
    } else if (input.extension() == ".txt") {
      const std::vector<fs::path> listed = read_list(input);
      files.insert(files.end(), listed.begin(), listed.end());
    } else {
      files.push_back(input);
    }
  }
  const bool alone = jobs.empty() && files.size() == 1;
  for (const fs::path& file : files) {
    const std::string stem = stem_of_file(file);
    jobs.push_back({stem, stem, file, alone ? out : out / stem, {}});
  }
  std::set<fs::path> places;
  for (const SegmentJob& job : jobs) {
    if (!places.insert(job.folder / job.stem).second) {
      throw Error(ExitCode::input, "two of the scans would have the same results",
                  (job.folder / job.stem).string(), "segment them into different folders");
    }
  }
  return jobs;
}

}  // namespace dawson::workflow
