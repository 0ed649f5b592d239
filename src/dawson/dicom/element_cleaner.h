// Applies rules to the elements of a data set, or says where they are not yet followed. Private to
// this room: DCMTK's types.
#pragma once

#include <dcmtk/dcmdata/dctk.h>

#include <string>

#include "dawson/dicom/attribute_rules.h"
#include "dawson/dicom/audit.h"
#include "dawson/dicom/identifiers.h"
#include "dawson/dicom/pseudonyms.h"

namespace dawson::dicom {

/// Takes out of a data set what identifies its person. Pixels are left to others.
class ElementCleaner {
 public:
  ElementCleaner(DcmItem& dataset, const Profile& profile, const Pseudonyms& pseudonyms,
                 std::string person);
  /// Goes through the data set, sequences included, and counts what it does.
  void clean(Audit& audit);

 private:
  void clean_item(DcmItem& item, bool nested, Audit& audit);
  [[nodiscard]] Ruling ruling_of(DcmElement& element, DcmItem& item, bool nested) const;
  [[nodiscard]] bool holds_identifiers(DcmElement& element) const;
  /// Returns what was done, in a word.
  std::string apply(Action action, DcmElement& element, Audit& audit);
  std::string replace_uids(DcmElement& element);
  std::string clean_value(DcmElement& element);
  std::string set(DcmElement& element, const std::string& value, const char* done);

  DcmItem& dataset_;
  const Profile& profile_;
  const Pseudonyms& pseudonyms_;
  std::string person_;
  int days_back_;
  bool text_is_unknown_ = false;  ///< its character set: what is no ASCII cannot be judged
  KnownWords identifiers_;
};

/// Counts the elements, at any depth, that the profile would not let stand as they are.
void find_remaining(DcmItem& item, const Profile& profile, bool nested, Audit& audit);

}  // namespace dawson::dicom
