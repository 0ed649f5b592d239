// Where settings come from outside the command line: a TOML file and the environment.
#include <algorithm>
#include <cctype>
#include <sstream>
#include <string_view>

#include "dawson/core/settings.h"
#include "dawson/core/toml_table.h"

namespace dawson::core {
namespace {

constexpr std::string_view prefix = "DAWSON_";
// Variables that are not settings: they say where things lie on this machine.
constexpr std::string_view reserved[] = {"DAWSON_TEST_DATA", "DAWSON_HEAD", "DAWSON_MODELS"};

const Setting* find(const std::vector<Setting>& settings, const std::string& name) {
  const auto found = std::find_if(settings.begin(), settings.end(),
                                  [&](const Setting& s) { return s.name == name; });
  return found == settings.end() ? nullptr : &*found;
}

std::vector<std::string> names(const std::vector<Setting>& settings) {
  std::vector<std::string> all;
  for (const Setting& s : settings) all.push_back(s.name);
  return all;
}

std::string text_of(const toml::node& node, const std::string& key, const std::string& where) {
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* flag = node.as_boolean()) return flag->get() ? "true" : "false";
  if (const auto* integer = node.as_integer()) return std::to_string(integer->get());
  if (const auto* real = node.as_floating_point()) return Json(real->get()).dump();
  throw Error(ExitCode::usage, "'" + key + "' must be a text, a number, true or false", where);
}

void add(Layer& layer, const std::string& key, const toml::node& node, const std::string& where) {
  Given given{{}, where};
  if (const auto* array = node.as_array()) {
    for (const toml::node& item : *array) given.texts.push_back(text_of(item, key, where));
  } else {
    given.texts.push_back(text_of(node, key, where));
  }
  layer[key] = std::move(given);
}

std::string upper(std::string name) {
  std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) {
    return c == '-' ? '_' : static_cast<char>(std::toupper(c));
  });
  return name;
}

Given from_variable(const Setting& setting, const std::string& value, const std::string& variable) {
  Given given{{value}, variable};
  if (!setting.repeats) return given;
  given.texts.clear();
  std::istringstream parts(value);
  for (std::string part; std::getline(parts, part, ':');) given.texts.push_back(part);
  return given;
}

// Every variable there may be, with the command it is for ("" for any) and its setting.
struct Variable {
  std::string name, command;
  Setting setting;
};

std::vector<Variable> variables_of(const Vocabulary& vocabulary) {
  std::vector<Variable> all;
  for (const Setting& s : vocabulary.common) {
    all.push_back({std::string(prefix) + upper(s.name), "", s});
  }
  const auto add_one = [&](const std::string& command, const Setting& s) {
    if (s.positional) return;
    all.push_back({std::string(prefix) + upper(s.name), "", s});
    all.push_back({std::string(prefix) + upper(command) + "_" + upper(s.name), command, s});
  };
  for (const auto& [command, settings] : vocabulary.commands) {
    for (const Setting& s : settings) add_one(command, s);
    for (const Setting& s : vocabulary.common) add_one(command, s);
  }
  return all;
}

const Setting* find_own(const Vocabulary& vocabulary, const std::string& command,
                        const std::string& name) {
  const auto own = vocabulary.commands.find(command);
  const Setting* setting = own == vocabulary.commands.end() ? nullptr : find(own->second, name);
  return setting != nullptr ? setting : find(vocabulary.common, name);
}

}  // namespace

Layer file_layer(const std::filesystem::path& file, const Vocabulary& vocabulary,
                 const std::string& command) {
  const toml::table table = parse_toml(file, "the settings file");
  Layer general;
  Layer special;
  for (const auto& [key_node, node] : table) {
    const std::string key(key_node.str());
    const auto* section = node.as_table();
    if (section == nullptr) {
      if (find(vocabulary.common, key) == nullptr) {
        throw Error(ExitCode::usage, "unknown setting '" + key + "' outside of any [command]",
                    file.string(), suggestion(key, names(vocabulary.common)));
      }
      add(general, key, node, file.string());
      continue;
    }
    const auto known = vocabulary.commands.find(key);
    if (known == vocabulary.commands.end()) {
      std::vector<std::string> commands;
      for (const auto& entry : vocabulary.commands) commands.push_back(entry.first);
      throw Error(ExitCode::usage, "unknown section [" + key + "]", file.string(),
                  suggestion(key, commands));
    }
    const std::string where = file.string() + ", [" + key + "]";
    std::vector<Setting> settings = known->second;
    settings.insert(settings.end(), vocabulary.common.begin(), vocabulary.common.end());
    for (const auto& [name_node, value] : *section) {
      const std::string name(name_node.str());
      if (find(settings, name) == nullptr) {
        throw Error(ExitCode::usage, "unknown setting '" + name + "'", where,
                    suggestion(name, names(settings)));
      }
      Layer unused;
      add(key == command ? special : unused, name, value, where);
    }
  }
  special.merge(general);  // keeps what the command's own section says
  return special;
}

Layer environment_layer(const char* const* variables, const Vocabulary& vocabulary,
                        const std::string& command) {
  const std::vector<Variable> known = variables_of(vocabulary);
  Layer general;
  Layer special;
  for (; *variables != nullptr; ++variables) {
    const std::string_view line = *variables;
    if (!line.starts_with(prefix)) continue;
    const std::string name(line.substr(0, line.find('=')));
    if (std::find(std::begin(reserved), std::end(reserved), name) != std::end(reserved)) continue;
    const std::string value(line.substr(std::min(line.size(), name.size() + 1)));
    bool recognised = false;
    for (const Variable& v : known) {
      if (v.name != name) continue;
      recognised = true;
      const Setting* own = find_own(vocabulary, command, v.setting.name);
      if (own == nullptr) continue;
      if (v.command == command) special[own->name] = from_variable(*own, value, name);
      if (v.command.empty()) general[own->name] = from_variable(*own, value, name);
    }
    if (!recognised) {
      std::vector<std::string> all;
      for (const Variable& v : known) all.push_back(v.name);
      throw Error(ExitCode::usage, "unknown environment variable", name, suggestion(name, all));
    }
  }
  special.merge(general);
  return special;
}

}  // namespace dawson::core
