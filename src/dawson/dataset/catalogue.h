// Public sets of brain MRI with lesions: what they are, their terms, and how their files lie.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "dawson/dataset/survey.h"

namespace dawson::dataset {

/// Files of a layout: a regular expression (ECMAScript) that a path must end in, from the
/// beginning of a folder's name. The names are formats of its groups ("$1-$2").
struct LayoutRule {
  std::string path;
  std::optional<Kind> kind;  ///< nothing: known, and left
  std::string person;        ///< names that become different participants
  std::string visit;
  std::string site;
  std::string why_left;  ///< where there is no kind
  int label = 0;         ///< the value that is meant in a mask; 0: every value above 0.5
};

struct PublicSet {
  std::string name;                       ///< as --dataset takes it
  std::string title;                      ///< as it calls itself
  std::string content;                    ///< disease, scanners, sequences, who drew the masks
  std::string licence;                    ///< and what must be signed
  std::string citation;                   ///< of the paper to be cited
  std::string source;                     ///< the address where a user gets it
  std::string cautions;                   ///< overlaps with other sets, known errors
  std::string tested;                     ///< on what the layout's rules were tried
  std::string example;                    ///< where a FLAIR lies
  int persons = 0, scans = 0, masks = 0;  ///< of the whole set: FLAIR scans and lesion masks
  std::vector<LayoutRule> rules;          ///< the first that a path matches counts
};

/// In the order of their years.
const std::vector<PublicSet>& public_sets();

/// Throws Error{usage} naming the sets that there are.
const PublicSet& public_set(const std::string& name);

/// The images of a downloaded set. What no rule knows is left; where there are fewer persons, scans
/// or masks than the whole set has, a problem says so.
/// Throws Error{input} where the folder holds no FLAIR of that layout.
Survey survey_public(const PublicSet& set, const std::filesystem::path& folder);

/// The catalogue as a page of Markdown.
std::string catalogue_page();

}  // namespace dawson::dataset
