#include "dawson/workflow/segment.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <new>
#include <set>

#include "dawson/core/atomic_file.h"
#include "dawson/core/error.h"
#include "dawson/core/hash.h"
#include "dawson/core/table.h"
#include "dawson/core/version.h"
#include "dawson/dataset/bids.h"
#include "dawson/dataset/participants.h"
#include "dawson/dataset/read_scan.h"
#include "dawson/imaging/formats.h"
#include "dawson/volume/nifti.h"

namespace dawson::workflow {
namespace {

namespace fs = std::filesystem;
using core::Json;

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

/// The folder that is the tree itself: three or four levels above the scan (sub/[ses/]anat/file).
fs::path tree_of(const dataset::Scan& scan) {
  const fs::path participant = scan.session.empty()
                                   ? scan.flair.parent_path().parent_path()
                                   : scan.flair.parent_path().parent_path().parent_path();
  return participant.parent_path();
}

void add_tree(const fs::path& folder, bool with_source, const fs::path& out,
              std::vector<SegmentJob>& jobs) {
  std::map<fs::path, std::vector<dataset::Participant>> participants;
  const std::vector<dataset::Scan> scans = dataset::find_scans(folder);
  std::set<std::string> sources;
  for (const dataset::Scan& s : scans) sources.insert(s.source);
  for (const dataset::Scan& s : scans) {
    const fs::path tree = tree_of(s);
    if (!participants.contains(tree)) participants[tree] = dataset::read_participants(tree);
    fs::path place = out;
    if (with_source || sources.size() > 1) place /= s.source;
    place /= s.participant;
    if (!s.session.empty()) place /= s.session;
    jobs.push_back({s.name(), s.stem(), s.flair, place / "anat",
                    patient_of(participants[tree], s.participant)});
  }
}

void add_images(const fs::path& folder, std::vector<fs::path>& files) {
  const std::size_t before = files.size();
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.is_regular_file() && imaging::is_image_name(entry.path())) {
      files.push_back(entry.path());
    }
  }
  if (files.size() == before) {
    throw Error(ExitCode::input, "holds neither a BIDS tree nor images", folder.string());
  }
  std::sort(files.begin() + static_cast<std::ptrdiff_t>(before), files.end());
}

std::vector<core::Column> cohort_columns() {
  return {{"case", "source/participant[/session], or the file's stem"},
          {"status", "done or failed"},
          {"lesions", "lesions of at least 3 mm3, 26-connected"},
          {"lesion_ml", "volume of the lesion mask, ml"},
          {"brain_ml", "volume of the brain mask, ml"},
          {"lesion_percent", "lesion volume in percent of the brain's"},
          {"severity", "the report's own band, not a clinical scale"},
          {"seconds", "wall time of the case"},
          {"error", "why the case failed"}};
}

std::string cell(const Json& row, const char* key, int decimals) {
  return row.contains(key) ? core::number(row.at(key).get<double>(), decimals) : "n/a";
}

report::CaseReport case_report(const SegmentJob& job, const model::Model& model,
                               const SegmentSettings& settings,
                               const std::vector<std::string>& warnings) {
  report::CaseReport r;
  r.stem = job.stem;
  r.patient = job.patient;
  r.image_name = job.scan.filename().string();
  r.model = {model.bundle.name, model.bundle.version, model.bundle.weights_sha256};
  r.program_version = core::version();
  r.date = report::today();
  r.warnings = warnings;
  r.paper = settings.paper;
  const Json& error = model.bundle.provenance;
  if (error.contains("brain_volume_error_percent")) {
    r.brain_volume_error_percent = error.at("brain_volume_error_percent").get<double>();
  }
  return r;
}

/// The lesions of a scan that was read; what is wrong with it is said with its name.
segmentation::Segmentation find_in(const volume::Image& scan, const SegmentJob& job,
                                   const model::Model& model, const SegmentSettings& settings,
                                   Progress& progress) {
  try {
    return segmentation::segment(model, scan, settings.segmenter, progress);
  } catch (Error& e) {
    if (e.code() == ExitCode::input && e.where().empty()) e.add_context(job.scan.string());
    throw;
  }
}

Json run_record(const SegmentJob& job, const model::Model& model, const SegmentSettings& settings,
                const segmentation::Segmentation& found, const Progress& progress) {
  Json record = settings.record;
  record["stem"] = job.stem;
  record["date"] = report::today();
  record["version"] = core::version();
  record["scan"] = {
      {"path", fs::relative(fs::absolute(job.scan), fs::absolute(job.folder)).string()},
      {"sha256", core::sha256_file(job.scan)}};
  record["model"] = {{"name", model.bundle.name},
                     {"version", model.bundle.version},
                     {"sha256", model.bundle.weights_sha256},
                     {"threshold", model.bundle.threshold},
                     {"temperature", model.bundle.temperature},
                     {"min_volume_mm3", model.bundle.min_volume_mm3}};
  record["brain"] = {{"was_stripped", found.was_stripped}, {"volume_ml", found.brain_volume_ml}};
  record["steps"] = Json::array();
  for (const StepRecord& s : progress.steps()) {
    record["steps"].push_back(
        {{"name", s.name}, {"seconds", s.seconds}, {"peak_memory_mb", s.peak_memory_mb}});
  }
  record["warnings"] = progress.warnings();
  return record;
}

}  // namespace

std::vector<SegmentJob> find_jobs(const std::vector<fs::path>& inputs, const fs::path& out) {
  std::vector<SegmentJob> jobs;
  std::vector<fs::path> files;
  for (const fs::path& input : inputs) {
    if (!fs::exists(input)) throw Error(ExitCode::input, "does not exist", input.string());
    if (fs::is_directory(input)) {
      if (dataset::holds_bids(input)) {
        add_tree(input, inputs.size() > 1, out, jobs);
      } else {
        add_images(input, files);
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

Json segment_scan(const SegmentJob& job, const model::Model& model, const SegmentSettings& settings,
                  Progress& progress) {
  core::AtomicFolder folder(job.folder, settings.overwrite);
  const std::string lesion_mask = job.stem + "_label-lesion_mask.nii.gz";
  const std::string probabilities = job.stem + "_label-lesion_probseg.nii.gz";
  const std::string brain_mask = job.stem + "_label-brain_mask.nii.gz";
  const std::string run = job.stem + "_run.json";
  std::vector<std::string> names = report::file_names(job.stem);
  names.insert(names.end(), {lesion_mask, probabilities, brain_mask, run});
  for (const std::string& name : names) folder.claim(name);

  progress.step("reading");
  const volume::NiftiImage scan = dataset::read_scan(job.scan);
  for (const std::string& warning : scan.warnings) progress.warn(warning);
  const segmentation::Segmentation found = find_in(scan.image, job, model, settings, progress);

  progress.step("writing");
  const volume::NiftiGeometry* geometry = &scan.header.geometry;
  volume::write_nifti(folder.temporary() / lesion_mask, found.lesion_mask, geometry);
  volume::write_nifti(folder.temporary() / probabilities, found.probabilities, geometry);
  volume::write_nifti(folder.temporary() / brain_mask, found.brain_mask, geometry);
  progress.step("report");
  report::CaseReport r = case_report(job, model, settings, progress.warnings());
  r.scan = &scan.image;
  r.segmentation = &found;
  report::write(r, folder.temporary());
  progress.finish();
  core::write_json(folder.temporary() / run, run_record(job, model, settings, found, progress));
  folder.commit();

  const double percent = report::lesion_percent(found);
  return {{"lesions", static_cast<double>(found.lesions.size())},
          {"lesion_ml", found.lesion_volume_ml},
          {"brain_ml", found.brain_volume_ml},
          {"lesion_percent", percent},
          {"severity", report::severity_key(report::severity_of(percent))}};
}

CohortOutcome segment_all(const std::vector<SegmentJob>& jobs, const model::Model& model,
                          const SegmentSettings& settings, const fs::path& out,
                          Progress& progress) {
  CohortOutcome outcome;
  if (jobs.size() == 1) {
    segment_scan(jobs.front(), model, settings, progress);
    outcome.done = 1;
    return outcome;
  }
  core::Table table(cohort_columns());
  core::AtomicFolder summary(out, settings.overwrite);
  for (const char* name : {"cohort.tsv", "cohort.json"}) summary.claim(name);
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    const SegmentJob& job = jobs[i];
    progress.step("case " + std::to_string(i + 1) + " of " + std::to_string(jobs.size()) + ": " +
                  job.name);
    Progress of_case = progress.child();
    const auto started = std::chrono::steady_clock::now();
    Json row = Json::object();
    std::string error = "n/a";
    const auto failed = [&](const std::string& why) {
      error = why;
      outcome.failures.push_back(job.name + ": " + why);
      progress.warn(outcome.failures.back());
    };
    try {
      row = segment_scan(job, model, settings, of_case);
      ++outcome.done;
    } catch (const Error& e) {
      if (e.code() == ExitCode::interrupted) throw;
      failed(e.what());
    } catch (const std::bad_alloc&) {
      failed("there is not enough memory for it");
    }
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - started;
    table.add_row({job.name, error == "n/a" ? "done" : "failed", cell(row, "lesions", 0),
                   cell(row, "lesion_ml", 3), cell(row, "brain_ml", 1),
                   cell(row, "lesion_percent", 4), row.value("severity", "n/a"),
                   core::number(seconds.count(), 1), error});
  }
  progress.finish();
  table.write(summary.temporary() / "cohort.tsv");
  summary.commit();
  return outcome;
}

}  // namespace dawson::workflow
