// What the Application Level Confidentiality Profile of DICOM PS3.15, Annex E, asks for.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace dawson::dicom {

/// What is done with one attribute (PS3.15, Table E.1-1a).
enum class Action {
  remove,       ///< X
  empty,        ///< Z: no value
  dummy,        ///< D: a value that says nothing
  replace_uid,  ///< U
  clean,        ///< C: what may identify is taken out of the value
  keep          ///< K
};

enum class Dates { removed, shifted, kept };

/// The Basic Application Level Confidentiality Profile and its options (PS3.15, E.3).
struct Profile {
  Dates dates = Dates::removed;
  bool safe_private = false;  ///< private elements known to be harmless stay
  bool uids = false;          ///< UIDs stay
  bool device = false;        ///< what names the scanner stays
  bool institution = false;   ///< what names the hospital stays
  bool patient = false;       ///< sex, age, size and weight stay
  bool descriptors = false;   ///< descriptions stay as far as their words are of the trade
  bool structured = false;    ///< the same for structured content
  bool graphics = false;      ///< overlays without text stay
  bool pixels = false;        ///< text found in the pixels is covered
  bool features = false;      ///< faces were removed

  /// Of PS3.16, CID 7050, for De-identification Method Code Sequence: the basic profile first.
  struct Code {
    std::string value, meaning;
  };
  [[nodiscard]] std::vector<Code> codes() const;
  /// The profile that such codes name; unknown ones are passed over.
  static Profile of_codes(const std::vector<std::string>& values);
};

/// The row of an attribute; `action` is what the profile says of it.
struct Row {
  std::string name;  ///< "Patient's Name"
  Action action = Action::keep;
  bool may_be_removed = false;  ///< the table offers removal (an X is among its letters)
};

/// Whether the table names the attribute, and what the profile does with it. Where the table leaves
/// a choice (X/Z/D), the one that keeps every kind of object valid: a dummy before nothing at all,
/// no value before no attribute. Private attributes are the caller's business.
bool find_row(std::uint16_t group, std::uint16_t element, const Profile& profile, Row& row);

/// "2024b".
const std::string& table_edition();

}  // namespace dawson::dicom
