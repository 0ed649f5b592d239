// What becomes of one element of a data set. Private to this room: DCMTK's types.
#pragma once

#include <dcmtk/dcmdata/dctk.h>

#include <string>

#include "dawson/dicom/profile.h"

namespace dawson::dicom {

struct Ruling {
  Action action = Action::keep;
  std::string why;  ///< "PS3.15", "a private element", …
};

/// From the profile's table where that names the attribute; else by what its value representation
/// may hold: names of persons, free text, application entities and bytes of unknown meaning go,
/// dates follow the profile's, UIDs are replaced where the standard did not give them, short texts
/// stay where they are known to be technical. Private elements and those that are not in the
/// dictionary go. `item` is what holds the element: it names the creators of private ones.
/// `nested`: the item is one of a sequence; pixels and graphics go there, since nobody looks for
/// text in them.
Ruling rule_for(DcmElement& element, DcmItem& item, const Profile& profile, bool nested);

/// The value that stands for a removed one; none for representations that have no harmless value,
/// which are emptied.
std::string dummy_of(DcmEVR vr);

/// Whether the representation is one of words: names of persons, short and long texts.
bool is_text(DcmEVR vr);
/// Whether the representation is one of plain bytes or words, whatever they mean.
bool is_bytes(DcmEVR vr);

/// "(0010,0010)".
std::string tag_text(const DcmTagKey& tag);
/// As the dictionary has it: "PatientName"; the tag where it has none.
std::string name_of(const DcmElement& element);

/// Whether a UID was given by the standard: classes, transfer syntaxes, frames of reference.
bool is_of_the_standard(const std::string& uid);

}  // namespace dawson::dicom
