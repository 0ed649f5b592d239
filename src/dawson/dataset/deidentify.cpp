#include "dawson/dataset/deidentify.h"

#include <algorithm>
#include <array>
#include <set>

#include "dawson/core/error.h"
#include "dawson/core/text.h"
#include "dawson/dataset/image_names.h"
#include "dawson/dicom/known_words.h"
#include "dawson/dicom/temporal.h"
#include "dawson/dicom/trade_words.h"

namespace dawson::dataset {
namespace {

/// Of a sidecar: parameters of the sequence and make of the scanner, in BIDS's words.
constexpr std::array technical_numbers{
    "MagneticFieldStrength", "EchoTime",        "RepetitionTime",
    "InversionTime",         "FlipAngle",       "SliceThickness",
    "SpacingBetweenSlices",  "SeriesNumber",    "PixelBandwidth",
    "NumberOfAverages",      "EchoTrainLength", "ParallelReductionFactorInPlane"};
constexpr std::array technical_words{"Manufacturer",      "ManufacturersModelName",
                                     "MRAcquisitionType", "ScanningSequence",
                                     "SequenceVariant",   "ImageType",
                                     "Modality",          "SkullStripped"};
constexpr std::array descriptions{"SeriesDescription", "ProtocolName", "ContrastBolusIngredient"};
constexpr std::array institution_facts{"InstitutionName", "InstitutionalDepartmentName"};
constexpr std::array device_facts{"DeviceSerialNumber", "StationName"};

template <std::size_t N>
bool contains(const std::array<const char*, N>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// All that the source calls the person of an image by, its sidecar included.
dicom::KnownWords words_of_person(const FoundImage& image) {
  dicom::KnownWords words;
  words.add_name(image.person);
  words.add_value(image.person);
  for (const std::string& name : image.known_as) {
    words.add_name(name);
    words.add_value(name);
  }
  for (const char* field : {"PatientName", "PatientID", "AccessionNumber", "InstitutionName",
                            "ReferringPhysicianName", "PatientBirthDate"}) {
    const auto found = image.facts.find(field);
    if (found == image.facts.end() || !found->is_string()) continue;
    words.add_name(found->get<std::string>());
    words.add_value(found->get<std::string>());
  }
  return words;
}

/// A value of a sidecar as far as it is of its kind and names nobody; null where nothing is left.
core::Json harmless(const core::Json& value, bool numeric, const dicom::KnownWords& words) {
  if (value.is_array()) {
    core::Json kept = core::Json::array();
    for (const core::Json& one : value) {
      if (one.is_structured()) continue;
      if (const core::Json safe = harmless(one, numeric, words); !safe.is_null()) {
        kept.push_back(safe);
      }
    }
    return kept.empty() ? core::Json(nullptr) : kept;
  }
  if (numeric) return value.is_number() ? value : core::Json(nullptr);
  if (value.is_boolean()) return value;
  if (!value.is_string()) return nullptr;
  const auto text = value.get<std::string>();
  return words.occur_in(text) || dicom::says_a_date(text) ? core::Json(nullptr) : value;
}

core::Json facts_of(const FoundImage& image, const dicom::Profile& profile, dicom::Audit& audit) {
  const dicom::KnownWords words = words_of_person(image);
  core::Json kept = core::Json::object();
  for (const auto& [name, value] : image.facts.items()) {
    core::Json left;
    const bool number = contains(technical_numbers, name);
    const bool of_institution = contains(institution_facts, name);
    const bool of_device = contains(device_facts, name);
    const bool described = contains(descriptions, name);
    const bool technical = number || contains(technical_words, name);
    if (technical || (of_institution && profile.institution) || (of_device && profile.device)) {
      left = harmless(value, number, words);
    } else if (described && profile.descriptors && value.is_string()) {
      const std::string text = dicom::only_trade_words(value.get<std::string>());
      if (!text.empty() && !words.occur_in(text)) left = text;
    }
    const bool known = technical || described || of_institution || of_device;
    const std::string field = "sidecar: " + (known ? name : std::string("other fields"));
    if (left.is_null()) {
      audit.add(field, "removed", known ? "not asked for" : "not known to be technical");
      continue;
    }
    audit.add(field, left == value ? "kept" : "cleaned", "a parameter of the scan");
    kept[name] = left;
  }
  return kept;
}

/// Entities whose values say nothing of persons: "acq-3D_run-1". Nothing where one may.
std::optional<std::string> harmless_entities(const std::string& entities) {
  std::string left = entities;
  std::replace(left.begin(), left.end(), '_', ' ');
  std::string word;
  for (const char c : left + ' ') {
    if (c != ' ') {
      word += c;
      continue;
    }
    const std::size_t dash = word.find('-');
    const std::string key = word.substr(0, dash),
                      value = dash == std::string::npos ? "" : word.substr(dash + 1);
    const bool known = key == "run" || key == "acq" || key == "rec" || key == "ce";
    if (!word.empty() && (!known || dicom::only_trade_words(value) != value)) return {};
    word.clear();
  }
  return entities;
}

/// What reads an image, with nothing that names its file in warnings and errors.
std::function<volume::NiftiImage(Progress&)> quiet(
    const std::function<volume::NiftiImage(Progress&)>& read) {
  if (!read) return read;
  return [read](Progress&) {
    try {
      Progress silent;
      volume::NiftiImage image = read(silent);
      image.warnings.clear();
      return image;
    } catch (const Error& e) {
      throw Error(e.code(), e.fact());
    }
  };
}

using Visits = std::map<std::pair<std::string, std::string>, std::string>;

/// A number for every visit of every person, in their order.
Visits number_visits(const Survey& survey) {
  std::map<std::string, std::set<std::string>> visits;
  for (const FoundImage& image : survey.images) visits[image.person].insert(image.visit);
  Visits numbers;
  for (const auto& [person, own] : visits) {
    std::vector<std::string> sorted(own.begin(), own.end());
    std::stable_sort(sorted.begin(), sorted.end(), visit_is_earlier);
    for (std::size_t n = 0; n < sorted.size(); ++n) {
      numbers[{person, sorted[n]}] = sorted.size() > 1 ? std::to_string(n + 1) : "";
    }
  }
  return numbers;
}

bool is_sex(const std::string& text) {
  static constexpr std::array known{"f", "m", "o", "female", "male", "other", "w"};
  return contains(known, core::lower_case(text));
}

Participant participant_of(const Participant& known, const dicom::Profile& profile,
                           const dicom::Pseudonyms& pseudonyms, bool scanner_is_make,
                           const dicom::KnownWords& words, dicom::Audit& audit) {
  Participant left;
  left.id = pseudonyms.person(known.id);
  if (known.scanner && (scanner_is_make || profile.device) && !words.occur_in(*known.scanner)) {
    left.scanner = known.scanner;
  }
  left.field_tesla = known.field_tesla;
  if (profile.patient) {
    if (known.sex && is_sex(*known.sex)) left.sex = known.sex;
    left.age_years = known.age_years;
    if (left.age_years) left.age_years = std::min(*left.age_years, dicom::oldest_told_age);
  }
  if (profile.institution) left.site = known.site;
  audit.add("participants: participant_id", "replaced", "a pseudonym");
  if (known.age_years) {
    audit.add("participants: age", left.age_years ? "kept" : "removed", "as the profile has it");
  }
  if (known.sex) {
    audit.add("participants: sex", left.sex ? "kept" : "removed", "as the profile has it");
  }
  if (known.site) {
    audit.add("participants: site", left.site ? "kept" : "removed", "as the profile has it");
  }
  return left;
}

}  // namespace

Survey deidentified(const Survey& survey, const dicom::Profile& profile,
                    const dicom::Pseudonyms& pseudonyms, dicom::Audit& audit) {
  Survey clean{.form = survey.form, .images = {}, .problems = {}, .people = {}};
  const Visits visits = number_visits(survey);
  using Alike = std::tuple<std::string, std::string, std::optional<Kind>>;
  std::set<Alike> renamed;  // images that lose their entities, so that those like them do too
  for (const FoundImage& image : survey.images) {
    if (!harmless_entities(image.entities)) renamed.insert({image.person, image.visit, image.kind});
  }
  for (std::size_t i = 0; i < survey.images.size(); ++i) {
    const FoundImage& image = survey.images[i];
    FoundImage left;
    left.name = "image " + std::to_string(i + 1);
    left.person = pseudonyms.person(image.person);
    left.visit = visits.at({image.person, image.visit});
    left.kind = image.kind;
    left.why = image.kind ? "" : "not a scan or mask that is taken";
    left.unfit = image.unfit;
    if (image.unfit) left.why = "was wanted, and cannot be used";
    if (!renamed.contains({image.person, image.visit, image.kind})) left.entities = image.entities;
    if (image.kind) left.facts = facts_of(image, profile, audit);
    left.read = quiet(image.read);
    if (image.kind) {
      audit.add("image: header", "replaced", "geometry and values alone are kept");
      audit.add("image: file name", "replaced", "a pseudonym");
    }
    clean.images.push_back(std::move(left));
  }
  dicom::KnownWords words;  // of all persons: a table's row is nobody's image
  for (const FoundImage& image : survey.images) {
    words.add_name(image.person);
    for (const std::string& name : image.known_as) words.add_name(name);
  }
  for (const Participant& person : survey.people) {
    // A header says make and model; a table may say anything.
    const bool scanner_is_make = survey.form == "DICOM";
    clean.people.push_back(
        participant_of(person, profile, pseudonyms, scanner_is_make, words, audit));
  }
  if (!survey.problems.empty()) {
    clean.problems.push_back(std::to_string(survey.problems.size()) +
                             " remarks on files that could not be used are left out here, since "
                             "they name them; --dry-run without --deidentify shows them");
  }
  return clean;
}

}  // namespace dawson::dataset
