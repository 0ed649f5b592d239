#include "dawson/cli/command.h"

#include <ostream>
#include <utility>

#include "dawson/cli/process.h"
#include "dawson/cli/version.h"

namespace dawson::cli {

Context::Context(std::string command, core::Settings settings, Progress& progress,
                 std::ostream& out, std::ostream& reports)
    : command_(std::move(command)),
      settings_(std::move(settings)),
      progress_(progress),
      out_(out),
      reports_(reports) {}

void Context::report(const std::string& line) const {
  reports_ << line << std::endl;
}

int Context::threads() const {
  return has("threads") ? integer("threads") : usable_cores();
}

core::Json Context::record() const {
  core::Json json = version_record();
  json["command"] = command_;
  json["settings"] = settings_.to_json();
  return json;
}

Option input_option(const std::string& help) {
  return {.name = "input",
          .letter = 'i',
          .type = OptionType::path,
          .unit = "PATH",
          .required = true,
          .repeats = true,
          .help = help};
}

Option output_option(const std::string& help) {
  return {.name = "output",
          .letter = 'o',
          .type = OptionType::path,
          .unit = "PATH",
          .required = true,
          .help = help};
}

Option overwrite_option() {
  return {.name = "overwrite",
          .type = OptionType::flag,
          .help = "Replace output that is already there; without it such output is refused."};
}

Option seed_option(const std::string& help) {
  return {.name = "seed",
          .type = OptionType::integer,
          .unit = "N",
          .default_value = "1",
          .minimum = 0,
          .help = help};
}

const std::vector<Option>& common_options() {
  static const std::vector<Option> options = {
      {.name = "threads",
       .type = OptionType::integer,
       .unit = "N",
       .minimum = 1,
       .maximum = 1024,
       .help = "Processor threads to use; all cores without it."},
      {.name = "progress",
       .unit = "HOW",
       .default_value = "auto",
       .choices = {"auto", "bar", "plain", "json", "none"},
       .help = "How progress is shown on standard error: a bar, plain lines, JSON lines, or not at "
               "all. auto is a bar on a terminal and plain lines elsewhere."},
      {.name = "config",
       .type = OptionType::path,
       .unit = "FILE",
       .help = "Settings file in TOML, a section a command; dawson.toml in the current folder is "
               "read where there is one."},
  };
  return options;
}

}  // namespace dawson::cli
