// A command is one declaration and a short run(). Parsing, checks, --help and docs/reference all
// follow from the declaration.
#pragma once

#include <filesystem>
#include <functional>
#include <iosfwd>
#include <string>
#include <vector>

#include "dawson/core/error.h"
#include "dawson/core/json.h"
#include "dawson/core/progress.h"
#include "dawson/core/settings.h"

namespace dawson::cli {

using Option = core::Setting;
using OptionType = core::SettingType;

/// What a command's run() is given: its resolved options, progress, and where to speak.
class Context {
 public:
  Context(std::string command, core::Settings settings, Progress& progress, std::ostream& out,
          std::ostream& reports);

  // Values of the options, by their long name. Options without default must be asked with has().
  [[nodiscard]] bool has(const std::string& name) const { return settings_.has(name); }
  [[nodiscard]] bool flag(const std::string& name) const { return settings_.flag(name); }
  [[nodiscard]] int integer(const std::string& name) const {
    return static_cast<int>(settings_.integer(name));
  }
  [[nodiscard]] long long long_integer(const std::string& name) const {
    return settings_.integer(name);
  }
  [[nodiscard]] double real(const std::string& name) const { return settings_.real(name); }
  [[nodiscard]] std::string text(const std::string& name) const { return settings_.text(name); }
  [[nodiscard]] std::vector<std::string> texts(const std::string& name) const {
    return settings_.texts(name);
  }
  [[nodiscard]] std::filesystem::path path(const std::string& name) const {
    return settings_.path(name);
  }
  [[nodiscard]] std::vector<std::filesystem::path> paths(const std::string& name) const {
    return settings_.paths(name);
  }
  [[nodiscard]] const core::Settings& settings() const noexcept { return settings_; }
  [[nodiscard]] const std::string& command() const noexcept { return command_; }

  /// --threads, or every core that this process may use.
  [[nodiscard]] int threads() const;

  /// Shown as --progress says, cancelled by Ctrl-C.
  [[nodiscard]] Progress& progress() const noexcept { return progress_; }
  /// Data for the next program: standard output.
  [[nodiscard]] std::ostream& out() const noexcept { return out_; }
  /// One line for the reader: standard error.
  void report(const std::string& line) const;

  /// The beginning of a run record: command, version, commit, libraries and resolved settings.
  [[nodiscard]] core::Json record() const;

 private:
  std::string command_;
  core::Settings settings_;
  Progress& progress_;
  std::ostream& out_;
  std::ostream& reports_;
};

struct Example {
  std::string command_line;  ///< as typed: "dawson segment -i sub-01_FLAIR.nii.gz -o out"
  std::string explanation;   ///< what it does, one sentence
};

struct Command {
  std::string name;
  std::string purpose;      ///< one line, lower case, no full stop
  std::string description;  ///< paragraphs separated by an empty line
  std::vector<Option> options = {};
  Example example = {};
  /// Codes it may return besides done, usage, interrupted and defect.
  std::vector<ExitCode> exit_codes = {};
  /// Does the work by calling one function of a room. Returns done, partial or check; every other
  /// outcome is an exception.
  std::function<ExitCode(Context&)> run;
  bool hidden = false;  ///< not in the overview and without a reference page
};

// Options that mean the same everywhere.
/// -i/--input, required, repeating.
Option input_option(const std::string& help);
/// -o/--output, required.
Option output_option(const std::string& help);
/// --overwrite.
Option overwrite_option();
/// --seed, default 1.
Option seed_option(const std::string& help);

/// Options that every command has: --config, --progress, --threads.
const std::vector<Option>& common_options();

}  // namespace dawson::cli
