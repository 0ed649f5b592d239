#include "dawson/workflow/search.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "dawson/core/error.h"
#include "dawson/core/random.h"
#include "dawson/core/toml_file.h"

namespace dawson::workflow {
namespace {

namespace fs = std::filesystem;
using core::Json;

[[noreturn]] void refuse(const fs::path& file, const std::string& what,
                         const std::string& what_to_do = {}) {
  throw Error(ExitCode::usage, what, file.string(), what_to_do);
}

std::string text_of(const Json& value, const std::string& name, const fs::path& file) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_boolean() || value.is_number()) return value.dump();
  refuse(file, "'" + name + "' must be a list of texts, numbers, true or false, or a range");
}

/// The value is one that the setting takes.
void check(const core::Setting& setting, const std::string& value, const fs::path& file) {
  core::Setting alone = setting;
  alone.required = false;
  (void)core::Settings::resolve({alone}, {{{setting.name, {{value}, file.string()}}}});
}

void read_range(const Json& range, const core::Setting& setting, Choice& choice,
                const fs::path& file) {
  const std::string& name = choice.setting;
  for (const auto& [key, value] : range.items()) {
    if (key != "from" && key != "to" && key != "scale") {
      refuse(file, "'" + name + "' has an unknown '" + key + "'",
             core::suggestion(key, {"from", "to", "scale"}));
    }
  }
  if (!range.contains("from") || !range.contains("to") || !range["from"].is_number() ||
      !range["to"].is_number()) {
    refuse(file, "'" + name + "' needs two numbers, from and to");
  }
  const std::string scale = range.value("scale", Json("linear")).dump();
  if (scale != "\"linear\"" && scale != "\"log\"") {
    refuse(file, "the scale of '" + name + "' must be \"linear\" or \"log\"");
  }
  choice.from = range["from"].get<double>();
  choice.to = range["to"].get<double>();
  choice.logarithmic = scale == "\"log\"";
  choice.whole = setting.type == core::SettingType::integer;
  if (!(choice.from < choice.to)) refuse(file, "the range of '" + name + "' is empty");
  if (choice.logarithmic && choice.from <= 0) {
    refuse(file, "'" + name + "' on a log scale must begin above 0");
  }
  check(setting, range["from"].dump(), file);
  check(setting, range["to"].dump(), file);
}

Choice read_choice(const std::string& name, const Json& value,
                   const std::vector<core::Setting>& known, const fs::path& file) {
  const auto setting = std::find_if(known.begin(), known.end(),
                                    [&](const core::Setting& s) { return s.name == name; });
  if (setting == known.end()) {
    std::vector<std::string> names;
    for (const core::Setting& s : known) names.push_back(s.name);
    refuse(file, "'" + name + "' is no setting that can be searched",
           core::suggestion(name, names));
  }
  Choice choice{name, {}, 0, 0, false, false};
  if (value.is_object()) {
    if (setting->type != core::SettingType::integer && setting->type != core::SettingType::real) {
      refuse(file, "'" + name + "' is no number and takes a list");
    }
    read_range(value, *setting, choice, file);
    return choice;
  }
  for (const Json& v : value.is_array() ? value : Json::array({value})) {
    choice.values.push_back(text_of(v, name, file));
    check(*setting, choice.values.back(), file);
  }
  if (choice.values.empty()) refuse(file, "the list of '" + name + "' is empty");
  return choice;
}

int whole_number(const Json& value, const std::string& name, int least, const fs::path& file) {
  if (!value.is_number_integer() || value.get<long long>() < least ||
      value.get<long long>() > 1'000'000'000) {
    refuse(file, "'" + name + "' must be a whole number of at least " + std::to_string(least));
  }
  return value.get<int>();
}

std::string drawn(const Choice& choice, core::Random& random) {
  if (!choice.values.empty()) return choice.values[random.below(choice.values.size())];
  double x = choice.logarithmic
                 ? std::exp(random.uniform(std::log(choice.from), std::log(choice.to)))
                 : random.uniform(choice.from, choice.to + (choice.whole ? 1 : 0));
  if (choice.whole) {
    x = choice.logarithmic ? std::round(x) : std::floor(x);
    return std::to_string(static_cast<long long>(std::clamp(x, choice.from, choice.to)));
  }
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", x);
  return text;
}

}  // namespace

Search read_search(const fs::path& file, const std::vector<core::Setting>& known) {
  const Json json = core::read_toml(file, "the search");
  const std::vector<std::string> keys = {"iterations", "keep", "trials", "seed", "settings"};
  for (const auto& [key, value] : json.items()) {
    if (std::find(keys.begin(), keys.end(), key) == keys.end()) {
      refuse(file, "has an unknown key '" + key + "'", core::suggestion(key, keys));
    }
  }
  Search search;
  if (json.contains("trials")) search.trials = whole_number(json["trials"], "trials", 1, file);
  if (json.contains("seed")) {
    search.seed = static_cast<std::uint64_t>(whole_number(json["seed"], "seed", 0, file));
  }
  if (json.contains("keep")) {
    if (!json["keep"].is_number() || !(json["keep"].get<double>() > 0) ||
        !(json["keep"].get<double>() < 1)) {
      refuse(file, "'keep' must lie between 0 and 1");
    }
    search.keep = json["keep"].get<double>();
  }
  const Json rungs = json.value("iterations", Json::array());
  for (const Json& rung : rungs.is_array() ? rungs : Json::array({rungs})) {
    search.rungs.push_back(whole_number(rung, "iterations", 1, file));
    if (search.rungs.size() > 1 && search.rungs.back() <= search.rungs[search.rungs.size() - 2]) {
      refuse(file, "'iterations' must grow from rung to rung");
    }
  }
  if (search.rungs.empty()) {
    refuse(file, "does not say how long a trial trains", "give iterations = 1000");
  }
  if (!json.contains("settings") || !json["settings"].is_object() || json["settings"].empty()) {
    refuse(file, "names no setting to search", "give some below [settings]");
  }
  for (const auto& [name, value] : json["settings"].items()) {
    search.choices.push_back(read_choice(name, value, known, file));
    if (search.choices.back().values.empty() && search.trials == 0) {
      refuse(file, "has a range ('" + name + "') and no number of trials to draw from it",
             "give trials = 20, or a list of values");
    }
  }
  return search;
}

std::vector<Point> draw_points(const Search& search) {
  std::vector<Point> points;
  if (search.trials == 0) {
    points.emplace_back();
    for (const Choice& choice : search.choices) {
      std::vector<Point> longer;
      for (const Point& point : points) {
        for (const std::string& value : choice.values) {
          longer.push_back(point);
          longer.back().emplace_back(choice.setting, value);
        }
      }
      points = std::move(longer);
    }
    return points;
  }
  core::Random random(search.seed);
  std::set<Point> seen;
  const auto wanted = static_cast<std::size_t>(search.trials);
  for (std::size_t draw = 0; draw < 100 * wanted && points.size() < wanted; ++draw) {
    Point point;
    for (const Choice& c : search.choices) point.emplace_back(c.setting, drawn(c, random));
    if (seen.insert(point).second) points.push_back(std::move(point));
  }
  return points;
}

std::string words_of(const Point& point) {
  std::string words;
  for (const auto& [name, value] : point) {
    words += (words.empty() ? "" : ", ") + name + " " + value;
  }
  return words;
}

}  // namespace dawson::workflow
