#include "dawson/dataset/image_names.h"

#include <algorithm>
#include <cctype>
#include <regex>

#include "dawson/core/text.h"

namespace dawson::dataset {
namespace {

/// std::regex recurses into each letter of a word; no word that is known is so long.
constexpr std::size_t longest_word = 64;

bool matches(const std::string& word, const std::regex& pattern) {
  return word.size() <= longest_word && std::regex_match(word, pattern);
}

std::regex one_of(const char* words) {
  return std::regex(words, std::regex::icase | std::regex::optimize);
}

const std::regex& flair_words() {
  static const std::regex words = one_of("([23]d)?(t2)?flair\\d?|darkfluid|tirm");
  return words;
}
const std::regex& t1_words() {
  static const std::regex words = one_of("t1|t1w|t1wi|mprage|bravo|spgr|t1ce|t1c|t1gd|t1km|t1post");
  return words;
}
const std::regex& t2_words() {
  static const std::regex words = one_of("t2|t2w|t2wi");
  return words;
}
const std::regex& contrast_words() {
  static const std::regex words =
      one_of("gd|gado\\w*|ce|km|post|postcontrast|contrast|t1ce|t1c|t1gd|t1km|t1post");
  return words;
}
const std::regex& other_words() {
  static const std::regex words = one_of("pd|pdw|dp|dwi|dti|adc|swi|bold|func|dir|t2star");
  return words;
}
const std::regex& probability_words() {
  static const std::regex words = one_of("prob\\w*|pve\\w*|posteriors?");
  return words;
}
const std::regex& mask_words() {
  static const std::regex words = one_of(
      "mask\\d*|masks|seg|segs|segmentations?|labels?|manual\\d*|consensus|gt|groundtruth|truth|"
      "annotations?|rois?|lesions?|lesionmask|lesionseg|wmh|brainmask|ventriclemask");
  return words;
}
const std::regex& lesion_words() {
  static const std::regex words = one_of("lesions?|lesionmask|lesionseg|wmh|plaques?|ms");
  return words;
}
const std::regex& brain_words() {
  static const std::regex words = one_of("brain|brainmask|bet|skull\\w*|stripped");
  return words;
}
const std::regex& ventricle_words() {
  static const std::regex words = one_of("ventricles?|ventriclemask");
  return words;
}
/// How an image was processed or kept: nobody's name.
const std::regex& dull_words() {
  static const std::regex words = one_of(
      "n4|pp|pre|preproc\\w*|proc\\w*|reg|registered|coreg\\w*|bias|corrected|raw|nifti|nii|mni\\w*"
      "|"
      "space|iso|images?|img|imgs|mri|mr|ax|axial|sag|sagittal|cor|coronal|tra|2d|3d|tse|fast|"
      "anat|data|dataset|files|scans?|native|orig|original|derivatives|train(ing)?|test(ing)?|val("
      "idation)?|"
      "imagestr|imagests|labelstr|labelsts");
  return words;
}
const std::regex& visit_words() {
  static const std::regex words = one_of(
      "(ses|session|visit|tp|timepoint|time|month|year|week|followup|fu|t|v)\\d+|baseline|bl|"
      "followup|fu|(19|20)\\d\\d(0[1-9]|1[0-2])([0-2]\\d|3[01])");
  return words;
}
/// Words that make a visit of the number after them.
const std::regex& visit_heads() {
  static const std::regex words =
      one_of("ses|session|visit|tp|timepoint|time|month|year|week|followup|fu");
  return words;
}

bool any(const std::vector<std::string>& words, const std::regex& pattern) {
  return std::any_of(words.begin(), words.end(),
                     [&](const std::string& w) { return matches(w, pattern); });
}

/// Place of the word that says which sequence it is; words.size() where none does.
std::size_t sequence_place(const std::vector<std::string>& words) {
  const auto last = [&words](const auto& is) {
    for (std::size_t i = words.size(); i-- > 0;) {
      if (is(words[i])) return i;
    }
    return words.size();
  };
  const std::size_t flair = last([](const auto& w) { return matches(w, flair_words()); });
  if (flair < words.size()) return flair;
  return last([](const auto& w) {
    return matches(w, t1_words()) || matches(w, t2_words()) || matches(w, other_words());
  });
}

bool is_digits(const std::string& word) {
  return !word.empty() && word.find_first_not_of("0123456789") == std::string::npos;
}

}  // namespace

std::vector<std::string> words_of(const std::string& name) {
  static const std::regex date("((?:19|20)\\d\\d)[-_.](\\d\\d)[-_.](\\d\\d)");
  const std::string text = std::regex_replace(name, date, "$1$2$3");
  const auto is = [&text](std::size_t i, int (*kind)(int)) {
    return i < text.size() && kind(static_cast<unsigned char>(text[i])) != 0;
  };
  std::vector<std::string> words;
  std::string word;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool begins =
        is(i, std::isupper) && i > 0 &&
        (is(i - 1, std::islower) || (is(i - 1, std::isupper) && is(i + 1, std::islower)));
    // Letters beyond ASCII are part of a word.
    const bool part = is(i, std::isalnum) || (static_cast<unsigned char>(text[i]) & 0x80U) != 0;
    if ((begins || !part) && !word.empty()) {
      words.push_back(word);
      word.clear();
    }
    if (part) word += text[i];
  }
  if (!word.empty()) words.push_back(word);
  return words;
}

std::optional<Kind> kind_of_words(const std::vector<std::string>& words) {
  if (any(words, probability_words())) return {};
  const std::size_t place = sequence_place(words);
  const std::string sequence = place < words.size() ? words[place] : "";
  const bool flair = matches(sequence, flair_words());
  if (any(words, mask_words())) {
    if (!sequence.empty() && !flair) return {};
    if (any(words, ventricle_words())) return Kind::ventricle_mask;
    if (any(words, brain_words()) && !any(words, lesion_words())) return Kind::brain_mask;
    return Kind::lesion_mask;
  }
  if (flair) return Kind::flair;
  if (matches(sequence, t2_words())) return Kind::t2w;
  if (!matches(sequence, t1_words())) return {};
  return any(words, contrast_words()) ? Kind::t1w_contrast : Kind::t1w;
}

bool says_lesion(const std::string& name) {
  return any(words_of(name), lesion_words());
}

NameParts parts_of(const std::string& name) {
  const std::vector<std::string> words = words_of(name);
  NameParts parts;
  parts.kind = kind_of_words(words);
  const std::size_t sequence = sequence_place(words);
  const auto append = [](std::string& text, const std::string& word) {
    text += (text.empty() ? "" : "_") + word;
  };
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    // "T2 FLAIR" is one name; another "T1" or "T2" before the sequence's is a time.
    if (i == sequence || (i + 1 == sequence && matches(word, t2_words()) &&
                          matches(words[sequence], flair_words()))) {
      continue;
    }
    if (matches(word, visit_heads()) && i + 1 < words.size() && is_digits(words[i + 1])) {
      append(parts.visit, core::lower_case(word) + words[i + 1]);
      ++i;
    } else if (matches(word, visit_words())) {
      append(parts.visit, core::lower_case(word));
    } else if (!matches(word, mask_words()) && !matches(word, dull_words()) &&
               !matches(word, brain_words()) && !matches(word, ventricle_words()) &&
               !matches(word, contrast_words())) {
      append(parts.person, word);
    }
  }
  return parts;
}

bool visit_is_earlier(const std::string& a, const std::string& b) {
  const auto is_first = [](const std::string& v) { return v == "baseline" || v == "bl"; };
  if (is_first(a) != is_first(b)) return is_first(a);
  std::size_t i = 0, j = 0;
  while (i < a.size() && j < b.size()) {
    if (std::isdigit(static_cast<unsigned char>(a[i])) != 0 &&
        std::isdigit(static_cast<unsigned char>(b[j])) != 0) {
      const auto number = [](const std::string& text, std::size_t& at) {
        while (at + 1 < text.size() && text[at] == '0' &&
               std::isdigit(static_cast<unsigned char>(text[at + 1])) != 0) {
          ++at;
        }
        const std::size_t begin = at;
        while (at < text.size() && std::isdigit(static_cast<unsigned char>(text[at])) != 0) ++at;
        return text.substr(begin, at - begin);
      };
      const std::string left = number(a, i), right = number(b, j);
      if (left.size() != right.size()) return left.size() < right.size();
      if (left != right) return left < right;
    } else {
      if (a[i] != b[j]) return a[i] < b[j];
      ++i;
      ++j;
    }
  }
  return a.size() - i < b.size() - j;
}

}  // namespace dawson::dataset
