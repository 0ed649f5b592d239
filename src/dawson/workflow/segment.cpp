#include "dawson/workflow/segment.h"

#include <fstream>

#include "dawson/core/atomic_file.h"
#include "dawson/core/error.h"
#include "dawson/core/hash.h"
#include "dawson/core/version.h"
#include "dawson/dataset/read_scan.h"
#include "dawson/volume/nifti.h"

namespace dawson::workflow {
namespace {

namespace fs = std::filesystem;
using core::Json;

report::CaseReport case_report(const SegmentJob& job, const segmentation::MethodFacts& method,
                               const SegmentSettings& settings,
                               const std::vector<std::string>& warnings) {
  report::CaseReport r;
  r.stem = job.stem;
  r.patient = job.patient;
  r.image_name =
      job.dicom ? "DICOM series " + job.dicom->series.name() : job.scan.filename().string();
  r.model = {method.name, method.version, method.sha256};
  r.program_version = core::version();
  r.date = report::today();
  r.warnings = warnings;
  r.paper = settings.paper;
  r.bands = settings.bands;
  r.cohort = settings.cohort;
  const Json& provenance = method.provenance;
  if (provenance.contains("brain_volume_error_percent")) {
    r.brain_volume_error_percent = provenance.at("brain_volume_error_percent").get<double>();
  }
  if (provenance.contains("brain_volume_errors_percent")) {
    r.brain_volume_errors_percent =
        provenance.at("brain_volume_errors_percent").get<std::vector<double>>();
  }
  r.run.threshold = method.rule.threshold;
  r.run.temperature = method.temperature;
  r.run.min_peak = method.rule.min_peak;
  r.run.min_volume_mm3 = method.rule.min_volume_mm3;
  r.run.mirrored = method.mirrored;
  return r;
}

/// The lesions of a scan that was read; what is wrong with it is said with its name.
segmentation::Segmentation find_in(const preprocessing::Visit& visit, const SegmentJob& job,
                                   const segmentation::Method& method, Progress& progress) {
  try {
    return segmentation::segment(method, visit, progress);
  } catch (Error& e) {
    if (e.code() == ExitCode::input && e.where().empty()) e.add_context(job.scan.string());
    throw;
  }
}

constexpr const char* scan_suffix = "_FLAIR.nii.gz";  // of a scan that came as DICOM
constexpr const char* lesion_mask_suffix = "_label-lesion_mask.nii.gz";
constexpr const char* probability_suffix = "_label-lesion_probseg.nii.gz";
constexpr const char* brain_mask_suffix = "_label-brain_mask.nii.gz";
constexpr const char* run_suffix = "_run.json";

/// The measures of the scan; a warning where it is unlike the scans that the figures come from.
struct Looked {
  quality::Looked measures;
  std::vector<quality::Finding> unusual;
};
Looked look_at(const volume::Image& scan, const segmentation::Segmentation& found,
               const quality::Reference& reference, Progress& progress) {
  progress.step("scan quality");
  Looked looked;
  looked.measures =
      quality::look_at(scan, found.brain_mask, found.was_stripped, reference.histogram, progress);
  if (const std::string other = quality::other_sequence(looked.measures); !other.empty()) {
    progress.warn("the scan has the brightness of " + other +
                  ", not that of a FLAIR: what is marked means nothing then");
  }
  looked.unusual = quality::unusual(looked.measures, reference.judged, reference.margin);
  if (!looked.unusual.empty()) {
    progress.warn(
        "the scan is unlike those that the published figures come from, and they may not "
        "hold for it: " +
        quality::words_of(looked.unusual));
  }
  return looked;
}

std::string names_of(const std::vector<quality::Finding>& findings) {
  std::string names;
  for (const quality::Finding& f : findings) names += (names.empty() ? "" : ";") + f.measure->name;
  return names.empty() ? "none" : names;
}

/// What decides the lesions of a scan.
Json model_record(const segmentation::MethodFacts& method) {
  return {{"name", method.name},
          {"version", method.version},
          {"sha256", method.sha256},
          {"threshold", method.rule.threshold},
          {"temperature", method.temperature},
          {"min_peak", method.rule.min_peak},
          {"min_volume_mm3", method.rule.min_volume_mm3},
          {"mirrored", method.mirrored}};
}

Json bands_record(const report::SeverityBands& bands) {
  return {{"minimal_below", bands.minimal_below},
          {"mild_below", bands.mild_below},
          {"moderate_below", bands.moderate_below}};
}

/// The case's row of the cohort table.
Json figures_of(const segmentation::Segmentation& found, const Looked& looked,
                const report::SeverityBands& bands) {
  const double percent = report::lesion_percent(found);
  return {{"lesions", found.lesions.size()},
          {"lesion_ml", found.lesion_volume_ml},
          {"brain_ml", found.brain_volume_ml},
          {"lesion_percent", percent},
          {"unusual", names_of(looked.unusual)},
          {"severity", report::severity_key(report::severity_of(percent, bands))}};
}

Json run_record(const SegmentJob& job, const report::CaseReport& r,
                const segmentation::MethodFacts& method, const SegmentSettings& settings,
                const Looked& looked, const Progress& progress) {
  Json record = settings.record;
  record["stem"] = job.stem;
  record["date"] = report::today();
  record["version"] = core::version();
  record["scan"] = {
      {"path", job.dicom ? job.stem + scan_suffix
                         : fs::relative(fs::absolute(job.scan), fs::absolute(job.folder)).string()},
      {"sha256", r.run.scan_sha256}};
  if (job.dicom) {
    record["dicom"] = {{"series_number", job.dicom->series.facts.series_number},
                       {"slices", job.dicom->series.slices.size()},
                       {"taken_for_flair_by", job.dicom->why}};
  }
  if (!method.sequences.empty()) {
    record["sequences"] =
        others_record(job.others, method.sequences, r.segmentation->sequences, job.folder);
  }
  record["model"] = model_record(method);
  record["brain"] = {{"was_stripped", r.segmentation->was_stripped},
                     {"volume_ml", r.segmentation->brain_volume_ml},
                     {"volume_errors_percent", r.brain_volume_errors_percent}};
  if (r.brain_volume_error_percent) {
    record["brain"]["volume_error_percent"] = *r.brain_volume_error_percent;
  }
  record["quality"] = quality::to_json(looked.measures);
  record["severity_bands"] = bands_record(settings.bands);
  record["figures"] = figures_of(*r.segmentation, looked, settings.bands);
  record["steps"] = Json::array();
  for (const StepRecord& s : progress.steps()) {
    record["steps"].push_back(
        {{"name", s.name}, {"seconds", s.seconds}, {"peak_memory_mb", s.peak_memory_mb}});
  }
  record["warnings"] = progress.warnings();
  return record;
}

std::vector<std::string> file_names(const SegmentJob& job) {
  const std::string& stem = job.stem;
  std::vector<std::string> names = report::file_names(stem);
  if (job.dicom) names.push_back(stem + scan_suffix);
  for (const char* suffix :
       {lesion_mask_suffix, probability_suffix, brain_mask_suffix, run_suffix}) {
    names.push_back(stem + suffix);
  }
  return names;
}

void write_files(const SegmentJob& job, const segmentation::MethodFacts& method,
                 const SegmentSettings& settings, const volume::NiftiImage& scan,
                 const segmentation::Segmentation& found, const Looked& looked,
                 const fs::path& folder, Progress& progress) {
  progress.step("writing");
  const volume::NiftiGeometry* geometry = &scan.header.geometry;
  volume::write_nifti(folder / (job.stem + lesion_mask_suffix), found.lesion_mask, geometry);
  volume::write_nifti(folder / (job.stem + probability_suffix), found.probabilities, geometry);
  volume::write_nifti(folder / (job.stem + brain_mask_suffix), found.brain_mask, geometry);
  if (job.dicom) volume::write_nifti(folder / (job.stem + scan_suffix), scan.image, geometry);
  progress.step("report");
  report::CaseReport r = case_report(job, method, settings, progress.warnings());
  r.run.scan_sha256 = core::sha256_file(job.dicom ? folder / (job.stem + scan_suffix) : job.scan);
  r.scan = &scan.image;
  r.segmentation = &found;
  r.sequences = found.sequences;
  report::write(r, folder);
  progress.finish();
  core::write_json(folder / (job.stem + run_suffix),
                   run_record(job, r, method, settings, looked, progress));
}

/// The same error, told of where the file was to stand and not of the hidden folder it was made in.
Error at_its_place(const Error& e, const core::AtomicFolder& folder) {
  const std::string hidden = folder.temporary().string();
  if (!e.where().starts_with(hidden)) return e;
  return Error(e.code(), e.fact(), folder.folder().string() + e.where().substr(hidden.size()),
               e.what_to_do());
}

}  // namespace

volume::NiftiImage read_scan_of(const SegmentJob& job, Progress& progress) {
  return job.dicom ? dataset::read_series(job.dicom->series, progress)
                   : dataset::read_scan(job.scan);
}

Json segment_scan(const SegmentJob& job, const segmentation::Method& method,
                  const SegmentSettings& settings, Progress& progress) {
  core::AtomicFolder folder(job.folder, settings.overwrite);
  for (const std::string& name : file_names(job)) folder.claim(name);

  progress.step("reading");
  const volume::NiftiImage scan = read_scan_of(job, progress);
  for (const std::string& warning : scan.warnings) progress.warn(warning);
  const preprocessing::Visit visit(scan.image,
                                   read_others(job.others, method.facts().sequences, progress));
  const segmentation::Segmentation found = find_in(visit, job, method, progress);
  const Looked looked = look_at(scan.image, found, settings.reference, progress);

  try {
    write_files(job, method.facts(), settings, scan, found, looked, folder.temporary(), progress);
  } catch (const Error& e) {
    throw at_its_place(e, folder);
  }
  folder.commit();

  return figures_of(found, looked, settings.bands);
}

std::optional<Json> finished_figures(const SegmentJob& job, const segmentation::MethodFacts& method,
                                     const SegmentSettings& settings) {
  std::ifstream in(job.folder / (job.stem + run_suffix));
  const Json record = Json::parse(in, nullptr, /*allow_exceptions=*/false);
  if (!record.is_object() || !record.contains("figures")) return {};
  const auto same = [&](const char* key, const Json& now) {
    return record.contains(key) && record.at(key) == now;
  };
  if (!same("version", core::version()) || !same("model", model_record(method)) ||
      !same("severity_bands", bands_record(settings.bands))) {
    return {};
  }
  if (!job.dicom && record.at("scan").value("sha256", "") != core::sha256_file(job.scan)) return {};
  Json figures = record.at("figures");
  figures["seconds"] = 0.0;
  for (const Json& step : record.at("steps")) {
    figures["seconds"] = figures["seconds"].get<double>() + step.at("seconds").get<double>();
  }
  return figures;
}

}  // namespace dawson::workflow
