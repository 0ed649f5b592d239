#include <map>
#include <regex>
#include <set>

#include "dawson/core/error.h"
#include "dawson/core/walk.h"
#include "dawson/dataset/catalogue.h"
#include "dawson/imaging/formats.h"

namespace dawson::dataset {
namespace {

namespace fs = std::filesystem;

class Layout {
 public:
  explicit Layout(const PublicSet& set) : set_(set) {
    for (const LayoutRule& rule : set.rules) patterns_.emplace_back("(?:.*/)?" + rule.path);
  }

  /// What the first rule that knows `below` says of it; `site` is what it says of the place.
  FoundImage found_at(const fs::path& folder, const std::string& below, std::string& site) const {
    FoundImage found;
    found.name = below;
    found.why = "not of the set's layout";
    std::smatch match;
    for (std::size_t i = 0; i < patterns_.size(); ++i) {
      if (!std::regex_match(below, match, patterns_[i])) continue;
      const LayoutRule& rule = set_.rules[i];
      found.kind = rule.kind;
      found.why = rule.kind ? "the layout of " + set_.name : rule.why_left;
      if (!rule.kind) return found;
      found.person = match.format(rule.person);
      found.visit = match.format(rule.visit);
      site = rule.site.empty() ? set_.name : match.format(rule.site);
      const fs::path file = folder / below;
      found.read = rule.label > 0 ? reader_of_label(file, rule.label) : reader_of(file, *rule.kind);
      return found;
    }
    return found;
  }

 private:
  const PublicSet& set_;
  std::vector<std::regex> patterns_;
};

void check_counts(const PublicSet& set, Survey& survey) {
  int scans = 0, masks = 0;
  std::set<std::string> persons;
  for (const FoundImage& image : survey.images) {
    if (image.kind == Kind::flair) ++scans;
    if (image.kind == Kind::flair) persons.insert(image.person);
    if (image.kind == Kind::lesion_mask) ++masks;
  }
  if (scans == 0) {
    throw Error(ExitCode::input,
                "holds no FLAIR in the layout of " + set.name + ", such as " + set.example);
  }
  const auto check = [&](int there, int whole, const char* what) {
    if (there == whole || whole == 0) return;
    survey.problems.push_back(std::to_string(there) + " of the " + std::to_string(whole) + " " +
                              what + " of " + set.name + " are there");
  };
  check(static_cast<int>(persons.size()), set.persons, "persons");
  check(scans, set.scans, "FLAIR scans");
  check(masks, set.masks, "lesion masks");
}

}  // namespace

Survey survey_public(const PublicSet& set, const fs::path& folder) {
  Survey survey{.form = set.title, .images = {}, .problems = {}, .people = {}};
  survey.description = {{"Name", set.title},
                        {"License", set.licence},
                        {"HowToAcknowledge", set.citation},
                        {"ReferencesAndLinks", {set.source}}};
  const Layout layout(set);
  std::map<std::string, std::string> sites;
  for (const fs::path& file : core::files_below(folder, survey.problems)) {
    const std::string below = file.lexically_relative(folder).string();
    if (!imaging::is_image_name(file) || file.filename().string().starts_with(".")) continue;
    std::string site;
    survey.images.push_back(layout.found_at(folder, below, site));
    if (survey.images.back().kind) sites.emplace(survey.images.back().person, site);
  }
  for (const auto& [name, site] : sites) {
    Participant person;
    person.id = name;
    person.site = site;
    survey.people.push_back(std::move(person));
  }
  check_counts(set, survey);
  return survey;
}

}  // namespace dawson::dataset
