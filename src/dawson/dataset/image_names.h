// What the names of image files say: which image, of whom, when.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "dawson/dataset/survey.h"

namespace dawson::dataset {

/// Letters and digits of a name, split at everything else and where a capital begins a word:
/// "01-LesionSeg_FLAIR" → 01, Lesion, Seg, FLAIR. A date stays one word: "2020-01-31" → 20200131.
std::vector<std::string> words_of(const std::string& name);

/// Which image words mean. FLAIR wins over T1 and T2, of which the last one counts; a word for a
/// mask makes it a lesion's unless brain or ventricle is said. Nothing for other images (PD, DWI,
/// probabilities), for masks of a T1w or T2w, and where no word says.
std::optional<Kind> kind_of_words(const std::vector<std::string>& words);

/// "lesion", "MS lesions", "WMH".
bool says_lesion(const std::string& name);

/// A name taken apart.
struct NameParts {
  std::optional<Kind> kind;
  std::string person;  ///< words left over, joined by '_'; empty where none are
  std::string visit;   ///< "ses 2", "tp02", "20200131"; empty where none is said
};

/// Words that say which image or how it was processed belong to no person.
NameParts parts_of(const std::string& name);

/// "2" before "10", letters by the alphabet; "baseline" first.
bool visit_is_earlier(const std::string& a, const std::string& b);

}  // namespace dawson::dataset
