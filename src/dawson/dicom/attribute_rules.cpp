#include "dawson/dicom/attribute_rules.h"

#include <algorithm>
#include <array>
#include <vector>

#include "dawson/dicom/profile_tables.h"

namespace dawson::dicom {
namespace {

/// Short texts (LO, SH) of the MR modules that the table does not name and an image needs to be
/// understood. All others that the table does not name go.
const std::array technical_texts{
    DCM_Manufacturer,
    DCM_ManufacturerModelName,
    DCM_SoftwareVersions,
    DCM_SequenceName,
    DCM_PulseSequenceName,
    DCM_ImagedNucleus,
    DCM_ReceiveCoilName,
    DCM_TransmitCoilName,
    DCM_ReceiveCoilManufacturerName,
    DCM_TransmitCoilManufacturerName,
    DCM_StackID,
    DCM_RescaleType,
    DCM_LUTExplanation,
    DCM_DimensionDescriptionLabel,
    DCM_CodeValue,
    DCM_CodingSchemeDesignator,
    DCM_CodingSchemeVersion,
    DCM_CodeMeaning,
    DCM_PositionReferenceIndicator,
    DCM_DeidentificationMethod,
    DCM_TriggerSourceOrType,
    DCM_LossyImageCompressionMethod,
};

/// Bytes whose meaning is fixed and that no person shows in.
const std::array technical_bytes{
    DCM_PixelData,
    DCM_LUTData,
    DCM_RedPaletteColorLookupTableData,
    DCM_GreenPaletteColorLookupTableData,
    DCM_BluePaletteColorLookupTableData,
};

template <std::size_t N>
bool contains(const std::array<DcmTagKey, N>& tags, const DcmTagKey& tag) {
  return std::find(tags.begin(), tags.end(), tag) != tags.end();
}

/// The representation that the dictionary has for the attribute; EVR_UNKNOWN where it has none.
DcmEVR in_dictionary(const DcmTagKey& tag) {
  const DcmDataDictionary& dictionary = dcmDataDict.rdlock();
  const DcmDictEntry* entry = dictionary.findEntry(tag, nullptr);
  const DcmEVR vr = entry != nullptr ? entry->getEVR() : EVR_UNKNOWN;
  dcmDataDict.rdunlock();
  return vr;
}

bool is_number(DcmEVR vr) {
  switch (vr) {
    case EVR_US:
    case EVR_SS:
    case EVR_UL:
    case EVR_SL:
    case EVR_UV:
    case EVR_SV:
    case EVR_FL:
    case EVR_FD:
    case EVR_AT:
      return true;
    default:
      return false;
  }
}

bool is_overlay_data(const DcmTagKey& tag) {
  return tag.getGroup() >= 0x6000 && tag.getGroup() <= 0x601E && tag.getElement() == 0x3000;
}

/// Whether a file says plain numbers or bytes where the standard has something else: eight letters
/// are a number too.
bool disguised(DcmEVR in_file, DcmEVR in_standard) {
  const bool left_open = in_standard == EVR_xs || in_standard == EVR_lt || in_standard == EVR_up ||
                         is_bytes(in_standard);
  return (is_number(in_file) || is_bytes(in_file)) && !is_number(in_standard) && !left_open;
}

struct SafePrivate {
  std::uint16_t group = 0, element = 0;  ///< of the element, the last two digits
  std::string creator;
};

const std::vector<SafePrivate>& safe_private_elements() {
  static const std::vector<SafePrivate> read = [] {
    std::vector<SafePrivate> rows;
    for (const std::vector<std::string>& cells : tables::rows_of(tables::safe_private)) {
      rows.push_back({std::uint16_t(std::stoi(cells[0], nullptr, 16)),
                      std::uint16_t(std::stoi(cells[1], nullptr, 16)), cells[2]});
    }
    return rows;
  }();
  return read;
}

std::string without_padding(std::string text) {
  while (!text.empty() && (text.back() == ' ' || text.back() == '\0')) text.pop_back();
  return text;
}

/// Who reserved the block that a private element lies in; empty: nobody.
std::string creator_of(const DcmTagKey& tag, DcmItem& item) {
  OFString creator;
  const DcmTagKey reservation(tag.getGroup(), static_cast<Uint16>(tag.getElement() >> 8U));
  if (item.findAndGetOFString(reservation, creator).bad()) return {};
  return without_padding(creator.c_str());
}

/// Of a representation that says little by itself, no more is kept than a few numbers take.
constexpr Uint32 most_safe_bytes = 64;

Ruling rule_for_private(DcmElement& element, DcmItem& item, const Profile& profile) {
  const DcmTagKey tag = element.getTag();
  const Ruling removed{Action::remove, "a private element"};
  if (!profile.safe_private) return removed;
  const bool reservation = tag.getElement() >= 0x10 && tag.getElement() <= 0xFF;
  const std::string creator =
      reservation ? creator_of({tag.getGroup(), Uint16(tag.getElement() << 8U)}, item)
                  : creator_of(tag, item);
  for (const SafePrivate& safe : safe_private_elements()) {
    if (safe.group != tag.getGroup() || safe.creator != creator) continue;
    if (!reservation && safe.element != (tag.getElement() & 0xFFU)) continue;
    const DcmEVR vr = element.ident();
    if (vr == EVR_UI && !profile.uids) return {Action::replace_uid, "a private UID"};
    if (is_bytes(vr) && element.getLength() > most_safe_bytes) return removed;
    return {Action::keep, "a private element known to be safe"};
  }
  return removed;
}

Action action_for_dates(Dates dates) {
  switch (dates) {
    case Dates::kept:
      return Action::keep;
    case Dates::shifted:
      return Action::clean;
    case Dates::removed:
      break;
  }
  return Action::empty;
}

/// Of attributes that the table does not name.
Ruling rule_by_representation(DcmElement& element, const Profile& profile) {
  const DcmTagKey tag = element.getTag();
  switch (element.ident()) {
    case EVR_PN:
      return {Action::empty, "a person's name"};
    case EVR_DA:
    case EVR_DT:
      return {action_for_dates(profile.dates), "a date"};
    case EVR_TM:
      return {profile.dates == Dates::removed ? Action::empty : Action::keep, "a time"};
    // A text that the table does not name may be one that an image must have: a dummy stays.
    case EVR_LT:
    case EVR_ST:
    case EVR_UT:
    case EVR_UC:
      return {profile.descriptors ? Action::clean : Action::dummy, "free text"};
    case EVR_UR:
      return {Action::remove, "an address"};
    case EVR_AE:
      return {Action::dummy, "an application entity"};
    case EVR_AS:
      return {profile.patient ? Action::keep : Action::empty, "an age"};
    case EVR_LO:
    case EVR_SH:
      if (contains(technical_texts, tag)) return {Action::keep, "technical"};
      return {Action::dummy, "a text not known to be technical"};
    case EVR_UI:
      return {profile.uids ? Action::keep : Action::replace_uid, "a UID"};
    case EVR_UN:
    case EVR_UNKNOWN:
    case EVR_UNKNOWN2B:
      return {Action::remove, "of unknown representation"};
    default:
      if (is_bytes(element.ident()) && !contains(technical_bytes, tag)) {
        return {Action::remove, "bytes not known to be technical"};
      }
      return {Action::keep, "not named by the profile"};
  }
}

}  // namespace

Ruling rule_for(DcmElement& element, DcmItem& item, const Profile& profile, bool nested) {
  const DcmTagKey tag = element.getTag();
  if ((tag.getGroup() & 1U) != 0) return rule_for_private(element, item, profile);
  if (tag.getElement() == 0) return {Action::remove, "a group's length"};
  if (nested && tag == DCM_PixelData) return {Action::remove, "an image in an image"};
  if (tag == DCM_DataSetTrailingPadding) return {Action::remove, "padding"};
  const DcmEVR known = in_dictionary(tag);
  if (known != EVR_UNKNOWN && disguised(element.ident(), known)) {
    return {Action::remove, "of a wrong representation"};
  }
  Row row;
  if (find_row(tag.getGroup(), tag.getElement(), profile, row)) {
    // A sequence has no dummy: where it may be absent it goes.
    const bool sequence = element.ident() == EVR_SQ;
    if (sequence && row.action == Action::dummy) {
      return {row.may_be_removed ? Action::remove : Action::empty, "PS3.15"};
    }
    // Curves and overlays; those overlays that stay were looked at before (overlays.h).
    const bool graphics = row.action == Action::clean && is_bytes(element.ident());
    if (graphics && (nested || !is_overlay_data(tag))) {
      return {Action::remove, "graphics that may hold text"};
    }
    return {graphics ? Action::keep : row.action, "PS3.15"};
  }
  if (known == EVR_UNKNOWN) return {Action::remove, "not in the dictionary"};
  return rule_by_representation(element, profile);
}

std::string dummy_of(DcmEVR vr) {
  switch (vr) {
    case EVR_DA:
      return "19000101";
    case EVR_DT:
      return "19000101000000";
    case EVR_TM:
      return "000000";
    case EVR_AS:
      return "000Y";
    case EVR_DS:
    case EVR_IS:
    case EVR_US:
    case EVR_SS:
    case EVR_UL:
    case EVR_SL:
    case EVR_FL:
    case EVR_FD:
      return "0";
    case EVR_CS:
    case EVR_AE:
      return "REMOVED";
    default:
      return is_text(vr) ? "REMOVED" : "";
  }
}

bool is_text(DcmEVR vr) {
  switch (vr) {
    case EVR_PN:
    case EVR_LO:
    case EVR_SH:
    case EVR_LT:
    case EVR_ST:
    case EVR_UT:
    case EVR_UC:
      return true;
    default:
      return false;
  }
}

std::string tag_text(const DcmTagKey& tag) {
  char text[16];
  std::snprintf(text, sizeof text, "(%04X,%04X)", tag.getGroup(), tag.getElement());
  return text;
}

std::string name_of(const DcmElement& element) {
  DcmTag tag(element.getTag());
  const std::string name = tag.getTagName();
  return name == DcmTag_ERROR_TagName ? tag_text(element.getTag()) : name;
}

bool is_bytes(DcmEVR vr) {
  switch (vr) {
    case EVR_OB:
    case EVR_OD:
    case EVR_OF:
    case EVR_OL:
    case EVR_OV:
    case EVR_OW:
    case EVR_UN:
    case EVR_UNKNOWN:  // DCMTK's own, where a file or the dictionary leaves it open
    case EVR_UNKNOWN2B:
    case EVR_ox:
    case EVR_px:
    case EVR_lt:
    case EVR_OverlayData:
    case EVR_PixelData:
      return true;
    default:
      return false;
  }
}

bool is_of_the_standard(const std::string& uid) {
  return uid.starts_with("1.2.840.10008.") &&
         uid.find_first_not_of("0123456789.") == std::string::npos;
}

}  // namespace dawson::dicom
