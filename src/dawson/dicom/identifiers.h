// What identifies a person in one data set, to be looked for in all that is kept of it. Private to
// this room: DCMTK's types.
#pragma once

#include <dcmtk/dcmdata/dctk.h>

#include <string>
#include <vector>

#include "dawson/dicom/profile.h"

namespace dawson::dicom {

/// Names, numbers and addresses that the profile takes out, wherever they stand in a data set: the
/// words of persons' names, and whole values of other short texts that are no descriptions.
class Identifiers {
 public:
  /// Throws Error{input} for more than 10,000.
  Identifiers(DcmItem& dataset, const Profile& profile);

  /// Whether a text holds one of them: of four letters and more anywhere, of three as a word of its
  /// own; capitals count as small letters. Shorter ones are not looked for.
  [[nodiscard]] bool occur_in(const std::string& text) const;
  /// The same for a value that is one of a few codes or a number: longer ones alone count there.
  [[nodiscard]] bool occur_in_code(const std::string& text) const;

 private:
  void collect(DcmItem& item, const Profile& profile);
  void add(const std::string& text);

  std::vector<std::string> found_;  ///< lower case
};

}  // namespace dawson::dicom
