#include <algorithm>
#include <cctype>
#include <map>
#include <set>

#include "dawson/core/error.h"
#include "dawson/core/table.h"
#include "dawson/core/text.h"
#include "dawson/dataset/image_names.h"
#include "dawson/dataset/import.h"

namespace dawson::dataset {
namespace {

/// Letters and digits, without the entity's key ("sub-").
std::string label_of(std::string name, const std::string& key) {
  if (name.starts_with(key)) name.erase(0, key.size());
  std::erase_if(name, [](unsigned char c) { return std::isalnum(c) == 0 || c >= 0x80; });
  return name;
}

using Visit = std::pair<std::string, std::string>;  ///< person, visit, as the source has them

struct Names {
  std::string participant, session;
};

/// The wish for a visit, the one for all visits of its person else, or null.
const Renamed* wish_for(const std::vector<Renamed>& renamed, const Visit& visit) {
  const Renamed* found = nullptr;
  for (const Renamed& r : renamed) {
    if (r.person != visit.first) continue;
    if (r.visit == visit.second && !r.visit.empty()) return &r;
    if (r.visit.empty()) found = &r;
  }
  return found;
}

/// Persons by name: those that were renamed keep what they were given, others get a free label.
std::map<std::string, std::string> label_persons(const std::set<std::string>& persons,
                                                 const std::set<std::string>& given) {
  std::map<std::string, std::string> labels;
  std::set<std::string> taken;  // in lower case: not every disk tells a from A
  for (const std::string& label : given) taken.insert(core::lower_case(label));
  for (const std::string& person : persons) {
    std::string label = label_of(person, "sub-");
    if (label.empty()) label = "unnamed";
    std::string free = label;
    for (int n = 2; !taken.insert(core::lower_case(free)).second; ++n)
      free = label + "x" + std::to_string(n);
    labels[person] = free;
  }
  return labels;
}

void require_known(const std::vector<Renamed>& renamed, const std::set<Visit>& visits) {
  for (const Renamed& r : renamed) {
    const bool known = std::any_of(visits.begin(), visits.end(), [&r](const Visit& v) {
      return v.first == r.person && (r.visit.empty() || v.second == r.visit);
    });
    if (!known) {
      throw Error(ExitCode::input,
                  "speaks of " + r.person + (r.visit.empty() ? "" : ", visit " + r.visit) +
                      ", who is not there",
                  "--names", "--dry-run shows the names that are");
    }
  }
}

/// The visits of one participant, in order, and what the source calls each.
using Sessions = std::vector<std::pair<Visit, std::string>>;

/// Labels of sessions: given ones, else numbers where there are several.
void name_sessions(const std::string& participant, Sessions sessions,
                   std::map<Visit, Names>& names) {
  std::sort(sessions.begin(), sessions.end(), [](const auto& a, const auto& b) {
    if (a.first.second != b.first.second) {
      return visit_is_earlier(a.first.second, b.first.second);
    }
    return a.first.first < b.first.first;
  });
  std::set<std::string> taken;
  for (std::size_t n = 0; n < sessions.size(); ++n) {
    const auto& [visit, wanted] = sessions[n];
    std::string label = label_of(wanted, "ses-");
    if (label.empty() && sessions.size() > 1) label = std::to_string(n + 1);
    if (!taken.insert(core::lower_case(label)).second) {
      throw Error(ExitCode::input, "two visits of " + participant + " get the session '" + label +
                                       "', the second being " + visit.first + " " + visit.second);
    }
    names[visit] = {participant, label.empty() ? "" : "ses-" + label};
  }
}

}  // namespace

std::string Placed::stem() const {
  return participant + (session.empty() ? "" : "_" + session) +
         (entities.empty() ? "" : "_" + entities);
}

std::vector<Renamed> read_renamed(const std::filesystem::path& file) {
  const core::Table table = core::Table::read(file);
  std::vector<Renamed> renamed;
  std::set<Visit> seen;
  for (const auto& row : table.rows()) {
    const auto cell = [&](const char* name) -> std::string {
      if (!table.has_column(name)) return {};
      const std::string& text = row[table.column(name)];
      return text == "n/a" ? "" : text;
    };
    Renamed r{row[table.column("person")], cell("visit"), row[table.column("participant_id")],
              cell("session")};
    if (label_of(r.participant, "sub-").empty()) {
      throw Error(ExitCode::input, "gives " + r.person + " no name of letters and digits",
                  file.string());
    }
    if (!seen.insert({r.person, r.visit}).second) {
      throw Error(ExitCode::input, "gives " + r.person + " two names", file.string());
    }
    renamed.push_back(std::move(r));
  }
  return renamed;
}

std::vector<Placed> place_images(const Survey& survey, const std::vector<Renamed>& renamed) {
  std::map<Visit, std::string> visits;  // and what the source calls them
  for (const FoundImage& image : survey.images) {
    if (image.kind) visits[{image.person, image.visit}] = image.session;
  }
  std::set<Visit> known;
  std::set<std::string> persons, given;
  for (const auto& [visit, session] : visits) {
    known.insert(visit);
    const Renamed* wish = wish_for(renamed, visit);
    if (wish == nullptr) persons.insert(visit.first);
    if (wish != nullptr) given.insert(label_of(wish->participant, "sub-"));
  }
  require_known(renamed, known);
  const std::map<std::string, std::string> labels = label_persons(persons, given);
  std::map<std::string, Sessions> by_participant;
  for (const auto& [visit, session] : visits) {
    const Renamed* wish = wish_for(renamed, visit);
    const std::string label =
        wish != nullptr ? label_of(wish->participant, "sub-") : labels.at(visit.first);
    const bool says = wish != nullptr && !wish->session.empty();
    by_participant["sub-" + label].emplace_back(visit, says ? wish->session : session);
  }
  std::map<Visit, Names> names;
  for (auto& [participant, sessions] : by_participant) {
    name_sessions(participant, std::move(sessions), names);
  }
  std::vector<Placed> placed;
  std::map<std::pair<Visit, Kind>, std::vector<std::size_t>> alike;  // without entities
  for (std::size_t i = 0; i < survey.images.size(); ++i) {
    const FoundImage& image = survey.images[i];
    if (!image.kind) continue;
    const Names& own = names.at({image.person, image.visit});
    placed.push_back({i, own.participant, own.session, image.entities});
    if (image.entities.empty() && !is_mask(*image.kind)) {
      alike[{{image.person, image.visit}, *image.kind}].push_back(placed.size() - 1);
    }
  }
  for (const auto& [which, several] : alike) {
    for (std::size_t n = 0; several.size() > 1 && n < several.size(); ++n) {
      placed[several[n]].entities = "run-" + std::to_string(n + 1);
    }
  }
  for (Placed& p : placed) {
    if (survey.images[p.image].kind != Kind::t1w_contrast) continue;
    p.entities = p.entities.empty() ? "ce-gd" : "ce-gd_" + p.entities;
  }
  return placed;
}

}  // namespace dawson::dataset
