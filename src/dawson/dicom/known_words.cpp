#include "dawson/dicom/known_words.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "dawson/core/text.h"

namespace dawson::dicom {
namespace {

constexpr std::size_t anywhere = 4;  ///< letters from which a word is looked for within others
constexpr std::size_t as_word = 3;
constexpr std::size_t in_code = 5;
constexpr std::size_t in_pieces = 5;  ///< of a number, with other signs between

/// Letters of Latin-1 from U+00C0 on without their accents; '?' where there is none.
constexpr std::string_view latin1 =
    "aaaaaa?ceeeeiiiidnooooo?ouuuuy?s"
    "aaaaaa?ceeeeiiiidnooooo?ouuuuy?y";
/// The same of Latin Extended-A, from U+0100 on.
constexpr std::string_view extended =
    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiii??jjkk?llllll?"
    "?llnnnnnn???oooooo??rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

/// The code point of two bytes of UTF-8; 0 where they are none.
unsigned two_bytes(unsigned char a, unsigned char b) {
  return (a & 0xE0U) == 0xC0 && (b & 0xC0U) == 0x80 ? (a & 0x1FU) << 6U | (b & 0x3FU) : 0;
}

std::string two_letters_of(unsigned point) {
  switch (point) {
    case 0xC4:
    case 0xE4:
    case 0xC6:
    case 0xE6:
      return "ae";
    case 0xD6:
    case 0xF6:
    case 0xD8:
    case 0xF8:
      return "oe";
    case 0xDC:
    case 0xFC:
      return "ue";
    case 0xDF:
      return "ss";
    case 0xC5:
    case 0xE5:
      return "aa";
    default:
      return {};
  }
}

std::string utf8_of(unsigned point) {
  return {static_cast<char>(0xC0U | point >> 6U), static_cast<char>(0x80U | (point & 0x3FU))};
}

std::string plain_letter(unsigned point) {
  if (point >= 0xC0 && point < 0x100 && latin1[point - 0xC0] != '?') {
    return std::string(1, latin1[point - 0xC0]);
  }
  if (point >= 0x100 && point < 0x100 + extended.size() && extended[point - 0x100] != '?') {
    return std::string(1, extended[point - 0x100]);
  }
  if (point >= 0x391 && point <= 0x3A9) return utf8_of(point + 0x20);  // Greek
  if (point >= 0x410 && point <= 0x42F) return utf8_of(point + 0x20);  // Cyrillic
  if (point >= 0x400 && point <= 0x40F) return utf8_of(point + 0x50);
  return utf8_of(point);
}

std::string fold(const std::string& text, bool two_letters) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const unsigned point = i + 1 < text.size() ? two_bytes(static_cast<unsigned char>(text[i]),
                                                           static_cast<unsigned char>(text[i + 1]))
                                               : 0;
    if (point < 0x80) {
      plain += text[i];
      continue;
    }
    const std::string two = two_letters ? two_letters_of(point) : "";
    plain += two.empty() ? plain_letter(point) : two;
    ++i;
  }
  return core::lower_case(plain);
}

bool is_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         (static_cast<unsigned char>(c) & 0x80U) != 0;
}

/// With blanks of other scripts as blanks: no-break and ideographic ones.
std::string with_plain_blanks(std::string text) {
  for (const std::string_view blank :
       {std::string_view("\xC2\xA0"), std::string_view("\xE3\x80\x80")}) {
    for (std::size_t at = text.find(blank); at != std::string::npos; at = text.find(blank)) {
      text.replace(at, blank.size(), " ");
    }
  }
  return text;
}

std::string letters_and_digits(const std::string& text) {
  std::string kept;
  std::copy_if(text.begin(), text.end(), std::back_inserter(kept), is_alphanumeric);
  return kept;
}

bool has_digit(const std::string& text) {
  return text.find_first_of("0123456789") != std::string::npos;
}

bool stands_alone(const std::string& text, std::size_t at, std::size_t length) {
  return (at == 0 || !is_alphanumeric(text[at - 1])) &&
         (at + length >= text.size() || !is_alphanumeric(text[at + length]));
}

}  // namespace

std::string folded(const std::string& text) {
  return fold(text, false);
}

void KnownWords::add_word(const std::string& word) {
  const std::string trimmed = [&word] {
    const std::size_t from = word.find_first_not_of(" \t"), to = word.find_last_not_of(" \t");
    return from == std::string::npos ? std::string() : word.substr(from, to - from + 1);
  }();
  for (const bool two : {false, true}) {
    const std::string plain = fold(trimmed, two);
    if (plain.size() < as_word || std::find(words_.begin(), words_.end(), plain) != words_.end()) {
      continue;
    }
    words_.push_back(plain);
  }
}

void KnownWords::add_name(const std::string& name) {
  std::string word;
  for (const char c : with_plain_blanks(name) + ' ') {
    if (is_alphanumeric(c)) {
      word += c;
      continue;
    }
    add_word(word);
    word.clear();
  }
}

void KnownWords::add_value(const std::string& value) {
  std::string one;
  for (const char c : value + '\\') {
    if (c != '\\' && c != '\0') {
      one += c;
      continue;
    }
    add_word(one);
    one.clear();
  }
}

bool KnownWords::occur_in(const std::string& text) const {
  const std::string plain = folded(with_plain_blanks(text)), joined = letters_and_digits(plain);
  return std::any_of(words_.begin(), words_.end(), [&](const std::string& word) {
    for (std::size_t at = plain.find(word); at != std::string::npos;
         at = plain.find(word, at + 1)) {
      if (word.size() >= anywhere || stands_alone(plain, at, word.size())) return true;
    }
    if (!has_digit(word)) return false;
    const std::string number = letters_and_digits(word);
    return number.size() >= in_pieces && joined.find(number) != std::string::npos;
  });
}

bool KnownWords::occur_in_code(const std::string& value) const {
  const std::string plain = folded(value);
  return std::any_of(words_.begin(), words_.end(), [&plain](const std::string& word) {
    if (word.size() >= in_code) return plain.find(word) != std::string::npos;
    for (std::size_t at = plain.find(word); at != std::string::npos;
         at = plain.find(word, at + 1)) {
      if (stands_alone(plain, at, word.size())) return !has_digit(word);
    }
    return false;
  });
}

}  // namespace dawson::dicom
