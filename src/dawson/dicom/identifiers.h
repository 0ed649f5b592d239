// What identifies a person in one data set, to be looked for in all that is kept of it. Private to
// this room: DCMTK's types.
#pragma once

#include <dcmtk/dcmdata/dctk.h>

#include "dawson/dicom/known_words.h"
#include "dawson/dicom/profile.h"

namespace dawson::dicom {

/// Names, numbers and addresses that the profile takes out, wherever they stand in the data set:
/// the words of persons' names, and whole values of other short texts that are no descriptions.
/// Throws Error{input} for more than 10,000: all are looked for in all texts.
KnownWords identifiers_of(DcmItem& dataset, const Profile& profile);

/// The element's values with what stands between and behind them, NULs too, without blanks at the
/// end. Empty where there is none.
std::string value_of(DcmElement& element);

}  // namespace dawson::dicom
