#include "dawson/cli/help.h"

#include <algorithm>
#include <map>
#include <sstream>

namespace dawson::cli {
namespace {

// Breaks `text` into lines of at most `width` characters, each but the first indented.
std::string wrap(const std::string& text, std::size_t width, std::size_t indent) {
  std::istringstream words(text);
  std::string wrapped;
  std::size_t column = indent;
  for (std::string word; words >> word;) {
    if (wrapped.empty()) {
      wrapped = word;
      column += word.size();
    } else if (column + 1 + word.size() > width) {
      wrapped += "\n" + std::string(indent, ' ') + word;
      column = indent + word.size();
    } else {
      wrapped += " " + word;
      column += 1 + word.size();
    }
  }
  return wrapped;
}

std::vector<std::string> paragraphs(const std::string& text) {
  std::vector<std::string> all;
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = std::min(text.find("\n\n", begin), text.size());
    all.push_back(text.substr(begin, end - begin));
    begin = end + 2;
  }
  return all;
}

std::string value_name(const Option& option) {
  if (!option.unit.empty()) return option.unit;
  switch (option.type) {
    case OptionType::flag:
      return "";
    case OptionType::integer:
      return "N";
    case OptionType::real:
      return "X";
    case OptionType::path:
      return "PATH";
    case OptionType::text:
      break;
  }
  return "TEXT";
}

// "-i, --input PATH", or "FOLDER" where it goes by place.
std::string written(const Option& option) {
  if (option.positional) return option.name;
  const std::string letter = option.letter == 0 ? "" : std::string("-") + option.letter + ", ";
  const std::string value = value_name(option);
  return letter + "--" + option.name + (value.empty() ? "" : " " + value);
}

std::string plain_number(double value) {
  std::ostringstream text;
  text << value;
  return text.str();
}

std::string range_of(const Option& option) {
  if (option.minimum && option.maximum) {
    return plain_number(*option.minimum) + " to " + plain_number(*option.maximum);
  }
  if (option.minimum) return "at least " + plain_number(*option.minimum);
  if (option.maximum) return "at most " + plain_number(*option.maximum);
  return "";
}

// What the help sentence does not say: choices, range, repetition, default, duty.
std::vector<std::string> facts_of(const Option& option) {
  std::vector<std::string> facts;
  if (option.required) facts.emplace_back("required");
  std::string choices;
  for (const std::string& choice : option.choices)
    choices += (choices.empty() ? "" : ", ") + choice;
  if (!choices.empty()) facts.push_back("one of " + choices);
  if (const std::string range = range_of(option); !range.empty()) facts.push_back(range);
  if (option.repeats) facts.emplace_back("may repeat");
  if (!option.default_value.empty()) facts.push_back("default " + option.default_value);
  return facts;
}

std::string joined(const std::vector<std::string>& parts, const std::string& between) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : between) + part;
  return text;
}

std::string usage(const Command& command) {
  std::string line = "dawson " + command.name;
  for (const Option& option : command.options) {
    if (option.positional) {
      const std::string name = option.name + (option.repeats ? "..." : "");
      line += option.required ? " " + name : " [" + name + "]";
    } else if (option.required) {
      line += option.letter == 0 ? " --" + option.name : std::string(" -") + option.letter;
      line += " " + value_name(option);
    }
  }
  return line + " [options]";
}

// Exit codes with what they mean, as the contract has them.
std::vector<std::pair<int, std::string>> exit_codes_of(const Command& command) {
  static const std::map<int, std::string> meanings = {
      {0, "done"},
      {2, "the command line or a setting is wrong"},
      {3, "an input cannot be used"},
      {4, "the output cannot be written"},
      {5, "the model or its weights cannot be used"},
      {6, "not enough memory, or no such device"},
      {7, "some of many cases failed; the rest is done"},
      {8, "a check that was asked for failed"},
      {70, "a defect in dawson; please report it"},
      {130, "interrupted"}};
  std::vector<int> codes = {0, 2, 70, 130};
  for (const ExitCode code : command.exit_codes) codes.push_back(static_cast<int>(code));
  std::sort(codes.begin(), codes.end());
  codes.erase(std::unique(codes.begin(), codes.end()), codes.end());
  std::vector<std::pair<int, std::string>> all;
  for (const int code : codes) all.emplace_back(code, meanings.at(code));
  return all;
}

std::string option_help(const Option& option, std::size_t width) {
  constexpr std::size_t indent = 6;
  std::string text = option.help;
  const std::string facts = joined(facts_of(option), "; ");
  if (!facts.empty()) text += " (" + facts + ")";
  return "  " + written(option) + "\n" + std::string(indent, ' ') + wrap(text, width, indent) +
         "\n";
}

std::string capital(std::string text) {
  if (!text.empty()) text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
  return text;
}

// A bar inside a table cell would end it.
std::string table_cell(const std::string& text) {
  std::string safe;
  for (const char c : text) safe += c == '|' ? std::string("\\|") : std::string(1, c);
  return safe;
}

void add_option_rows(std::string& text, const std::vector<Option>& options) {
  for (const Option& option : options) {
    const std::string facts = joined(facts_of(option), "; ");
    text += "| `" + table_cell(written(option)) + "` | " + table_cell(option.help) + " | " +
            table_cell(facts) + " |\n";
  }
}

Page reference_page(const Command& command) {
  std::string text = "# dawson " + command.name + "\n\n" + capital(command.purpose) + ".\n\n```\n" +
                     usage(command) + "\n```\n\n";
  for (const std::string& paragraph : paragraphs(command.description)) {
    text += wrap(paragraph, 100, 0) + "\n\n";
  }
  text += "## Options\n\n| option | what it does | |\n|---|---|---|\n";
  add_option_rows(text, command.options);
  add_option_rows(text, common_options());
  text += "\n## Example\n\n```\n" + command.example.command_line + "\n```\n" +
          command.example.explanation + "\n\n## Exit codes\n\n| code | meaning |\n|---|---|\n";
  for (const auto& [code, meaning] : exit_codes_of(command)) {
    text += "| " + std::to_string(code) + " | " + meaning + " |\n";
  }
  return {command.name + ".md", text};
}

}  // namespace

std::string overview(const std::vector<Command>& commands, std::size_t width) {
  std::string text =
      "dawson finds and measures the lesions of multiple sclerosis in brain MRI.\n\n"
      "Usage: dawson COMMAND [options]\n\nCommands:\n";
  std::size_t longest = 0;
  for (const Command& command : commands) longest = std::max(longest, command.name.size());
  for (const Command& command : commands) {
    if (command.hidden) continue;
    text += "  " + command.name + std::string(longest - command.name.size() + 2, ' ') +
            wrap(command.purpose, width, longest + 4) + "\n";
  }
  return text +
         "\ndawson COMMAND --help tells about one of them; dawson --version says what runs.\n"
         "Not a medical device: a radiologist has to look at every result.\n";
}

std::string help(const Command& command, std::size_t width) {
  std::string text =
      "dawson " + command.name + ": " + command.purpose + "\n\nUsage: " + usage(command) + "\n\n";
  for (const std::string& paragraph : paragraphs(command.description)) {
    text += wrap(paragraph, width, 0) + "\n\n";
  }
  text += "Options:\n";
  for (const Option& option : command.options) text += option_help(option, width);
  text += "\nOptions of every command:\n";
  for (const Option& option : common_options()) text += option_help(option, width);
  text += "\nExample:\n  " + command.example.command_line + "\n      " +
          wrap(command.example.explanation, width, 6) + "\n\nExit codes:\n";
  for (const auto& [code, meaning] : exit_codes_of(command)) {
    const std::string number = std::to_string(code);
    text += "  " + number + std::string(5 - number.size(), ' ') + meaning + "\n";
  }
  return text;
}

std::vector<Page> reference_pages(const std::vector<Command>& commands) {
  std::string index =
      "# Commands\n\nThese pages are made from the declarations in src/dawson/cli by `make "
      "reference`; do not edit them.\n\n| command | does |\n|---|---|\n";
  std::vector<Page> pages;
  for (const Command& command : commands) {
    if (command.hidden) continue;
    pages.push_back(reference_page(command));
    index += "| [" + command.name + "](" + command.name + ".md) | " + table_cell(command.purpose) +
             " |\n";
  }
  index +=
      "\nSettings come from, weakest first: defaults, `dawson.toml` in the current folder (or "
      "`--config FILE`;\na section a command, `threads` and `progress` also above all sections), "
      "the environment\n(`DAWSON_OPTION` or, stronger, `DAWSON_COMMAND_OPTION`, with `_` for `-` "
      "and `:` between several\nvalues), and the command line.\n";
  pages.push_back({"README.md", index});
  return pages;
}

}  // namespace dawson::cli
