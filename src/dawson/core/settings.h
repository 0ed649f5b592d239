// Settings in layers: defaults < dawson.toml < environment < command line.
//
// A Setting is declared once; parsing, checks, --help and the reference pages follow from it.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "dawson/core/json.h"

namespace dawson::core {

enum class SettingType { flag, integer, real, text, path };

/// What one option of a command is.
struct Setting {
  std::string name = {};  ///< lower case, words joined by '-': "min-volume"
  char letter = 0;        ///< its short form on the command line, if it has one
  SettingType type = SettingType::text;
  std::string unit = {};           ///< "mm", "ml", "s", or what the value is: "FILE"
  std::string default_value = {};  ///< as a user would type it; empty: none
  bool required = false;           ///< a value must come from some layer
  bool repeats = false;            ///< may be given several times; all values are kept
  bool positional = false;         ///< given by place, not by name
  std::optional<double> minimum = std::nullopt;  ///< the range of a number, both ends included
  std::optional<double> maximum = std::nullopt;
  std::vector<std::string> choices = {};  ///< the only values there are; empty: any
  std::string help = {};                  ///< one sentence or two, without the default
};

/// The texts given for one setting and where they stood, for messages ("dawson.toml, [segment]").
struct Given {
  std::vector<std::string> texts;
  std::string where;
};
/// What one source gives, by the setting's name.
using Layer = std::map<std::string, Given>;

/// Every name that a settings file or the environment may use.
struct Vocabulary {
  std::vector<Setting> common;                           ///< settings that every command has
  std::map<std::string, std::vector<Setting>> commands;  ///< a command's own settings, by its name
};

/// What dawson.toml gives to `command`: top-level keys (common settings) and those of [command].
/// Throws Error{usage}: the file is missing or no TOML, or any section or key in it is unknown (the
/// nearest known one is named).
Layer file_layer(const std::filesystem::path& file, const Vocabulary& vocabulary,
                 const std::string& command);

/// What the environment (`variables`: "NAME=value", null-terminated, as ::environ) gives:
/// DAWSON_OPTION, and stronger DAWSON_COMMAND_OPTION, with '_' for '-'. Several values of a
/// repeating setting are separated by ':'. DAWSON_TEST_DATA, DAWSON_HEAD and DAWSON_MODELS have
/// meanings of their own. Throws Error{usage} naming an unknown DAWSON_ variable.
Layer environment_layer(const char* const* variables, const Vocabulary& vocabulary,
                        const std::string& command);

/// The resolved values of one command.
class Settings {
 public:
  /// Later layers win. Throws Error{usage} naming the setting and where it was given: not a number,
  /// out of range, none of the choices, several values where one is taken, or missing.
  static Settings resolve(std::vector<Setting> known, const std::vector<Layer>& layers);

  /// True when any layer or the default gives a value. All getters throw std::logic_error for a
  /// name that was not declared, or of another type, or without a value.
  [[nodiscard]] bool has(const std::string& name) const;
  /// True when a layer, not only the default, gives the value.
  [[nodiscard]] bool given(const std::string& name) const;
  [[nodiscard]] bool flag(const std::string& name) const;
  [[nodiscard]] long long integer(const std::string& name) const;
  [[nodiscard]] double real(const std::string& name) const;
  [[nodiscard]] std::string text(const std::string& name) const;
  [[nodiscard]] std::filesystem::path path(const std::string& name) const;
  [[nodiscard]] std::vector<std::string> texts(const std::string& name) const;
  [[nodiscard]] std::vector<std::filesystem::path> paths(const std::string& name) const;

  /// What was given, as words of a command line ("--extra=phantoms"), but for the settings named in
  /// `without`.
  [[nodiscard]] std::vector<std::string> given_words(const std::set<std::string>& without) const;

  /// The resolved set for a run record, typed, null where there is no value. Of an absolute path
  /// only the last component is kept: records do not tell where on a machine things lay.
  [[nodiscard]] Json to_json() const;

 private:
  struct Value {
    Setting setting;
    std::vector<std::string> texts;
    bool given = false;
  };
  [[nodiscard]] const Value& find(const std::string& name) const;
  [[nodiscard]] const std::string& single(const std::string& name, SettingType type) const;
  std::vector<Value> values_;
};

/// The candidate fewest edits (insert, delete, replace, swap) away; empty when all are too far to
/// be what was meant.
std::string nearest(const std::string& name, const std::vector<std::string>& candidates);
/// "did you mean 'x'?", or empty.
std::string suggestion(const std::string& name, const std::vector<std::string>& candidates);

}  // namespace dawson::core
