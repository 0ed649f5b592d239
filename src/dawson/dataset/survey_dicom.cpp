#include <map>
#include <memory>

#include "dawson/core/error.h"
#include "dawson/dataset/dicom_scans.h"
#include "dawson/dataset/survey.h"
#include "dawson/dicom/sequence.h"
#include "dawson/dicom/stack.h"

namespace dawson::dataset {
namespace {

namespace fs = std::filesystem;

/// Names as in BIDS, MRI; times in seconds.
core::Json sidecar_of(const dicom::Facts& f) {
  core::Json json = core::Json::object();
  const auto text = [&json](const char* name, const std::string& value) {
    if (!value.empty()) json[name] = value;
  };
  const auto number = [&json](const char* name, double value) {
    if (value > 0) json[name] = value;
  };
  text("Manufacturer", f.manufacturer);
  text("ManufacturersModelName", f.model);
  number("MagneticFieldStrength", f.field_tesla);
  text("MRAcquisitionType", f.acquisition);
  text("ScanningSequence", f.scanning_sequence);
  number("EchoTime", f.echo_ms / 1000);
  number("RepetitionTime", f.repetition_ms / 1000);
  number("InversionTime", f.inversion_ms / 1000);
  number("FlipAngle", f.flip_degrees);
  number("SliceThickness", f.thickness_mm);
  text("ContrastBolusIngredient", f.contrast_agent);
  if (!f.image_type.empty()) json["ImageType"] = f.image_type;
  if (f.series_number > 0) json["SeriesNumber"] = f.series_number;
  text("SeriesDescription", f.description);
  text("ProtocolName", f.protocol);
  return json;
}

Participant participant_of(const dicom::Facts& facts) {
  Participant p;
  p.id = dicom::person_of(facts);
  p.age_years = dicom::age_in_years(facts);
  if (!facts.person.sex.empty()) p.sex = facts.person.sex;
  std::string scanner = facts.manufacturer;
  if (!facts.model.empty()) scanner += (scanner.empty() ? "" : " ") + facts.model;
  if (!scanner.empty()) p.scanner = scanner;
  if (facts.field_tesla > 0) p.field_tesla = facts.field_tesla;
  return p;
}

FoundImage found_in(dicom::Series series) {
  FoundImage found;
  found.name = "series " + series.name();
  found.person = dicom::person_of(series.facts);
  found.known_as = {series.facts.person.id, series.facts.person.name};
  found.says_text_in_pixels = series.facts.says_text_in_pixels;
  found.visit = series.facts.study_date + " " + series.facts.study_uid;
  const dicom::Guess guess = dicom::guess_sequence(series.facts);
  found.kind = kind_of(guess.sequence);
  found.why = guess.why;
  if (!found.kind) return found;
  try {
    (void)dicom::stack_slices(series);
  } catch (const Error& e) {
    if (e.code() != ExitCode::input) throw;
    found.unfit = true;
    found.why = "a " + name_of(*found.kind) + ", but no volume: " + e.fact();
    found.kind.reset();
    return found;
  }
  found.facts = sidecar_of(series.facts);
  // Shared, since what is called must be copyable and slices may be thousands.
  const auto shared = std::make_shared<const dicom::Series>(std::move(series));
  found.read = [shared](Progress& progress) { return read_series(*shared, progress); };
  return found;
}

}  // namespace

Survey survey_dicom(const fs::path& folder, Progress& progress) {
  dicom::Found read = dicom::find_series(folder, progress);
  Survey survey{.form = "DICOM", .images = {}, .problems = std::move(read.problems), .people = {}};
  std::map<std::string, Participant> people;
  for (dicom::Series& series : read.series) {
    const Participant participant = participant_of(series.facts);
    Participant& known = people.emplace(participant.id, participant).first->second;
    if (!known.age_years) known.age_years = participant.age_years;
    if (!known.sex) known.sex = participant.sex;
    if (!known.scanner) known.scanner = participant.scanner;
    if (!known.field_tesla) known.field_tesla = participant.field_tesla;
    survey.images.push_back(found_in(std::move(series)));
  }
  for (const auto& [id, person] : people) survey.people.push_back(person);
  return survey;
}

}  // namespace dawson::dataset
