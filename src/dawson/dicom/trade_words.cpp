#include "dawson/dicom/trade_words.h"

#include <cctype>
#include <string_view>

#include "dawson/core/text.h"

namespace dawson::dicom {
namespace {

/// In lower case, between blanks. English, German, French, Italian and Spanish words that scanners
/// and radiographers use; none that is also a common name of persons.
constexpr std::string_view words =
    " "
    "2d 3d adc anat angio ax axial axiale b bh blade bold brain brainview bravo c "
    "cerebral cerebro cerebrum cerveau contrast cor coronal cube dark diff dir dti dual "
    "dwi dynamic echo encefalo epi fast fat fatsat ffe fl fl2d fl3d flair fluid fov fr "
    "frfse fs fse fspgr gad gado gadolinium gd gr gradient gre head hirn hr hyper "
    "inversion ir irfse irm iso km kopf localiser localizer long map medic mip mm mpr "
    "mprage mr mra mri ms mt mtc multi nativ native neuro norm pat pd pdw phase plus "
    "post pre propeller qsm recovery reformat rm routine sag sagittal sat scout se se2d "
    "sequence short skull space spair spc spgr spin spir ssfse stir suppressed survey "
    "swi t1 t1w t2 t2w tfe thin tir tirm tra trans transversal transverse trigger tse "
    "turbo vibe vista w weighted whole wi with ";

/// "3mm", "p2", "b1000": a measure or a factor, and too short for a date or a number of a record.
/// Numbers by themselves go: several make a telephone.
bool is_measure(std::string_view word) {
  std::size_t digits = 0;
  for (const char c : word) digits += std::isdigit(static_cast<unsigned char>(c)) != 0 ? 1 : 0;
  if (digits == 0) return false;
  if (word.ends_with("mm")) return digits <= 2 && word.size() == digits + 2;
  const bool factor = word[0] == 'p' && digits == 1, weighting = word[0] == 'b' && digits <= 4;
  return word.size() == digits + 1 && (factor || weighting);
}

bool is_of_the_trade(const std::string& text) {
  const std::string word = core::lower_case(text);
  return is_measure(word) || words.find(" " + word + " ") != std::string_view::npos;
}

bool is_letter_or_digit(char c) {
  const auto u = static_cast<unsigned char>(c);
  return u >= 0x80 || std::isalnum(u) != 0;  // a letter of another script is a letter
}

}  // namespace

std::string only_trade_words(const std::string& text) {
  std::string kept, between;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    while (end < text.size() && is_letter_or_digit(text[end]) == is_letter_or_digit(text[at])) {
      ++end;
    }
    const std::string piece = text.substr(at, end - at);
    at = end;
    if (!is_letter_or_digit(piece.front())) {
      if (between.empty()) between = piece.substr(0, 1);
      continue;
    }
    if (!is_of_the_trade(piece)) continue;
    kept += (kept.empty() ? "" : between.empty() ? "_" : between) + piece;
    between.clear();
  }
  return kept;
}

}  // namespace dawson::dicom
