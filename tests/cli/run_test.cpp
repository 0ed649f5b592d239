#include "dawson/cli/run.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <new>
#include <ostream>
#include <stdexcept>

#include "cli/command_line.h"
#include "support/temporary_folder.h"

namespace dawson::cli {
namespace {

// "measure": says what it was given, or fails as it is told to.
Command measure() {
  return {.name = "measure",
          .purpose = "measure something",
          .description = "First paragraph.\n\nSecond one.",
          .options = {input_option("What to measure."),
                      {.name = "threshold",
                       .letter = 't',
                       .type = OptionType::real,
                       .default_value = "0.5",
                       .minimum = 0,
                       .maximum = 1,
                       .help = "From where on."},
                      {.name = "fail", .unit = "HOW", .help = "How to fail."},
                      overwrite_option(),
                      seed_option("Any.")},
          .example = {"dawson measure -i a", "Measures a."},
          .exit_codes = {ExitCode::input},
          .run = [](Context& context) {
            const std::string how = context.has("fail") ? context.text("fail") : "";
            if (how == "error") throw Error(ExitCode::input, "is empty", "a.nii", "try b");
            if (how == "memory") throw std::bad_alloc();
            if (how == "torch") throw std::runtime_error("[enforce] can't allocate memory: 8");
            if (how == "defect") throw std::logic_error("row\nof another length");
            if (how == "cancel") context.progress().check();
            if (how == "partial") return ExitCode::partial;
            context.progress().step("measure", 1);
            context.progress().warn("odd");
            context.out() << context.settings().to_json().dump() << '\n';
            return ExitCode::done;
          }};
}

Outcome line(const std::vector<std::string>& arguments,
             const std::vector<const char*>& environment = {},
             const std::atomic<bool>* cancel = nullptr) {
  return run_line(arguments, {measure()}, environment, cancel);
}

TEST(CommandLine, GivesTypedValuesFromLongAndShortOptions) {
  const Outcome outcome = line({"measure", "-i", "a", "-i", "b", "-t", "0.25", "--overwrite",
                                "--seed=7", "--progress", "none", "--threads", "1"});
  EXPECT_EQ(outcome.code, 0) << outcome.reports;
  EXPECT_EQ(core::Json::parse(outcome.out),
            core::Json::parse(R"({"input": ["a", "b"], "threshold": 0.25, "fail": null,
                "overwrite": true, "seed": 7, "threads": 1, "progress": "none", "config": null})"));
  EXPECT_EQ(line({"measure", "-i", "a", "b", "--overwrite"}).code, 0);
}

TEST(CommandLine, LayersFileEnvironmentAndFlags) {
  const testing::TemporaryFolder folder;
  testing::write(folder / "my.toml", "[measure]\nthreshold = 0.1\nseed = 9\n");
  const std::string file = (folder / "my.toml").string();
  const auto threshold = [&](std::vector<std::string> more, std::vector<const char*> environment) {
    more.insert(more.begin(), {"measure", "-i", "a", "--config", file});
    const Outcome outcome = line(more, environment);
    EXPECT_EQ(outcome.code, 0) << outcome.reports;
    EXPECT_EQ(core::Json::parse(outcome.out)["seed"], 9);
    return core::Json::parse(outcome.out)["threshold"].get<double>();
  };
  EXPECT_EQ(threshold({}, {}), 0.1);
  EXPECT_EQ(threshold({}, {"DAWSON_THRESHOLD=0.2"}), 0.2);
  EXPECT_EQ(threshold({"--threshold", "0.3"}, {"DAWSON_THRESHOLD=0.2"}), 0.3);
}

TEST(CommandLine, RefusesWhatItDoesNotKnowWithTheNearestKnownName) {
  const auto said = [](const std::vector<std::string>& arguments) {
    const Outcome outcome = line(arguments);
    EXPECT_EQ(outcome.code, 2);
    EXPECT_EQ(outcome.out, "");
    return outcome.reports;
  };
  EXPECT_EQ(said({"mesure"}), "dawson: unknown command mesure; did you mean 'measure'?\n");
  EXPECT_EQ(said({"measure", "-i", "a", "--treshold", "1"}),
            "dawson: unknown option --treshold; did you mean '--threshold'?\n");
  EXPECT_EQ(said({"measure", "-i", "a", "--xyzzy=3"}),
            "dawson: unknown option --xyzzy; see --help\n");
  EXPECT_EQ(said({"measure"}), "dawson: --input is missing; see --help\n");
  EXPECT_EQ(said({"measure", "-i"}), "dawson: -i needs a value; see --help\n");
  EXPECT_EQ(said({"measure", "-i", "a", "--threshold", "2"}),
            "dawson: 'threshold' must be at most 1, not 2\n");
  EXPECT_EQ(said({"measure", "-i", "a", "--threads", "0"}),
            "dawson: 'threads' must be at least 1, not 0\n");
  EXPECT_EQ(said({"measure", "-i", "a", "--seed", "1", "--seed", "2"}),
            "dawson: 'seed' takes one value only\n");
}

TEST(CommandLine, NegativeNumbersAreValuesAndNotOptions) {
  EXPECT_EQ(line({"measure", "-i", "a", "--threshold", "-1"}).reports,
            "dawson: 'threshold' must be at least 0, not -1\n");
}

TEST(CommandLine, EveryFailureIsOneSentenceAndItsExitCode) {
  const auto fail = [](const std::string& how) {
    return line({"measure", "-i", "a", "--fail", how});
  };
  EXPECT_EQ(fail("error").code, 3);
  EXPECT_EQ(fail("error").reports, "dawson: a.nii: is empty; try b\n");
  EXPECT_EQ(fail("memory").code, 6);
  EXPECT_EQ(fail("torch").code, 6);
  EXPECT_EQ(fail("partial").code, 7);
  const Outcome defect = fail("defect");
  EXPECT_EQ(defect.code, 70);
  EXPECT_NE(defect.reports.find("row of another length; please report it"), std::string::npos);
  EXPECT_EQ(std::count(defect.reports.begin(), defect.reports.end(), '\n'), 1);
}

TEST(CommandLine, CancellingEndsWith130) {
  const std::atomic<bool> cancel{true};
  const Outcome outcome = line({"measure", "-i", "a", "--fail", "cancel"}, {}, &cancel);
  EXPECT_EQ(outcome.code, 130);
  EXPECT_EQ(outcome.reports, "dawson: stopped on request\n");
}

TEST(CommandLine, DataGoesOutAndReportsGoBeside) {
  const Outcome outcome = line({"measure", "-i", "a"});
  EXPECT_TRUE(core::Json::accept(outcome.out)) << outcome.out;
  EXPECT_NE(outcome.reports.find("dawson: warning: odd"), std::string::npos);
}

TEST(CommandLine, AloneItShowsEveryCommandThatIsNotHidden) {
  Command hidden = measure();
  hidden.name = "secret";
  hidden.hidden = true;
  for (const std::vector<std::string>& asked :
       {std::vector<std::string>{}, {"--help"}, {"-h"}, {"help"}}) {
    const Outcome outcome = run_line(asked, {measure(), hidden});
    EXPECT_EQ(outcome.code, 0);
    EXPECT_NE(outcome.out.find("  measure  measure something\n"), std::string::npos);
    EXPECT_EQ(outcome.out.find("secret"), std::string::npos);
  }
}

TEST(CommandLine, HelpNeedsNoOtherOptionAndTellsWhatTheDeclarationSays) {
  const Outcome outcome = line({"measure", "--help"});
  EXPECT_EQ(outcome.code, 0);
  for (const char* words :
       {"dawson measure: measure something", "Usage: dawson measure -i PATH [options]",
        "First paragraph.\n\nSecond one.", "-t, --threshold X", "(0 to 1; default 0.5)",
        "required; may repeat", "--threads N", "Example:\n  dawson measure -i a",
        "  3    an input cannot be used", "  130  interrupted"}) {
    EXPECT_NE(outcome.out.find(words), std::string::npos) << words << "\n" << outcome.out;
  }
  EXPECT_EQ(line({"help", "measure"}).out, outcome.out);
  std::istringstream lines(outcome.out);
  for (std::string text; std::getline(lines, text);) EXPECT_LE(text.size(), 80U) << text;
}

TEST(CommandLine, VersionNamesLibrariesAndTheGpu) {
  const Outcome outcome = line({"--version"});
  EXPECT_EQ(outcome.code, 0);
  for (const char* words : {"dawson 0.", "commit ", "libtorch ", "ITK ", "GPU: "}) {
    EXPECT_NE(outcome.out.find(words), std::string::npos) << words;
  }
}

TEST(CommandLine, ProgressAsJsonIsALineAnEvent) {
  const Outcome outcome = line({"measure", "-i", "a", "--progress", "json"});
  std::istringstream lines(outcome.reports);
  std::vector<std::string> events;
  for (std::string text; std::getline(lines, text);) {
    events.push_back(core::Json::parse(text)["event"]);
  }
  EXPECT_EQ(events, (std::vector<std::string>{"started", "warning", "finished"}));
}

}  // namespace
}  // namespace dawson::cli
