// What identifies a person, and whether a text has some of it.
#pragma once

#include <string>
#include <vector>

namespace dawson::dicom {

/// Words of names, numbers and other values that must not occur. Case does not matter, nor do
/// accents; a name with an umlaut is also looked for as two letters (MUELLER) and as one (MULLER).
class KnownWords {
 public:
  /// Each word of a person's name, whatever stands between them.
  void add_name(const std::string& name);
  /// A whole value, and each of several that a backslash parts.
  void add_value(const std::string& value);
  [[nodiscard]] std::size_t size() const { return words_.size(); }

  /// Whether a text holds one: of four letters and more anywhere, of three as a word of its own;
  /// numbers of five and more also with other signs between their digits. Shorter ones are not
  /// looked for.
  [[nodiscard]] bool occur_in(const std::string& text) const;
  /// The same for a value that is one of a few codes or a number: one of five letters and more
  /// anywhere, a shorter one where it is the whole value.
  [[nodiscard]] bool occur_in_code(const std::string& value) const;

 private:
  void add_word(const std::string& word);
  std::vector<std::string> words_;  ///< folded, each once
};

/// Small letters without accents: "MÜLLER^É" as "muller^e". Latin, Greek and Cyrillic letters; what
/// is no UTF-8 stays as it is.
std::string folded(const std::string& text);

}  // namespace dawson::dicom
