#include "dawson/dicom/identifiers.h"

#include <algorithm>
#include <cctype>

#include "dawson/core/error.h"
#include "dawson/core/text.h"
#include "dawson/dicom/attribute_rules.h"

namespace dawson::dicom {
namespace {

constexpr std::size_t anywhere = 4;  ///< characters from which one is looked for within words
constexpr std::size_t as_word = 3;
constexpr std::size_t in_code = 5;
/// All are looked for in all texts: a file made to exhaust that is refused.
constexpr std::size_t most_identifiers = 10'000;

bool is_word_end(const std::string& text, std::size_t at) {
  if (at >= text.size()) return true;
  const auto c = static_cast<unsigned char>(text[at]);
  return c < 0x80 && std::isalnum(c) == 0;
}

/// A row that the option Clean Descriptors speaks of describes what was done, not who it was done
/// to.
bool describes(const DcmTagKey& tag, Profile profile) {
  Row row;
  profile.descriptors = true;
  return find_row(tag.getGroup(), tag.getElement(), profile, row) && row.action == Action::clean;
}

}  // namespace

Identifiers::Identifiers(DcmItem& dataset, const Profile& profile) {
  collect(dataset, profile);
  std::sort(found_.begin(), found_.end());
  found_.erase(std::unique(found_.begin(), found_.end()), found_.end());
  if (found_.size() > most_identifiers) {
    throw Error(ExitCode::input, "names more than 10,000 persons, numbers and places");
  }
}

void Identifiers::collect(DcmItem& item, const Profile& profile) {
  for (unsigned long i = 0; i < item.card(); ++i) {
    DcmElement& element = *item.getElement(i);
    if (element.ident() == EVR_SQ) {
      auto& sequence = static_cast<DcmSequenceOfItems&>(element);
      for (unsigned long n = 0; n < sequence.card(); ++n) collect(*sequence.getItem(n), profile);
      continue;
    }
    const DcmEVR vr = element.ident();
    const bool name = vr == EVR_PN;
    const bool text = vr == EVR_LO || vr == EVR_SH || vr == EVR_AE || vr == EVR_ST;
    const bool birth = element.getTag() == DCM_PatientBirthDate;
    if (!name && !text && !birth) continue;
    const Ruling ruling = rule_for(element, item, profile);
    if (ruling.action == Action::keep || (!name && ruling.why != "PS3.15") ||
        describes(element.getTag(), profile)) {
      continue;
    }
    OFString value;
    if (element.getOFStringArray(value).bad()) continue;
    if (!name) {
      add(value.c_str());
      continue;
    }
    std::string word;
    for (const char c : std::string(value.c_str()) + '^') {
      if (c != '^' && c != '=' && c != ' ' && c != ',' && c != '-' && c != '\\') {
        word += c;
        continue;
      }
      add(word);
      word.clear();
    }
  }
}

void Identifiers::add(const std::string& text) {
  const std::size_t end = text.find_last_not_of(" \t");
  if (end == std::string::npos || end + 1 < as_word) return;
  found_.push_back(core::lower_case(text.substr(0, end + 1)));
}

bool Identifiers::occur_in(const std::string& text) const {
  const std::string low = core::lower_case(text);
  return std::any_of(found_.begin(), found_.end(), [&low](const std::string& one) {
    for (std::size_t at = low.find(one); at != std::string::npos; at = low.find(one, at + 1)) {
      if (one.size() >= anywhere) return true;
      if ((at == 0 || is_word_end(low, at - 1)) && is_word_end(low, at + one.size())) return true;
    }
    return false;
  });
}

bool Identifiers::occur_in_code(const std::string& text) const {
  const std::string low = core::lower_case(text);
  return std::any_of(found_.begin(), found_.end(), [&low](const std::string& one) {
    return one.size() >= in_code && low.find(one) != std::string::npos;
  });
}

}  // namespace dawson::dicom
