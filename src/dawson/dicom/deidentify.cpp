#include "dawson/dicom/deidentify.h"

#include <algorithm>
#include <array>
#include <fstream>

#include "dawson/core/error.h"
#include "dawson/core/version.h"
#include "dawson/dicom/burned_in.h"
#include "dawson/dicom/element_cleaner.h"
#include "dawson/dicom/header.h"
#include "dawson/dicom/loaded_file.h"
#include "dawson/dicom/overlays.h"
#include "dawson/dicom/pixels.h"

namespace dawson::dicom {
namespace {

namespace fs = std::filesystem;

/// PS3.4, B.5: images of MR. Others may show anything: a screen, a page, a report.
constexpr std::array<const char*, 3> classes{
    "1.2.840.10008.5.1.4.1.1.4",     // MR Image Storage
    "1.2.840.10008.5.1.4.1.1.4.1",   // Enhanced MR Image Storage
    "1.2.840.10008.5.1.4.1.1.4.4"};  // Legacy Converted Enhanced MR Image Storage

void require_mr_image(DcmDataset& d, const fs::path& file) {
  const std::string uid = text_of(d, DCM_SOPClassUID);
  if (std::find(classes.begin(), classes.end(), uid) == classes.end()) {
    throw Error(ExitCode::input, "is no image of MR", file.string());
  }
  for (const DcmTagKey& tag : {DCM_SOPInstanceUID, DCM_SeriesInstanceUID, DCM_StudyInstanceUID}) {
    DcmElement* element = nullptr;
    const bool good = d.findAndGetElement(tag, element).good() && element->ident() == EVR_UI;
    if (!good || text_of(d, tag).empty()) {
      throw Error(ExitCode::input, "lacks an identifier that every image has", file.string());
    }
  }
}

std::string person_of_dataset(DcmItem& d) {
  Facts facts;
  facts.person.id = text_of(d, DCM_PatientID);
  facts.person.name = text_of(d, DCM_PatientName);
  facts.study_uid = text_of(d, DCM_StudyInstanceUID);
  return person_of(facts);
}

/// Gives the least value of their frame to pixels whose place is hidden. Returns how many.
std::size_t hide(StoredPixels& pixels, const Header& header,
                 const std::function<bool(const volume::Vector3&)>& hides) {
  std::size_t hidden = 0;
  for (const Slice& slice : header.slices) {
    const std::vector<float> values = pixels.values(slice.frame);
    const float least = *std::min_element(values.begin(), values.end());
    for (int row = 0; row < pixels.layout.rows; ++row) {
      for (int column = 0; column < pixels.layout.columns; ++column) {
        volume::Vector3 place = slice.origin;
        for (std::size_t a = 0; a < 3; ++a) {
          place[a] += slice.along_row[a] * slice.spacing[0] * column +
                      slice.along_column[a] * slice.spacing[1] * row;
        }
        if (!hides(place)) continue;
        ++hidden;
        pixels.set(slice.frame,
                   std::size_t(row) * std::size_t(pixels.layout.columns) + std::size_t(column),
                   least);
      }
    }
  }
  return hidden;
}

/// Counts lines of text in the pixels, and covers them where asked to.
std::size_t find_text_in(StoredPixels& pixels, bool covered) {
  std::size_t lines = 0;
  for (int frame = 0; frame < pixels.layout.frames; ++frame) {
    std::vector<float> values = pixels.values(frame);
    const std::vector<TextBox> boxes = find_text(values, pixels.layout.columns);
    lines += boxes.size();
    if (!covered || boxes.empty()) continue;
    cover(values, pixels.layout.columns, boxes);
    for (std::size_t i = 0; i < values.size(); ++i) pixels.set(frame, i, values[i]);
  }
  return lines;
}

void require_good(const OFCondition& condition) {
  if (condition.bad()) {
    throw Error(ExitCode::input, std::string("cannot be changed (") + condition.text() + ")");
  }
}

void put_pixels(DcmDataset& d, const StoredPixels& pixels) {
  d.findAndDeleteElement(DCM_PixelData);
  if (pixels.layout.bits_allocated == 8) {
    require_good(d.putAndInsertUint8Array(DCM_PixelData, pixels.bytes.data(), pixels.bytes.size()));
    return;
  }
  // Values are little-endian here and on every machine that this program is built for.
  require_good(d.putAndInsertUint16Array(DCM_PixelData,
                                         reinterpret_cast<const Uint16*>(pixels.bytes.data()),
                                         pixels.bytes.size() / 2));
}

void put(DcmItem& d, const DcmTagKey& tag, const std::string& value) {
  require_good(d.putAndInsertString(tag, value.c_str()));
}

/// What PS3.15, E.1.1, asks to be said of what was done.
void describe(DcmDataset& d, const Profile& profile, const Deidentified& done) {
  put(d, DCM_PatientIdentityRemoved, "YES");
  put(d, DCM_DeidentificationMethod,
      "dawson " + core::version() + "\\DICOM PS3.15 " + table_edition() + " Table E.1-1");
  d.findAndDeleteElement(DCM_DeidentificationMethodCodeSequence);
  long index = 0;
  for (const Profile::Code& code : profile.codes()) {
    DcmItem* item = nullptr;
    require_good(d.findOrCreateSequenceItem(DCM_DeidentificationMethodCodeSequence, item, index++));
    put(*item, DCM_CodeValue, code.value);
    put(*item, DCM_CodingSchemeDesignator, "DCM");
    put(*item, DCM_CodeMeaning, code.meaning);
  }
  const char* dates = profile.dates == Dates::kept      ? "UNMODIFIED"
                      : profile.dates == Dates::shifted ? "MODIFIED"
                                                        : "REMOVED";
  put(d, DCM_LongitudinalTemporalInformationModified, dates);
  if (done.text_lines > 0 || profile.pixels) {
    const bool left = done.text_lines > 0 && !done.text_is_covered;
    put(d, DCM_BurnedInAnnotation, left ? "YES" : "NO");
  }
  put(d, DCM_RecognizableVisualFeatures, profile.features ? "NO" : "YES");
}

std::vector<std::string> profile_codes_of(DcmItem& d) {
  std::vector<std::string> codes;
  DcmItem* item = nullptr;
  for (long n = 0; d.findAndGetSequenceItem(DCM_DeidentificationMethodCodeSequence, item, n).good();
       ++n) {
    codes.push_back(text_of(*item, DCM_CodeValue));
  }
  return codes;
}

/// Before the mark "DICM" stand 128 bytes that nobody reads.
bool has_empty_preamble(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::array<char, 128> preamble{};
  in.read(preamble.data(), preamble.size());
  return std::all_of(preamble.begin(), preamble.end(), [](char c) { return c == 0; });
}

}  // namespace

Deidentified deidentify(const fs::path& file, const fs::path& output,
                        const DeidentifySettings& settings, const Pseudonyms& pseudonyms) {
  const std::optional<Header> header = read_header(file);
  if (!header) throw Error(ExitCode::input, "is no image of MR", file.string());
  const std::unique_ptr<DcmFileFormat> format = load_file(file);
  DcmDataset& d = *format->getDataset();
  require_mr_image(d, file);
  StoredPixels pixels = read_stored_pixels(file, header->columns, header->rows, header->frames);

  Deidentified result;
  d.convertToUTF8();  // where the character set is not known, texts beyond ASCII are taken out
  const std::string person = person_of_dataset(d);
  remove_overlays(d, settings.profile, result.audit);
  ElementCleaner(d, settings.profile, pseudonyms, person).clean(result.audit);
  result.person = pseudonyms.person(person);
  put(d, DCM_PatientName, result.person);
  put(d, DCM_PatientID, result.person);
  put(d, DCM_SpecificCharacterSet, "ISO_IR 192");

  const std::size_t lines = find_text_in(pixels, settings.profile.pixels);
  const bool said_and_not_found = header->facts.says_text_in_pixels && lines == 0;
  result.text_lines = said_and_not_found ? 1 : lines;
  result.text_is_covered = settings.profile.pixels && !said_and_not_found;
  if (settings.hides) {
    if (header->slices.size() != std::size_t(pixels.layout.frames)) {
      throw Error(ExitCode::input, "has frames that say nowhere where they lie", file.string());
    }
    result.hidden_pixels = hide(pixels, *header, settings.hides);
  }
  put_pixels(d, pixels);
  describe(d, settings.profile, result);

  result.study = text_of(d, DCM_StudyInstanceUID);
  result.series = text_of(d, DCM_SeriesInstanceUID);
  result.instance = text_of(d, DCM_SOPInstanceUID);
  DcmFileFormat clean(&d);  // with meta information and preamble of its own
  const OFCondition written = clean.saveFile(output.c_str(), EXS_LittleEndianExplicit,
                                             EET_ExplicitLength, EGL_withoutGL, EPD_withoutPadding);
  if (written.bad()) throw Error(ExitCode::output, written.text(), output.string());
  return result;
}

Audit remaining_identifiers(const fs::path& file) {
  const std::unique_ptr<DcmFileFormat> format = load_file(file);
  DcmDataset& d = *format->getDataset();
  Audit audit;
  if (text_of(d, DCM_PatientIdentityRemoved) != "YES") {
    audit.add("(0012,0062) PatientIdentityRemoved", "remains", "does not say YES");
  }
  if (!has_empty_preamble(file)) audit.add("preamble", "remains", "is not empty");
  for (const Uint16 element : {0x0016, 0x0017, 0x0018, 0x0100, 0x0102}) {
    if (format->getMetaInfo()->tagExists({0x0002, element})) {
      audit.add(tag_text({0x0002, element}), "remains", "names a program or a sender");
    }
  }
  const Profile profile = Profile::of_codes(profile_codes_of(d));
  find_remaining(d, profile, false, audit);
  if (text_of(d, DCM_BurnedInAnnotation) == "YES") {
    audit.add("(0028,0301) BurnedInAnnotation", "remains", "says that text is in the pixels");
  }
  return audit;
}

}  // namespace dawson::dicom
