#include "dawson/core/settings.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <numeric>
#include <stdexcept>

namespace dawson::core {
namespace {

[[noreturn]] void refuse(const Setting& setting, const std::string& where, const std::string& what,
                         const std::string& what_to_do = {}) {
  throw Error(ExitCode::usage, "'" + setting.name + "' " + what, where, what_to_do);
}

template <typename Number>
std::optional<Number> parse_number(const std::string& text) {
  const char* begin = text.data() + (text.starts_with('+') ? 1 : 0);
  const char* end = text.data() + text.size();
  Number value{};
  const auto [stop, error] = std::from_chars(begin, end, value);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return value;
}

std::optional<bool> parse_flag(const std::string& text) {
  if (text == "true" || text == "1" || text == "yes" || text == "on") return true;
  if (text == "false" || text == "0" || text == "no" || text == "off") return false;
  return std::nullopt;
}

std::string in_words(double value) {
  return Json(value == std::floor(value) && std::abs(value) < 1e15
                  ? Json(static_cast<long long>(value))
                  : Json(value))
      .dump();
}

void check_range(const Setting& setting, double value, const std::string& text,
                 const std::string& where) {
  // "mm" belongs behind a number; "FILE" and "N" only say what the value is.
  const bool is_unit = std::any_of(setting.unit.begin(), setting.unit.end(),
                                   [](unsigned char c) { return std::islower(c) != 0; });
  const std::string unit = is_unit ? " " + setting.unit : "";
  if (!std::isfinite(value)) refuse(setting, where, "must be a finite number, not '" + text + "'");
  if (setting.minimum && value < *setting.minimum) {
    refuse(setting, where,
           "must be at least " + in_words(*setting.minimum) + unit + ", not " + text);
  }
  if (setting.maximum && value > *setting.maximum) {
    refuse(setting, where,
           "must be at most " + in_words(*setting.maximum) + unit + ", not " + text);
  }
}

void check(const Setting& setting, const std::string& text, const std::string& where) {
  switch (setting.type) {
    case SettingType::flag:
      if (!parse_flag(text))
        refuse(setting, where, "is on or off: true or false, not '" + text + "'");
      break;
    case SettingType::integer: {
      const auto value = parse_number<long long>(text);
      if (!value) refuse(setting, where, "must be a whole number, not '" + text + "'");
      check_range(setting, static_cast<double>(*value), text, where);
      break;
    }
    case SettingType::real: {
      const auto value = parse_number<double>(text);
      if (!value) refuse(setting, where, "must be a number, not '" + text + "'");
      check_range(setting, *value, text, where);
      break;
    }
    case SettingType::text:
    case SettingType::path:
      if (text.empty()) refuse(setting, where, "must not be empty");
      break;
  }
  const auto& choices = setting.choices;
  if (!choices.empty() && std::find(choices.begin(), choices.end(), text) == choices.end()) {
    std::string list;
    for (const std::string& choice : choices) list += (list.empty() ? "" : ", ") + choice;
    refuse(setting, where, "must be one of " + list + ", not '" + text + "'",
           suggestion(text, choices));
  }
}

Json typed(const Setting& setting, const std::string& text) {
  switch (setting.type) {
    case SettingType::flag:
      return *parse_flag(text);
    case SettingType::integer:
      return *parse_number<long long>(text);
    case SettingType::real:
      return *parse_number<double>(text);
    case SettingType::path: {
      const std::filesystem::path path(text);
      if (!path.is_absolute()) return text;
      const std::filesystem::path clean = path.lexically_normal();
      return (clean.has_filename() ? clean.filename() : clean.parent_path().filename()).string();
    }
    case SettingType::text:
      break;
  }
  return text;
}

// Optimal string alignment: edits between two words, a swap of neighbours counting one.
std::size_t edits_between(const std::string& a, const std::string& b) {
  std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) d[i][0] = i;
  std::iota(d[0].begin(), d[0].end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replace = d[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, replace});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
      }
    }
  }
  return d[a.size()][b.size()];
}

}  // namespace

Settings Settings::resolve(std::vector<Setting> known, const std::vector<Layer>& layers) {
  Settings settings;
  for (Setting& setting : known) {
    Value value{std::move(setting), {}, false};
    const Setting& s = value.setting;
    if (!s.default_value.empty()) value.texts = {s.default_value};
    std::string where;
    for (const Layer& layer : layers) {
      const auto given = layer.find(s.name);
      if (given == layer.end()) continue;
      value.texts = given->second.texts;
      value.given = true;
      where = given->second.where;
    }
    if (!s.repeats && value.texts.size() > 1) refuse(s, where, "takes one value only");
    for (const std::string& text : value.texts) check(s, text, where);
    if (s.required && value.texts.empty()) {
      throw Error(ExitCode::usage,
                  s.positional ? s.name + " is missing" : "--" + s.name + " is missing", "",
                  "see --help");
    }
    settings.values_.push_back(std::move(value));
  }
  return settings;
}

const Settings::Value& Settings::find(const std::string& name) const {
  for (const Value& value : values_) {
    if (value.setting.name == name) return value;
  }
  throw std::logic_error("setting '" + name + "' was never declared");
}

const std::string& Settings::single(const std::string& name, SettingType type) const {
  const Value& value = find(name);
  if (value.setting.type != type) throw std::logic_error("setting '" + name + "' of another type");
  if (value.texts.empty()) throw std::logic_error("setting '" + name + "' has no value");
  return value.texts.front();
}

bool Settings::has(const std::string& name) const {
  return !find(name).texts.empty();
}

bool Settings::given(const std::string& name) const {
  return find(name).given;
}

bool Settings::flag(const std::string& name) const {
  return has(name) && *parse_flag(single(name, SettingType::flag));
}

long long Settings::integer(const std::string& name) const {
  return *parse_number<long long>(single(name, SettingType::integer));
}

double Settings::real(const std::string& name) const {
  return *parse_number<double>(single(name, SettingType::real));
}

std::string Settings::text(const std::string& name) const {
  return single(name, SettingType::text);
}

std::filesystem::path Settings::path(const std::string& name) const {
  return single(name, SettingType::path);
}

std::vector<std::string> Settings::texts(const std::string& name) const {
  return find(name).texts;
}

std::vector<std::filesystem::path> Settings::paths(const std::string& name) const {
  const std::vector<std::string> all = texts(name);
  return {all.begin(), all.end()};
}

std::vector<std::string> Settings::given_words(const std::set<std::string>& without) const {
  std::vector<std::string> words;
  for (const Value& value : values_) {
    const Setting& s = value.setting;
    if (!value.given || without.contains(s.name)) continue;
    if (s.type == SettingType::flag) {
      words.push_back("--" + s.name + (flag(s.name) ? "" : "=false"));
      continue;
    }
    for (const std::string& text : value.texts) {
      words.push_back(s.positional ? text : "--" + s.name + "=" + text);
    }
  }
  return words;
}

Json Settings::to_json() const {
  Json json = Json::object();
  for (const Value& value : values_) {
    const Setting& setting = value.setting;
    Json& entry = json[setting.name];
    if (setting.repeats) {
      entry = Json::array();
      for (const std::string& text : value.texts) entry.push_back(typed(setting, text));
    } else if (!value.texts.empty()) {
      entry = typed(setting, value.texts.front());
    } else if (setting.type == SettingType::flag) {
      entry = false;
    }
  }
  return json;
}

std::string nearest(const std::string& name, const std::vector<std::string>& candidates) {
  std::string best;
  // A third of the word wrong, or two letters of a short one, is still the same word mistyped.
  std::size_t fewest = std::max<std::size_t>(2, name.size() / 3) + 1;
  for (const std::string& candidate : candidates) {
    const std::size_t edits = edits_between(name, candidate);
    if (edits < fewest && edits < candidate.size()) {
      fewest = edits;
      best = candidate;
    }
  }
  return best;
}

std::string suggestion(const std::string& name, const std::vector<std::string>& candidates) {
  const std::string near = nearest(name, candidates);
  return near.empty() ? "" : "did you mean '" + near + "'?";
}

}  // namespace dawson::core
