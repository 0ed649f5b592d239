#include "dawson/cli/parse.h"

#include <CLI/CLI.hpp>
#include <algorithm>

namespace dawson::cli {
namespace {

std::string flags_of(const Option& option) {
  if (option.positional) return option.name;
  const std::string name = "--" + option.name;
  return option.letter == 0 ? name : std::string("-") + option.letter + "," + name;
}

CLI::Option* add_option(CLI::App& app, const Option& option, bool greedy) {
  if (option.type == OptionType::flag) return app.add_flag(flags_of(option));
  CLI::Option* added = app.add_option(flags_of(option));
  if (!option.repeats)
    return added->expected(1)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  // "-i a b c", as the shell expands a pattern; next to positionals only "-i a -i b" is clear.
  const bool many = greedy || option.positional;
  return added->expected(1, many ? CLI::detail::expected_max_vector_size : 1)
      ->allow_extra_args(many)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

[[noreturn]] void refuse_unknown(const std::string& word, const std::vector<Option>& options) {
  if (!word.starts_with('-')) {
    throw Error(ExitCode::usage, "'" + word + "' is not understood here", "", "see --help");
  }
  const std::string name = word.substr(0, word.find('='));
  std::vector<std::string> known = {"--help"};
  for (const Option& option : options) {
    if (!option.positional) known.push_back("--" + option.name);
  }
  const std::string hint = core::suggestion(name, known);
  throw Error(ExitCode::usage, "unknown option " + name, "", hint.empty() ? "see --help" : hint);
}

// Which option the parser found without its value: the last one on the line that takes one.
[[noreturn]] void refuse_without_value(const std::vector<std::string>& arguments,
                                       const std::vector<Option>& options) {
  for (auto word = arguments.rbegin(); word != arguments.rend(); ++word) {
    for (const Option& option : options) {
      const bool takes_value = !option.positional && option.type != OptionType::flag;
      const bool named = *word == "--" + option.name ||
                         (option.letter != 0 && *word == std::string("-") + option.letter);
      if (takes_value && named) {
        throw Error(ExitCode::usage, *word + " needs a value", "", "see --help");
      }
    }
  }
  throw Error(ExitCode::usage, "an option lacks its value", "", "see --help");
}

}  // namespace

ParsedLine parse(const Command& command, const std::vector<std::string>& arguments) {
  std::vector<Option> options = command.options;
  options.insert(options.end(), common_options().begin(), common_options().end());
  const bool greedy = std::none_of(options.begin(), options.end(),
                                   [](const Option& option) { return option.positional; });
  CLI::App app;
  app.set_help_flag();
  app.allow_extras();
  const CLI::Option* help = app.add_flag("-h,--help");
  std::vector<CLI::Option*> added;
  for (const Option& option : options) added.push_back(add_option(app, option, greedy));

  try {
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  } catch (const CLI::ArgumentMismatch&) {
    refuse_without_value(arguments, options);
  } catch (const CLI::ParseError& e) {
    throw Error(ExitCode::usage, e.what(), "", "see --help");
  }
  ParsedLine line;
  line.help = help->count() > 0;
  const std::vector<std::string> extra = app.remaining();
  if (!line.help && !extra.empty()) {
    const auto dashed = std::find_if(extra.begin(), extra.end(),
                                     [](const std::string& w) { return w.starts_with('-'); });
    refuse_unknown(dashed == extra.end() ? extra.front() : *dashed, options);
  }
  for (std::size_t i = 0; i < options.size(); ++i) {
    if (added[i]->count() == 0) continue;
    std::vector<std::string> texts = added[i]->results();
    if (options[i].type == OptionType::flag) texts = {texts.back()};  // --quiet --quiet is --quiet
    line.layer[options[i].name] = {std::move(texts), ""};
  }
  return line;
}

}  // namespace dawson::cli
