#include "dawson/dicom/header.h"

#include <chrono>
#include <cmath>
#include <fstream>
#include <limits>
#include <sstream>

#include "dawson/core/error.h"
#include "dawson/dicom/loaded_file.h"

namespace dawson::dicom {
namespace {

namespace fs = std::filesystem;
using volume::Vector3;

constexpr double direction_tolerance = 1e-2;

std::vector<std::string> words_of(DcmItem& item, const DcmTagKey& tag) {
  std::vector<std::string> words;
  std::istringstream in(text_of(item, tag));
  for (std::string word; std::getline(in, word, '\\');) words.push_back(word);
  return words;
}

std::optional<double> number_of(DcmItem& item, const DcmTagKey& tag, unsigned long index = 0) {
  Float64 value = 0;
  if (item.findAndGetFloat64(tag, value, index).bad() || !std::isfinite(value)) {
    // Integer strings (IS) are no numbers to DCMTK.
    OFString text;
    if (item.findAndGetOFString(tag, text, index).bad() || text.empty()) return {};
    std::istringstream in(text.c_str());
    in.imbue(std::locale::classic());
    if (!(in >> value) || !std::isfinite(value)) return {};
  }
  return value;
}

/// 0 where it is not given, or is no number from 0 to 2^31 - 1.
int count_of(DcmItem& item, const DcmTagKey& tag) {
  const double value = number_of(item, tag).value_or(0);
  return value >= 0 && value <= std::numeric_limits<int>::max() ? static_cast<int>(value) : 0;
}

/// A functional group: of the frame itself, else of all frames; null where there is none.
class FrameGroups {
 public:
  FrameGroups(DcmItem* shared, DcmItem* own) : shared_(shared), own_(own) {}
  DcmItem* operator()(const DcmTagKey& sequence) const {
    for (DcmItem* groups : {own_, shared_}) {
      DcmItem* found = nullptr;
      if (groups != nullptr && groups->findAndGetSequenceItem(sequence, found, 0).good()) {
        return found;
      }
    }
    return nullptr;
  }

 private:
  DcmItem* shared_;
  DcmItem* own_;
};

double length(const Vector3& v) {
  return std::sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
}

/// DICOM's patient axes run to the left and to the back, ours to the right and to the front.
Vector3 from_lps(const Vector3& v) {
  return {-v[0], -v[1], v[2]};
}

std::optional<Vector3> vector_of(DcmItem& item, const DcmTagKey& tag, unsigned long first) {
  Vector3 v{};
  for (unsigned long a = 0; a < 3; ++a) {
    const auto value = number_of(item, tag, first + a);
    if (!value) return {};
    v[a] = *value;
  }
  return v;
}

/// Position and directions, where all are given. The three may stand in different items.
bool place(DcmItem& orientation, DcmItem& position, DcmItem& measures, Slice& slice,
           const fs::path& file) {
  const auto row = vector_of(orientation, DCM_ImageOrientationPatient, 0);
  const auto column = vector_of(orientation, DCM_ImageOrientationPatient, 3);
  const auto origin = vector_of(position, DCM_ImagePositionPatient, 0);
  const auto between_rows = number_of(measures, DCM_PixelSpacing, 0);
  const auto between_columns = number_of(measures, DCM_PixelSpacing, 1);
  if (!row || !column || !origin || !between_rows || !between_columns) return false;
  const double dot = (*row)[0] * (*column)[0] + (*row)[1] * (*column)[1] + (*row)[2] * (*column)[2];
  const double longest = length(*row), widest = length(*column);
  if (std::abs(longest - 1) > direction_tolerance || std::abs(widest - 1) > direction_tolerance ||
      std::abs(dot) > direction_tolerance || !(*between_rows > 0) || !(*between_columns > 0)) {
    throw Error(ExitCode::input, "the orientation or spacing contradicts itself", file.string());
  }
  slice.origin = from_lps(*origin);
  slice.along_row = from_lps(*row);
  slice.along_column = from_lps(*column);
  for (double& v : slice.along_row) v /= longest;
  for (double& v : slice.along_column) v /= widest;
  slice.spacing = {*between_columns, *between_rows};
  return true;
}

void scale(DcmItem& item, Slice& slice) {
  slice.slope = number_of(item, DCM_RescaleSlope).value_or(1);
  slice.intercept = number_of(item, DCM_RescaleIntercept).value_or(0);
  if (slice.slope == 0) slice.slope = 1;
}

Facts facts_of(DcmItem& d) {
  Facts f;
  f.study_uid = text_of(d, DCM_StudyInstanceUID);
  f.series_uid = text_of(d, DCM_SeriesInstanceUID);
  f.modality = text_of(d, DCM_Modality);
  f.description = text_of(d, DCM_SeriesDescription);
  f.protocol = text_of(d, DCM_ProtocolName);
  f.manufacturer = text_of(d, DCM_Manufacturer);
  f.model = text_of(d, DCM_ManufacturerModelName);
  f.study_date = text_of(d, DCM_StudyDate);
  f.frame_of_reference = text_of(d, DCM_FrameOfReferenceUID);
  f.says_text_in_pixels = text_of(d, DCM_BurnedInAnnotation) == "YES";
  f.series_number = count_of(d, DCM_SeriesNumber);
  f.image_type = words_of(d, DCM_ImageType);
  f.scanning_sequence = text_of(d, DCM_ScanningSequence);
  f.contrast_agent = text_of(d, DCM_ContrastBolusAgent);
  f.acquisition = text_of(d, DCM_MRAcquisitionType);
  f.flip_degrees = number_of(d, DCM_FlipAngle).value_or(0);
  f.echo_ms = number_of(d, DCM_EchoTime).value_or(0);
  f.repetition_ms = number_of(d, DCM_RepetitionTime).value_or(0);
  f.inversion_ms = number_of(d, DCM_InversionTime).value_or(0);
  f.b_value = number_of(d, DCM_DiffusionBValue).value_or(0);
  f.thickness_mm = number_of(d, DCM_SliceThickness).value_or(0);
  f.field_tesla = number_of(d, DCM_MagneticFieldStrength).value_or(0);
  f.person = {text_of(d, DCM_PatientID), text_of(d, DCM_PatientName), text_of(d, DCM_PatientSex),
              text_of(d, DCM_PatientAge), text_of(d, DCM_PatientBirthDate)};
  return f;
}

/// What an Enhanced image says frame by frame, taken from the first.
void add_frame_facts(const FrameGroups& group, Facts& f) {
  if (DcmItem* echo = group(DCM_MREchoSequence)) {
    f.echo_ms = number_of(*echo, DCM_EffectiveEchoTime).value_or(f.echo_ms);
  }
  if (DcmItem* timing = group(DCM_MRTimingAndRelatedParametersSequence)) {
    f.repetition_ms = number_of(*timing, DCM_RepetitionTime).value_or(f.repetition_ms);
    f.flip_degrees = number_of(*timing, DCM_FlipAngle).value_or(f.flip_degrees);
  }
  if (DcmItem* modifier = group(DCM_MRModifierSequence)) {
    f.inversion_ms = number_of(*modifier, DCM_InversionTimes).value_or(f.inversion_ms);
  }
  if (DcmItem* diffusion = group(DCM_MRDiffusionSequence)) {
    f.b_value = number_of(*diffusion, DCM_DiffusionBValue).value_or(f.b_value);
  }
  if (DcmItem* measures = group(DCM_PixelMeasuresSequence)) {
    f.thickness_mm = number_of(*measures, DCM_SliceThickness).value_or(f.thickness_mm);
  }
}

std::string part_of(const Facts& f, const std::string& time, const std::string& type) {
  std::ostringstream part;
  part.imbue(std::locale::classic());
  part << "echo " << f.echo_ms << " b " << f.b_value << " time " << time << " type " << type;
  return part.str();
}

void add_classic_slice(DcmItem& d, const Slice& like, Header& header) {
  Slice slice = like;
  if (!place(d, d, d, slice, slice.file)) return;
  scale(d, slice);
  slice.part =
      part_of(header.facts, text_of(d, DCM_TemporalPositionIdentifier), text_of(d, DCM_ImageType));
  header.slices.push_back(slice);
}

void add_frames(DcmItem& d, const Slice& like, Header& header) {
  DcmItem* shared = nullptr;
  d.findAndGetSequenceItem(DCM_SharedFunctionalGroupsSequence, shared, 0);
  DcmSequenceOfItems* frames = nullptr;
  if (d.findAndGetSequence(DCM_PerFrameFunctionalGroupsSequence, frames).bad()) {
    return;
  }
  if (frames->card() != static_cast<unsigned long>(header.frames)) {
    throw Error(ExitCode::input, "describes another number of frames than it has",
                like.file.string());
  }
  int n = -1;
  for (DcmObject* f = frames->nextInContainer(nullptr); f; f = frames->nextInContainer(f)) {
    const FrameGroups group(shared, dynamic_cast<DcmItem*>(f));
    ++n;
    Facts own = header.facts;
    add_frame_facts(group, own);
    if (n == 0) header.facts = own;
    DcmItem* orientation = group(DCM_PlaneOrientationSequence);
    DcmItem* position = group(DCM_PlanePositionSequence);
    DcmItem* measures = group(DCM_PixelMeasuresSequence);
    if (orientation == nullptr || position == nullptr || measures == nullptr) continue;
    Slice slice = like;
    slice.frame = n;
    slice.frames = header.frames;
    if (!place(*orientation, *position, *measures, slice, slice.file)) continue;
    if (DcmItem* transformation = group(DCM_PixelValueTransformationSequence)) {
      scale(*transformation, slice);
    }
    DcmItem* content = group(DCM_FrameContentSequence);
    DcmItem* type = group(DCM_MRImageFrameTypeSequence);
    slice.part = part_of(own, content ? text_of(*content, DCM_TemporalPositionIndex) : "",
                         type ? text_of(*type, DCM_FrameType) : "");
    header.slices.push_back(slice);
  }
}

/// Days since 1970-01-01 of "20200131".
std::optional<double> day_of(const std::string& date) {
  if (date.size() != 8 || date.find_first_not_of("0123456789") != std::string::npos) return {};
  const std::chrono::year_month_day day{
      std::chrono::year(std::stoi(date.substr(0, 4))),
      std::chrono::month(static_cast<unsigned>(std::stoi(date.substr(4, 2)))),
      std::chrono::day(static_cast<unsigned>(std::stoi(date.substr(6, 2))))};
  if (!day.ok()) return {};
  return static_cast<double>(std::chrono::sys_days(day).time_since_epoch().count());
}

std::optional<double> age_said(const std::string& age) {
  if (age.size() != 4 || age.find_first_not_of("0123456789") != 3) return {};
  const double count = std::stoi(age.substr(0, 3));
  switch (age.back()) {
    case 'Y':
      return count;
    case 'M':
      return count / 12;
    case 'W':
      return count * 7 / 365.25;
    case 'D':
      return count / 365.25;
    default:
      return {};
  }
}

}  // namespace

std::optional<double> age_in_years(const Facts& facts) {
  if (const auto said = age_said(facts.person.age)) return said;
  const auto birth = day_of(facts.person.birth_date), study = day_of(facts.study_date);
  if (!birth || !study || *study < *birth || *study - *birth > 130 * 365.25) return {};
  return (*study - *birth) / 365.25;
}

std::string person_of(const Facts& facts) {
  if (!facts.person.id.empty()) return facts.person.id;
  if (!facts.person.name.empty()) return facts.person.name;
  return "study " + facts.study_uid;
}

// "DICM" after the preamble; or, in files without one, an element of group 2 or 8 at the start.
bool is_dicom(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::array<char, 132> head{};
  in.read(head.data(), head.size());
  const std::streamsize read = in.gcount();
  if (read == 132 && std::string_view(head.data() + 128, 4) == "DICM") return true;
  if (read < 8) return false;
  const bool little = (head[0] == 2 || head[0] == 8) && head[1] == 0;
  const bool big = (head[1] == 2 || head[1] == 8) && head[0] == 0;
  return (little || big) && head[2] + head[3] != 0;
}

std::optional<Header> read_header(const fs::path& file) {
  if (!std::ifstream(file)) throw Error(ExitCode::input, "cannot be read", file.string());
  if (!is_dicom(file)) return {};
  const std::unique_ptr<DcmFileFormat> format = load_file(file);
  DcmDataset& d = *format->getDataset();
  Header header;
  header.rows = count_of(d, DCM_Rows);
  header.columns = count_of(d, DCM_Columns);
  if (d.tagExists(DCM_NumberOfFrames)) header.frames = count_of(d, DCM_NumberOfFrames);
  if (header.rows <= 0 || header.columns <= 0) return {};
  if (!d.tagExists(DCM_PixelData)) {
    throw Error(ExitCode::input, "has rows and columns but no pixels", file.string());
  }
  d.convertToUTF8();  // where the character set is not known, names stay as they are
  header.facts = facts_of(d);
  Slice like;
  like.file = file;
  like.sop_uid = text_of(d, DCM_SOPInstanceUID);
  if (d.tagExists(DCM_PerFrameFunctionalGroupsSequence)) {
    add_frames(d, like, header);
  } else {
    add_classic_slice(d, like, header);
  }
  return header;
}

}  // namespace dawson::dicom
