#include "dawson/dicom/element_cleaner.h"

#include <algorithm>
#include <sstream>

#include "dawson/dicom/temporal.h"
#include "dawson/dicom/trade_words.h"

namespace dawson::dicom {
namespace {

bool is_ascii(const std::string& text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

std::vector<std::string> values_of(const std::string& text) {
  std::vector<std::string> values;
  std::istringstream in(text);
  for (std::string value; std::getline(in, value, '\\');) values.push_back(value);
  return values;
}

std::string joined(const std::vector<std::string>& values) {
  std::string text;
  for (std::size_t i = 0; i < values.size(); ++i) text += (i > 0 ? "\\" : "") + values[i];
  return text;
}

bool is_code_or_number(DcmEVR vr) {
  return vr == EVR_CS || vr == EVR_IS || vr == EVR_DS || vr == EVR_AS;
}

/// Of any representation of bytes and words.
std::string bytes_of(DcmElement& element) {
  Uint8* bytes = nullptr;
  Uint16* words = nullptr;
  const void* data = nullptr;
  if (element.getUint8Array(bytes).good()) data = bytes;
  if (data == nullptr && element.getUint16Array(words).good()) data = words;
  return data == nullptr ? "" : std::string(static_cast<const char*>(data), element.getLength());
}

bool is_temporal(DcmEVR vr) {
  return vr == EVR_DA || vr == EVR_DT || vr == EVR_TM || vr == EVR_AS;
}

/// What stays of dates, times and ages that may stay; empty where one of them is none.
std::string well_formed(DcmEVR vr, const std::string& text) {
  std::vector<std::string> values = values_of(text);
  for (std::string& value : values) {
    const bool good = vr == EVR_DA   ? is_date(value)
                      : vr == EVR_DT ? is_date_time(value)
                      : vr == EVR_TM ? is_time(value)
                                     : told_age(value).has_value();
    if (!good) return {};
    if (vr == EVR_AS) value = *told_age(value);
  }
  return joined(values);
}

/// NULs and the like, behind which something may stand. Lines and tabulators are no such signs.
bool has_control_signs(const std::string& value) {
  return std::any_of(value.begin(), value.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\r' && c != '\t' && c != '\f';
  });
}

bool is_replaced_uid(const std::string& uid) {
  return uid.empty() || uid.starts_with("2.25.") || is_of_the_standard(uid);
}

bool is_pseudonym(const std::string& text) {
  return text.size() == 13 && text[0] == 'P' && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
         });
}

bool names_the_patient(const DcmTagKey& tag) {
  return tag == DCM_PatientName || tag == DCM_PatientID;
}

/// Whether the element is as `action` would leave it.
bool stands(DcmElement& element, Action action, bool nested) {
  if (element.ident() == EVR_SQ) {
    auto& sequence = static_cast<DcmSequenceOfItems&>(element);
    return (action != Action::remove && action != Action::empty) || sequence.card() == 0;
  }
  if (action == Action::remove) return element.getLength() == 0;
  if (action == Action::keep && is_bytes(element.ident())) return true;
  const std::string value = value_of(element);
  if (value.empty()) return element.getLength() == 0 || action == Action::keep;
  if (!nested && names_the_patient(element.getTag())) return is_pseudonym(value);
  switch (action) {
    case Action::empty:
    case Action::dummy:
      return value == dummy_of(element.ident());
    case Action::replace_uid: {
      const auto uids = values_of(value);
      return std::all_of(uids.begin(), uids.end(), is_replaced_uid);
    }
    case Action::clean:
      if (is_temporal(element.ident())) return well_formed(element.ident(), value) == value;
      return element.ident() != EVR_UR &&
             (!is_text(element.ident()) || value == only_trade_words(value) ||
              value == dummy_of(element.ident()));
    default:
      if (is_temporal(element.ident())) return well_formed(element.ident(), value) == value;
      return !(is_text(element.ident()) && (has_control_signs(value) || says_a_date(value)));
  }
}

}  // namespace

ElementCleaner::ElementCleaner(DcmItem& dataset, const Profile& profile,
                               const Pseudonyms& pseudonyms, std::string person)
    : dataset_(dataset),
      profile_(profile),
      pseudonyms_(pseudonyms),
      person_(std::move(person)),
      days_back_(pseudonyms.days_back(person_)),
      identifiers_(identifiers_of(dataset, profile)) {
  OFString set;
  dataset.findAndGetOFStringArray(DCM_SpecificCharacterSet, set);
  text_is_unknown_ = set != "ISO_IR 192";
}

void ElementCleaner::clean(Audit& audit) {
  clean_item(dataset_, false, audit);
}

void ElementCleaner::clean_item(DcmItem& item, bool nested, Audit& audit) {
  for (unsigned long i = 0; i < item.card();) {
    DcmElement& element = *item.getElement(i);
    const std::string attribute = tag_text(element.getTag()) + " " + name_of(element);
    if (!nested && names_the_patient(element.getTag())) {
      element.putString(pseudonyms_.person(person_).c_str());
      audit.add(attribute, "replaced", "PS3.15: a pseudonym");
      ++i;
      continue;
    }
    const Ruling ruling = ruling_of(element, item, nested);
    if (ruling.action == Action::remove) {
      delete item.remove(i);
      audit.add(attribute, "removed", ruling.why);
      continue;
    }
    audit.add(attribute, apply(ruling.action, element, audit), ruling.why);
    ++i;
  }
}

Ruling ElementCleaner::ruling_of(DcmElement& element, DcmItem& item, bool nested) const {
  const Ruling ruling = rule_for(element, item, profile_, nested);
  const bool stays = ruling.action == Action::keep ||
                     (ruling.action == Action::clean && is_code_or_number(element.ident()));
  if (stays && holds_identifiers(element)) {
    return {dummy_of(element.ident()).empty() ? Action::remove : Action::dummy,
            "holds what was taken out elsewhere"};
  }
  const bool words = is_text(element.ident()) || is_code_or_number(element.ident());
  if (stays && words && has_control_signs(value_of(element))) {
    return {Action::dummy, "holds signs that no text has"};
  }
  if (stays && is_text(element.ident()) && says_a_date(value_of(element))) {
    return {Action::dummy, "holds a date"};
  }
  if (stays && text_is_unknown_ && is_text(element.ident()) && !is_ascii(value_of(element))) {
    return {Action::dummy, "of an unknown character set"};
  }
  return ruling;
}

bool ElementCleaner::holds_identifiers(DcmElement& element) const {
  const DcmEVR vr = element.ident();
  if (is_text(vr)) return identifiers_.occur_in(value_of(element));
  // "MR" may be a name too; nothing that identifies is as short.
  if (element.getTag() == DCM_Modality && value_of(element).size() <= 2) return false;
  if (is_code_or_number(vr)) return identifiers_.occur_in_code(value_of(element));
  if (!is_bytes(vr) || element.getTag() == DCM_PixelData) return false;
  return identifiers_.occur_in_code(bytes_of(element));
}

std::string ElementCleaner::set(DcmElement& element, const std::string& value, const char* done) {
  if (value_of(element) == value && !(value.empty() && element.getLength() > 0)) return "kept";
  element.putString(value.c_str());
  return value.empty() ? "emptied" : done;
}

std::string ElementCleaner::apply(Action action, DcmElement& element, Audit& audit) {
  if (element.ident() == EVR_SQ) {
    auto& sequence = static_cast<DcmSequenceOfItems&>(element);
    if (action == Action::empty) {
      sequence.clear();
      return "emptied";
    }
    for (unsigned long n = 0; n < sequence.card(); ++n) {
      clean_item(*sequence.getItem(n), true, audit);
    }
    return "kept";  // what is in it is counted by itself
  }
  if (element.getLength() == 0) return "kept";
  switch (action) {
    case Action::empty:
      return set(element, "", "emptied");
    case Action::dummy:
      return set(element, dummy_of(element.ident()), "replaced");
    case Action::replace_uid:
      return replace_uids(element);
    case Action::clean:
      return clean_value(element);
    default:
      if (!is_temporal(element.ident())) return "kept";
      return set(element, well_formed(element.ident(), value_of(element)), "cleaned");
  }
}

std::string ElementCleaner::replace_uids(DcmElement& element) {
  std::vector<std::string> uids = values_of(value_of(element));
  for (std::string& uid : uids) {
    if (!uid.empty() && !is_of_the_standard(uid)) uid = pseudonyms_.uid(uid);
  }
  return set(element, joined(uids), "replaced");
}

std::string ElementCleaner::clean_value(DcmElement& element) {
  const DcmEVR vr = element.ident();
  std::vector<std::string> values = values_of(value_of(element));
  if (vr == EVR_DA || vr == EVR_DT) {
    for (std::string& date : values) date = moved_back(date, days_back_).value_or("");
    return set(element, joined(values), "moved");
  }
  if (is_temporal(vr)) return set(element, well_formed(vr, value_of(element)), "cleaned");
  if (is_code_or_number(vr)) return "kept";
  if (!is_text(vr)) return set(element, "", "emptied");
  std::string text = only_trade_words(value_of(element));
  if (identifiers_.occur_in(text)) text.clear();
  return set(element, text, "cleaned");
}

void find_remaining(DcmItem& item, const Profile& profile, bool nested, Audit& audit) {
  for (unsigned long i = 0; i < item.card(); ++i) {
    DcmElement& element = *item.getElement(i);
    const Ruling ruling = rule_for(element, item, profile, nested);
    if (!stands(element, ruling.action, nested)) {
      audit.add(tag_text(element.getTag()) + " " + name_of(element), "remains", ruling.why);
      continue;
    }
    if (element.ident() != EVR_SQ) continue;
    auto& sequence = static_cast<DcmSequenceOfItems&>(element);
    for (unsigned long n = 0; n < sequence.card(); ++n) {
      find_remaining(*sequence.getItem(n), profile, true, audit);
    }
  }
}

}  // namespace dawson::dicom
