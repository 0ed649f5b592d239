// JSON and TOML that would exhaust the program are refused while they are parsed.
#include "dawson/core/json.h"

#include <gtest/gtest.h>

#include <functional>

#include "dawson/core/toml_file.h"
#include "support/temporary_folder.h"

namespace dawson::core {
namespace {

std::string repeated(const std::string& text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

/// What is said when `read` refuses; "taken" where it does not.
std::string said(const std::function<void()>& read) {
  try {
    read();
  } catch (const Error& e) {
    return e.fact();
  }
  return "taken";
}

std::string said_of_json(const std::string& text) {
  return said([&] { (void)parse_json(text, "a text", ExitCode::input); });
}

std::string said_of_toml(const std::string& text) {
  const testing::TemporaryFolder folder;
  testing::write(folder / "file.toml", text);
  return said([&] { (void)read_toml(folder / "file.toml", "the file"); });
}

TEST(Json, KeepsOrderAndValues) {
  const Json json = parse_json(R"({"b": [1, {"c": []}], "a": {"a": 2.5}})", "", ExitCode::input);
  EXPECT_EQ(json.dump(), R"({"b":[1,{"c":[]}],"a":{"a":2.5}})");
}

TEST(Json, IsRefusedWhereACopyWouldEndTheStack) {
  const std::string deep = "has lists within lists more than 100 deep";
  EXPECT_EQ(said_of_json(repeated("[", 100) + repeated("]", 100)), "taken");
  EXPECT_EQ(said_of_json(repeated("[", 101) + repeated("]", 101)), deep);
  EXPECT_EQ(said_of_json(repeated("[", 1'000'000)), deep);
  EXPECT_EQ(said_of_json(repeated(R"({"a":)", 1'000'000)), deep);
}

TEST(Json, IsRefusedWhereATableHasNamesWithoutEnd) {
  const auto table = [](std::size_t names) {
    std::string text = R"({"0": {"within": 1})";
    for (std::size_t i = 1; i < names; ++i) text += ", \"" + std::to_string(i) + "\": 0";
    return text + "}";
  };
  EXPECT_EQ(said_of_json(table(most_json_names)), "taken");
  EXPECT_EQ(said_of_json(table(100'000)), "has a table of more than 10000 names");
  // Many tables are no long table.
  EXPECT_EQ(said_of_json("[" + repeated(table(100) + ",", 200) + "0]"), "taken");
}

TEST(Json, ThatIsNoneIsRefusedWithItsPlace) {
  EXPECT_NE(said_of_json("[1,\n2,,]").find("line 2, column 3"), std::string::npos);
  EXPECT_NE(said_of_json("").find("is not valid JSON"), std::string::npos);
  EXPECT_NE(said_of_json("\"\xFF\"").find("is not valid JSON"), std::string::npos);
}

TEST(Json, InTheNameOfAFolderIsRefused) {
  const testing::TemporaryFolder folder;
  EXPECT_EQ(said([&] { (void)read_json(folder.path()); }), "cannot be read");
}

TEST(Toml, IsRefusedWhereNamesNestWithoutEnd) {
  EXPECT_EQ(said_of_toml(repeated("a.", 1000) + "a = 1"), "taken");
  for (const std::string& text :
       {repeated("a.", 100'000) + "a = 1", "[" + repeated("a.", 100'000) + "a]"}) {
    EXPECT_EQ(said_of_toml(text), "has more than 2000 dots");
  }
  EXPECT_NE(said_of_toml("a = " + repeated("[", 100'000)), "taken");
  EXPECT_NE(said_of_toml("a = " + repeated("{a = ", 100'000)), "taken");
}

TEST(Toml, WithLettersBeyondAsciiOutsideOfTextsIsRefused) {
  // The library holds such letters to be impossible where it looks for spaces.
  EXPECT_NE(said_of_toml("gr\xC3\xB6\xC3\x9F"
                         "e = 1")
                .find("line 1"),
            std::string::npos);
  EXPECT_NE(said_of_toml("s = [1, 100\xD0\x9D"
                         "ce]")
                .find("line 1"),
            std::string::npos);
  EXPECT_EQ(said_of_toml("s = \"gr\xC3\xB6\xC3\x9F"
                         "e\""),
            "taken");
}

}  // namespace
}  // namespace dawson::core
