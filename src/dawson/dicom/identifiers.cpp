#include "dawson/dicom/identifiers.h"

#include "dawson/core/error.h"
#include "dawson/dicom/attribute_rules.h"

namespace dawson::dicom {
namespace {

constexpr std::size_t most_identifiers = 10'000;

/// A row that the option Clean Descriptors speaks of describes what was done, not who it was done
/// to.
bool describes(const DcmTagKey& tag, Profile profile) {
  Row row;
  profile.descriptors = true;
  return find_row(tag.getGroup(), tag.getElement(), profile, row) && row.action == Action::clean;
}

void collect(DcmItem& item, const Profile& profile, bool nested, KnownWords& words) {
  for (unsigned long i = 0; i < item.card(); ++i) {
    DcmElement& element = *item.getElement(i);
    if (element.ident() == EVR_SQ) {
      auto& sequence = static_cast<DcmSequenceOfItems&>(element);
      for (unsigned long n = 0; n < sequence.card(); ++n) {
        collect(*sequence.getItem(n), profile, true, words);
      }
      continue;
    }
    const DcmEVR vr = element.ident();
    const bool name = vr == EVR_PN;
    const bool text = vr == EVR_LO || vr == EVR_SH || vr == EVR_AE || vr == EVR_ST;
    const bool birth = element.getTag() == DCM_PatientBirthDate;
    if (!name && !text && !birth) continue;
    const Ruling ruling = rule_for(element, item, profile, nested);
    if (ruling.action == Action::keep || (!name && ruling.why != "PS3.15") ||
        describes(element.getTag(), profile)) {
      continue;
    }
    if (name) {
      words.add_name(value_of(element));
    } else {
      words.add_value(value_of(element));
    }
    if (words.size() > most_identifiers) {
      throw Error(ExitCode::input, "names more than 10,000 persons, numbers and places");
    }
  }
}

}  // namespace

KnownWords identifiers_of(DcmItem& dataset, const Profile& profile) {
  KnownWords words;
  collect(dataset, profile, false, words);
  return words;
}

std::string value_of(DcmElement& element) {
  OFString value;
  if (element.getOFStringArray(value).bad()) return {};
  std::string text(value.c_str(), value.size());
  while (!text.empty() && text.back() == ' ') text.pop_back();
  if (!text.empty() && text.back() == '\0') text.pop_back();  // UIDs are padded so
  return text;
}

}  // namespace dawson::dicom
