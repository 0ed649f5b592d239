#include <gtest/gtest.h>

#include <filesystem>
#include <map>

#include "dawson/cli/commands.h"
#include "dawson/cli/help.h"
#include "support/temporary_folder.h"

namespace dawson::cli {
namespace {

TEST(Reference, PagesInDocsAreThoseOfTheDeclarations) {
  std::map<std::string, std::string> expected;
  for (const Page& page : reference_pages(all_commands())) expected[page.file] = page.text;
  std::map<std::string, std::string> found;
  const auto folder = std::filesystem::path(DAWSON_SOURCE_DIR) / "docs/reference";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    found[entry.path().filename().string()] = testing::read(entry.path());
  }
  EXPECT_EQ(found, expected) << "docs/reference is stale: run `make reference` and commit it";
}

TEST(Commands, DeclareEverythingThatHelpAndReferenceShow) {
  for (const Command& command : all_commands()) {
    SCOPED_TRACE(command.name);
    EXPECT_FALSE(command.purpose.empty());
    EXPECT_FALSE(command.purpose.ends_with('.'));
    EXPECT_FALSE(command.description.empty());
    EXPECT_TRUE(command.example.command_line.starts_with("dawson " + command.name));
    EXPECT_FALSE(command.example.explanation.empty());
    EXPECT_TRUE(command.run);
    std::map<std::string, int> names;
    std::map<char, int> letters;
    for (const std::vector<Option>* options : {&command.options, &common_options()}) {
      for (const Option& option : *options) {
        SCOPED_TRACE(option.name);
        EXPECT_FALSE(option.help.empty());
        EXPECT_EQ(++names[option.name], 1);
        if (option.letter != 0) {
          EXPECT_EQ(++letters[option.letter], 1);
        }
        if (!option.positional && (option.name == "input" || option.name == "output")) {
          EXPECT_EQ(option.letter, option.name[0]);
        }
      }
    }
  }
}

TEST(Commands, DefaultsPassTheirOwnChecks) {
  for (const Command& command : all_commands()) {
    std::vector<Option> options = command.options;
    for (Option& option : options) option.required = false;
    EXPECT_NO_THROW(core::Settings::resolve(options, {})) << command.name;
  }
}

}  // namespace
}  // namespace dawson::cli
