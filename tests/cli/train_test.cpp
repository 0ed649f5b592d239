// How a training is asked for: what goes over what, and what is refused before it begins.
#include <gtest/gtest.h>

#include <algorithm>

#include "cli/command_line.h"
#include "dawson/cli/commands.h"
#include "dawson/core/json.h"
#include "dawson/nn/networks.h"
#include "dawson/nn/safetensors.h"
#include "dawson/nn/threads.h"
#include "support/temporary_folder.h"
#include "training/toy.h"

namespace dawson::cli {
namespace {

namespace fs = std::filesystem;

class Train : public ::testing::Test {
 protected:
  Train() {
    write_cache("cache", {"sub-1", "sub-2", "sub-3"});
    testing::write(folder_ / "folds.tsv",
                   "source\tparticipant_id\tfold\ntoy\tsub-1\t0\ntoy\tsub-2\t1\ntoy\tsub-3\t1\n");
  }

  void write_cache(const std::string& name, const std::vector<std::string>& patients) const {
    cache::Writer writer(folder_ / name, {{"made", "for a test"}}, "lesion", false);
    for (std::size_t p = 0; p < patients.size(); ++p) {
      training::write_toy_scan(writer, patients[p], p + 1);
    }
  }

  /// Trains a network of a few weights, three steps, unless `more` says otherwise.
  [[nodiscard]] Outcome train(const std::string& cache, const std::string& out,
                              const std::vector<std::string>& more = {}) const {
    std::vector<std::string> line = {"train",
                                     "-i",
                                     (folder_ / cache).string(),
                                     "-o",
                                     (folder_ / out).string(),
                                     "--patch",
                                     "32",
                                     "--compute",
                                     "float32",
                                     "--batch",
                                     "2"};
    line.insert(line.end(), more.begin(), more.end());
    return run_line(line, {train_command()});
  }

  /// Nothing is written, and one sentence says why.
  void expect_refused(ExitCode code, const std::string& sentence, const std::string& cache,
                      const std::vector<std::string>& more) const {
    const Outcome outcome = train(cache, "refused", more);
    EXPECT_EQ(outcome.code, static_cast<int>(code)) << outcome.reports;
    EXPECT_NE(outcome.reports.find(sentence), std::string::npos) << outcome.reports;
    EXPECT_EQ(std::count(outcome.reports.begin(), outcome.reports.end(), '\n'), 1)
        << outcome.reports;
    EXPECT_FALSE(fs::exists(folder_ / "refused"));
  }

  [[nodiscard]] core::Json record(const std::string& run) const {
    return core::read_json(folder_ / run / "settings.json");
  }

  const std::vector<std::string> tiny_ = {"--width",      "4", "--levels",           "2",
                                          "--iterations", "3", "--epoch-iterations", "3"};
  testing::TemporaryFolder folder_;
};

std::vector<std::string> with(std::vector<std::string> options,
                              const std::vector<std::string>& more) {
  options.insert(options.end(), more.begin(), more.end());
  return options;
}

TEST_F(Train, TakesWhatIsGivenOverItsPreset) {
  const Outcome outcome = train("cache", "run",
                                with(tiny_, {"--preset", "original", "--validation-patients", "1",
                                             "--learning-rate", "0.25"}));
  ASSERT_EQ(outcome.code, 0) << outcome.reports;
  const core::Json settings = record("run").at("settings");
  EXPECT_EQ(settings.at("preset"), "original");
  EXPECT_EQ(settings.at("optimiser"), "adam");    // the preset's
  EXPECT_EQ(settings.at("learning_rate"), 0.25);  // given
  EXPECT_EQ(settings.at("validation_patients"), 1);
  EXPECT_EQ(settings.at("epochs"), 0);  // since --iterations is given
  EXPECT_EQ(settings.at("iterations"), 3);
}

TEST_F(Train, LeavesAFoldOutOfExtraCachesToo) {
  write_cache("removed", {"sub-1", "sub-2"});  // other pictures of the same heads, say
  const Outcome outcome = train("cache", "run",
                                with(tiny_, {"--folds", (folder_ / "folds.tsv").string(), "--fold",
                                             "0", "--extra", (folder_ / "removed").string()}));
  ASSERT_EQ(outcome.code, 0) << outcome.reports;
  EXPECT_EQ(record("run").at("data").at("train_patients"), (core::Json{"toy/sub-2", "toy/sub-3"}));
}

TEST_F(Train, RefusesFoldsThatLeakAPatient) {
  testing::write(folder_ / "leak.tsv",
                 "source\tparticipant_id\tfold\ntoy\tsub-1\t0\ntoy\tsub-2\t1\ntoy\tsub-3\t2\n"
                 "toy\tsub-3\t1\n");
  expect_refused(ExitCode::input, "patient toy/sub-3 stands in two folds, 2 and 1", "cache",
                 {"--folds", (folder_ / "leak.tsv").string(), "--fold", "0"});
}

TEST_F(Train, RefusesASinglePatient) {
  write_cache("one", {"sub-1"});
  expect_refused(ExitCode::input, "one patient alone", "one", tiny_);
}

TEST_F(Train, RefusesAGpuThatIsNotThere) {
  expect_refused(ExitCode::resources, "--device", "cache", with(tiny_, {"--device", "cuda:63"}));
}

TEST_F(Train, RefusesWeightsThatDoNotFitTheEncoder) {
  nn::NetworkSettings other;
  other.encoder = "light";
  const fs::path file = folder_ / "light.safetensors";
  nn::write_safetensors(file, nn::build(other).tensors(), false);
  expect_refused(ExitCode::model, file.string() + ": do not fit the network: missing are ", "cache",
                 with(tiny_, {"--encoder", "mobilenet_v2", "--encoder-weights", file.string()}));
  testing::write(folder_ / "page.html", "<html>404</html>");
  expect_refused(ExitCode::model, "page.html: ", "cache",
                 with(tiny_, {"--encoder", "mobilenet_v2", "--encoder-weights",
                              (folder_ / "page.html").string()}));
}

TEST_F(Train, RefusesACacheWithoutLesionsByItsName) {
  {
    cache::Writer writer(folder_ / "healthy", {{"made", "for a test"}}, "lesion", false);
    for (const char* patient : {"sub-1", "sub-2"}) {
      const cache::Entry entry = training::toy_entry(patient);
      cache::Arrays arrays = training::toy_arrays(entry, core::Random(1));
      std::fill(arrays.target.begin(), arrays.target.end(), std::uint8_t{0});
      writer.add(entry, arrays);
    }
  }
  expect_refused(ExitCode::input,
                 (folder_ / "healthy").string() + ": no training scan has a mask with anything in",
                 "healthy", tiny_);
}

TEST_F(Train, RefusesLengthsThatExcludeEachOther) {
  expect_refused(ExitCode::usage, "--epochs: excludes --iterations", "cache",
                 {"--epochs", "2", "--iterations", "3"});
  expect_refused(ExitCode::usage, "--epoch-iterations: ", "cache",
                 {"--epochs", "2", "--epoch-iterations", "3"});
}

TEST_F(Train, FineTunesWithSmallerStepsAndTheModelsOwnNetwork) {
  ASSERT_EQ(train("cache", "base", tiny_).code, 0);
  write_cache("own", {"sub-9"});
  const std::string base = (folder_ / "base" / "model").string();
  const Outcome outcome = train("own", "tuned", {"--init", base, "--iterations", "2"});
  ASSERT_EQ(outcome.code, 0) << outcome.reports;
  const core::Json settings = record("tuned").at("settings");
  EXPECT_DOUBLE_EQ(settings.at("learning_rate"), 0.0002);
  EXPECT_EQ(settings.at("epoch_iterations"), 50);
  EXPECT_EQ(settings.at("network").at("width"), 4);
  expect_refused(ExitCode::usage, "--width: is decided by the model", "own",
                 {"--init", base, "--width", "8"});
  expect_refused(ExitCode::model, "model.json", "own", {"--init", (folder_ / "own").string()});
}

}  // namespace
}  // namespace dawson::cli
