#include "dawson/core/settings.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "support/temporary_folder.h"

namespace dawson::core {
namespace {

using ::dawson::testing::TemporaryFolder;
using ::dawson::testing::write;

const Setting threshold{.name = "threshold",
                        .type = SettingType::real,
                        .default_value = "0.5",
                        .minimum = 0,
                        .maximum = 1};
const Setting min_volume{
    .name = "min-volume", .type = SettingType::real, .unit = "mm3", .minimum = 3};
const Setting input{.name = "input", .type = SettingType::path, .repeats = true};
const Setting paper{.name = "paper", .default_value = "a4", .choices = {"a4", "letter"}};
const Setting overwrite{.name = "overwrite", .type = SettingType::flag};
const Setting threads{.name = "threads", .type = SettingType::integer, .minimum = 1};

Vocabulary vocabulary() {
  return {{threads},
          {{"segment", {threshold, min_volume, input, overwrite}}, {"report", {paper, input}}}};
}

Layer layer(const std::string& name, std::vector<std::string> texts) {
  return {{name, {std::move(texts), "here"}}};
}

template <typename Work>
std::string complaint(Work work) {
  try {
    work();
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ExitCode::usage);
    return e.what();
  }
  return "no complaint";
}

TEST(Settings, LaterLayersWin) {
  EXPECT_EQ(Settings::resolve({threshold}, {}).real("threshold"), 0.5);
  const Layer file = layer("threshold", {"0.6"});
  const Layer environment = layer("threshold", {"0.7"});
  const Layer line = layer("threshold", {"0.8"});
  EXPECT_EQ(Settings::resolve({threshold}, {file}).real("threshold"), 0.6);
  EXPECT_EQ(Settings::resolve({threshold}, {file, environment}).real("threshold"), 0.7);
  EXPECT_EQ(Settings::resolve({threshold}, {file, environment, line}).real("threshold"), 0.8);
  EXPECT_TRUE(Settings::resolve({threshold}, {file}).given("threshold"));
  EXPECT_FALSE(Settings::resolve({threshold}, {}).given("threshold"));
}

TEST(Settings, GivenOnesAreWordsOfACommandLineAgain) {
  const Settings settings = Settings::resolve(
      {threshold, min_volume, input, overwrite, threads},
      {layer("input", {"a b", "-c"}), layer("overwrite", {"yes"}), layer("threads", {"2"})});
  EXPECT_EQ(settings.given_words({"threads"}),
            (std::vector<std::string>{"--input=a b", "--input=-c", "--overwrite"}));
  EXPECT_EQ(Settings::resolve({overwrite}, {layer("overwrite", {"no"})}).given_words({}),
            std::vector<std::string>{"--overwrite=false"});  // over what a file or variable says
}

TEST(Settings, RefusesValuesOutsideRangeTypeAndChoices) {
  const auto of = [](const Setting& s, const std::string& text) {
    return complaint([&] { Settings::resolve({s}, {layer(s.name, {text})}); });
  };
  EXPECT_EQ(of(threshold, "1.5"), "here: 'threshold' must be at most 1, not 1.5");
  EXPECT_EQ(of(min_volume, "2"), "here: 'min-volume' must be at least 3 mm3, not 2");
  EXPECT_EQ(of(threshold, "half"), "here: 'threshold' must be a number, not 'half'");
  EXPECT_EQ(of(threshold, "nan"), "here: 'threshold' must be a finite number, not 'nan'");
  EXPECT_EQ(of(threads, "2.5"), "here: 'threads' must be a whole number, not '2.5'");
  EXPECT_EQ(of(threads, "99999999999999999999"),
            "here: 'threads' must be a whole number, not '99999999999999999999'");
  EXPECT_EQ(of(paper, "leter"),
            "here: 'paper' must be one of a4, letter, not 'leter'; did you mean 'letter'?");
  EXPECT_EQ(of(overwrite, "perhaps"),
            "here: 'overwrite' is on or off: true or false, not 'perhaps'");
  EXPECT_EQ(of(input, ""), "here: 'input' must not be empty");
}

TEST(Settings, KeepsAllValuesOfARepeatingSettingAndOneOfOthers) {
  const Settings many = Settings::resolve({input}, {layer("input", {"a", "b"})});
  EXPECT_EQ(many.paths("input"), (std::vector<std::filesystem::path>{"a", "b"}));
  EXPECT_EQ(complaint([] {
              Settings::resolve({paper}, {layer("paper", {"a4", "letter"})});
            }),
            "here: 'paper' takes one value only");
}

TEST(Settings, NamesARequiredSettingThatIsMissing) {
  Setting needed = input;
  needed.required = true;
  EXPECT_EQ(complaint([&] { Settings::resolve({needed}, {}); }), "--input is missing; see --help");
}

TEST(Settings, RecordIsTypedAndTellsNoAbsolutePath) {
  const Settings settings = Settings::resolve(
      {threshold, input, overwrite, threads, paper},
      {{{"input", {{"/home/somebody/data/scan.nii", "below/scan.nii", "/data/tree/"}, ""}},
        {"overwrite", {{"true"}, ""}}}});
  EXPECT_EQ(settings.to_json(), Json::parse(R"({"threshold": 0.5,
      "input": ["scan.nii", "below/scan.nii", "tree"],
      "overwrite": true, "threads": null, "paper": "a4"})"));
}

TEST(Settings, AskingForWhatWasNotDeclaredIsADefect) {
  const Settings settings = Settings::resolve({threads, paper}, {});
  EXPECT_THROW((void)settings.text("colour"), std::logic_error);
  EXPECT_THROW((void)settings.integer("threads"), std::logic_error);  // has no value
  EXPECT_THROW((void)settings.real("paper"), std::logic_error);       // of another type
}

TEST(SettingsFile, GivesTopLevelKeysAndTheCommandsOwnSection) {
  const TemporaryFolder folder;
  write(folder / "dawson.toml",
        "threads = 2\n[segment]\nthreshold = 0.25\nthreads = 3\ninput = ['a', 'b']\n"
        "overwrite = true\n[report]\npaper = 'letter'\n");
  const Layer segment = file_layer(folder / "dawson.toml", vocabulary(), "segment");
  EXPECT_EQ(segment.at("threshold").texts, std::vector<std::string>{"0.25"});
  EXPECT_EQ(segment.at("threads").texts, std::vector<std::string>{"3"});
  EXPECT_EQ(segment.at("input").texts, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(segment.at("overwrite").texts, std::vector<std::string>{"true"});
  EXPECT_FALSE(segment.contains("paper"));
  const Layer report = file_layer(folder / "dawson.toml", vocabulary(), "report");
  EXPECT_EQ(report.at("threads").texts, std::vector<std::string>{"2"});
}

TEST(SettingsFile, RefusesUnknownNamesWithTheNearestKnownOne) {
  const TemporaryFolder folder;
  const auto of = [&](const std::string& text) {
    write(folder / "d.toml", text);
    const std::string said =
        complaint([&] { file_layer(folder / "d.toml", vocabulary(), "segment"); });
    return said.substr(std::min(said.size(), folder.path().string().size() + 1));
  };
  EXPECT_EQ(of("[segment]\nthreshhold = 1\n"),
            "d.toml, [segment]: unknown setting 'threshhold'; did you mean 'threshold'?");
  // A section of another command is held to its own settings as well.
  EXPECT_EQ(of("[report]\nthreshold = 1\n"), "d.toml, [report]: unknown setting 'threshold'");
  EXPECT_EQ(of("[segmnet]\n"), "d.toml: unknown section [segmnet]; did you mean 'segment'?");
  EXPECT_EQ(of("threds = 1\n"),
            "d.toml: unknown setting 'threds' outside of any [command]; did you mean 'threads'?");
  EXPECT_EQ(of("[segment]\nthreshold = 2020-01-01\n"),
            "d.toml, [segment]: 'threshold' must be a text, a number, true or false");
  EXPECT_NE(of("[segment\n").find("line 1"), std::string::npos);
  EXPECT_NE(complaint([&] {
              file_layer(folder / "none.toml", vocabulary(), "segment");
            }).find("does not exist"),
            std::string::npos);
}

TEST(SettingsEnvironment, CommandsOwnVariableIsStronger) {
  const char* both[] = {"PATH=/bin", "DAWSON_THRESHOLD=0.1", "DAWSON_SEGMENT_THRESHOLD=0.2",
                        "DAWSON_MIN_VOLUME=5", nullptr};
  const Layer layer = environment_layer(both, vocabulary(), "segment");
  EXPECT_EQ(layer.at("threshold").texts, std::vector<std::string>{"0.2"});
  EXPECT_EQ(layer.at("threshold").where, "DAWSON_SEGMENT_THRESHOLD");
  EXPECT_EQ(layer.at("min-volume").texts, std::vector<std::string>{"5"});
  // Meant for segment: known, but nothing to report.
  EXPECT_TRUE(environment_layer(both, vocabulary(), "report").empty());
}

TEST(SettingsEnvironment, SplitsRepeatingValuesAtColons) {
  const char* variables[] = {"DAWSON_INPUT=a:b", "DAWSON_THREADS=2", nullptr};
  const Layer layer = environment_layer(variables, vocabulary(), "segment");
  EXPECT_EQ(layer.at("input").texts, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(layer.at("threads").texts, std::vector<std::string>{"2"});
}

TEST(SettingsEnvironment, RefusesUnknownVariablesButNotReservedOnes) {
  const char* reserved[] = {"DAWSON_TEST_DATA=x", "DAWSON_HEAD=y", "DAWSON_MODELS=z", nullptr};
  EXPECT_TRUE(environment_layer(reserved, vocabulary(), "segment").empty());
  const char* unknown[] = {"DAWSON_TRESHOLD=1", nullptr};
  EXPECT_EQ(complaint([&] { environment_layer(unknown, vocabulary(), "segment"); }),
            "DAWSON_TRESHOLD: unknown environment variable; did you mean 'DAWSON_THRESHOLD'?");
}

TEST(Nearest, CountsSwapsAsOneEditAndLeavesStrangersAlone) {
  const std::vector<std::string> known = {"segment", "evaluate", "explain", "qc"};
  EXPECT_EQ(nearest("segmnet", known), "segment");
  EXPECT_EQ(nearest("evalute", known), "evaluate");
  EXPECT_EQ(nearest("explian", known), "explain");
  EXPECT_EQ(nearest("cook-dinner", known), "");
  EXPECT_EQ(nearest("zz", known), "");  // two edits away from qc: all of it
  EXPECT_EQ(suggestion("segmen", known), "did you mean 'segment'?");
}

}  // namespace
}  // namespace dawson::core
