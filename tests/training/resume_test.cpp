#include <gtest/gtest.h>
#include <sys/resource.h>

#include <chrono>
#include <cmath>
#include <cstdlib>
#include <random>
#include <thread>
#include <utility>
#include <vector>

#include "dawson/core/error.h"
#include "dawson/core/table.h"
#include "dawson/training/schedule.h"
#include "training/run.h"

namespace dawson::training {
namespace {

using testing::TemporaryFolder;

class Resume : public ::testing::Test {
 protected:
  Resume() {
    write_toy_cache(cache_, 3);
    settings_.validation_patients = 1;
  }

  /// Trains in a process that kills itself when that many iterations are done.
  void train_until_killed(std::size_t iteration, const fs::path& run) const {
    const int status = wait_for(start_process([&] {
      AtIteration kill(iteration, [] { raise(SIGKILL); });
      train_toy(cache_, settings_, run, /*resume=*/true, &kill);
      return 0;
    }));
    ASSERT_TRUE(WIFSIGNALED(status)) << status;
  }

  /// Trains in a process that can write no file above this size, as if the disk were full.
  [[nodiscard]] int exit_code_with_files_up_to(rlim_t bytes, const fs::path& run) const {
    const int status = wait_for(start_process([&] {
      signal(SIGXFSZ, SIG_IGN);
      const rlimit limit{bytes, bytes};
      setrlimit(RLIMIT_FSIZE, &limit);
      try {
        train_toy(cache_, settings_, run, /*resume=*/true);
      } catch (const Error& e) {
        return static_cast<int>(e.code());
      }
      return 0;
    }));
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

  TemporaryFolder folder_;
  fs::path cache_ = folder_ / "cache";
  fs::path unbroken_ = folder_ / "unbroken";
  fs::path broken_ = folder_ / "broken";
  TrainingSettings settings_ = toy_settings();
};

void expect_same_run(const fs::path& a, const fs::path& b) {
  ASSERT_FALSE(weights_of(a).empty());
  EXPECT_TRUE(weights_of(a) == weights_of(b));
}

std::vector<std::vector<std::string>> history_without_times(const fs::path& run) {
  const core::Table history = core::Table::read(run / "history.tsv");
  std::vector<std::vector<std::string>> rows = history.rows();
  for (auto& row : rows) row[history.column("seconds")].clear();
  return rows;
}

TEST_F(Resume, GivesTheWeightsOfAnUnbrokenRunAfterKillsBetweenCheckpoints) {
  for (const auto& [optimiser, compute] : {std::pair{"adamw", "float32"}, {"adam", "bfloat16"}}) {
    settings_.optimiser = optimiser;
    settings_.compute = compute;
    // Everything that remembers: a plateau, hard places, what was best.
    const bool remembers = settings_.optimiser == "adam";
    settings_.schedule = remembers ? "plateau" : "cosine";
    settings_.plateau_epochs = 1;
    settings_.stop_on = remembers ? "loss" : "dice";
    settings_.hard_fraction = remembers ? 0.5 : 0;
    settings_.hard_interval = 4;
    settings_.hard_slices = 6;
    const fs::path unbroken = unbroken_ / optimiser, broken = broken_ / optimiser;
    train_toy(cache_, settings_, unbroken);
    // Steps of each process: it begins with the checkpoint of iteration 0, 0, 3 and 6.
    for (const std::size_t iteration : {2U, 5U, 3U, 4U}) {
      ASSERT_NO_FATAL_FAILURE(train_until_killed(iteration, broken));
    }
    EXPECT_EQ(checkpoints(broken), std::set<std::string>{"checkpoint-9"});
    train_toy(cache_, settings_, broken, /*resume=*/true);
    expect_same_run(unbroken, broken);
    EXPECT_EQ(history_without_times(broken), history_without_times(unbroken));
    EXPECT_TRUE(testing::read(broken / "validation" / "slices.npy") ==
                testing::read(unbroken / "validation" / "slices.npy"));
  }
}

TEST_F(Resume, GivesTheWeightsOfAnUnbrokenRunAfterKillsAtAnyMoment) {
  const auto begin = std::chrono::steady_clock::now();
  train_toy(cache_, settings_, unbroken_);
  const std::chrono::duration<double> whole = std::chrono::steady_clock::now() - begin;
  std::mt19937 random(std::random_device{}());  // another moment each time this test runs
  std::uniform_real_distribution<double> share(0, 1);
  int killed = 0;
  for (int attempt = 0; attempt < 12; ++attempt) {
    const pid_t child = start_process([&] {
      train_toy(cache_, settings_, broken_, /*resume=*/true);
      return 0;
    });
    std::this_thread::sleep_for(share(random) * whole);
    kill(child, SIGKILL);
    const int status = wait_for(child);
    if (!WIFSIGNALED(status)) {
      ASSERT_EQ(WEXITSTATUS(status), 0);
      break;
    }
    ++killed;
  }
  train_toy(cache_, settings_, broken_, /*resume=*/true);
  SCOPED_TRACE(std::to_string(killed) + " kills");
  expect_same_run(unbroken_, broken_);
}

TEST_F(Resume, IgnoresWhatAKillLeftHalfWritten) {
  train_toy(cache_, settings_, unbroken_);
  ASSERT_NO_FATAL_FAILURE(train_until_killed(8, broken_));
  fs::create_directories(broken_ / ".unfinished");
  testing::write(broken_ / ".unfinished" / "weights.safetensors", "half");
  train_toy(cache_, settings_, broken_, /*resume=*/true);
  expect_same_run(unbroken_, broken_);
  EXPECT_EQ(checkpoints(broken_), std::set<std::string>{"checkpoint-12"});
}

/// What was warned of.
class Warned : public AtIteration {
 public:
  Warned() : AtIteration(0, [] {}) {}
  void warned(const std::string& message) override { said += message + "\n"; }
  std::string said;
};

TEST_F(Resume, WaitsForAnotherProcessThatTrainsInTheSameFolder) {
  int begun[2] = {};
  ASSERT_EQ(pipe(begun), 0);
  const pid_t other = start_process([&] {
    AtIteration pause(1, [&] {
      if (write(begun[1], "x", 1) != 1) _exit(1);
      std::this_thread::sleep_for(std::chrono::milliseconds(300));
    });
    train_toy(cache_, settings_, broken_, /*resume=*/true, &pause);
    return 0;
  });
  char go = 0;
  ASSERT_EQ(read(begun[0], &go, 1), 1);
  Warned sink;
  train_toy(cache_, settings_, broken_, /*resume=*/true, &sink);
  EXPECT_NE(sink.said.find("another process works in " + broken_.string()), std::string::npos)
      << sink.said;
  EXPECT_EQ(wait_for(other), 0);
  train_toy(cache_, settings_, unbroken_);
  expect_same_run(unbroken_, broken_);
}

TEST_F(Resume, OfAFinishedRunChangesNothing) {
  train_toy(cache_, settings_, unbroken_);
  const std::string before = weights_of(unbroken_);
  const std::string history = testing::read(unbroken_ / "history.tsv");
  const TrainingResult result = train_toy(cache_, settings_, unbroken_, /*resume=*/true);
  EXPECT_EQ(result.iterations, 12);
  EXPECT_TRUE(weights_of(unbroken_) == before);
  EXPECT_EQ(testing::read(unbroken_ / "history.tsv"), history);
}

TEST_F(Resume, RefusesOtherSettingsAndOtherScansByName) {
  ASSERT_NO_FATAL_FAILURE(train_until_killed(5, broken_));
  const std::string record = testing::read(broken_ / "settings.json");
  const auto expect_refused = [&](const std::string& named) {
    try {
      train_toy(cache_, settings_, broken_, /*resume=*/true);
      ADD_FAILURE() << "resumed with another " << named;
    } catch (const Error& e) {
      EXPECT_EQ(e.code(), ExitCode::usage);
      EXPECT_NE(std::string(e.what()).find(named), std::string::npos) << e.what();
    }
  };
  const TrainingSettings same = settings_;
  settings_.network.width = 6;
  expect_refused(": network.width");
  settings_ = same;
  settings_.augmentation.noise = 0.4;
  settings_.loss = "tversky";
  expect_refused(": augmentation.noise, loss");
  settings_ = same;

  const auto put = [&](const std::string& patient, std::uint64_t seed) {
    cache::Writer writer(cache_, cache::Cache::open(cache_).recipe(), "lesion", false);
    write_toy_scan(writer, patient, seed);
  };
  // The index says nothing of it, since its own hash stays: the bytes themselves are looked at.
  put("sub-2", 77);
  expect_refused("other content of these scans: toy/sub-2");
  put("sub-2", 2);  // as it was
  put("sub-9", 9);
  expect_refused("other scans");
  EXPECT_EQ(testing::read(broken_ / "settings.json"), record);
}

TEST_F(Resume, GoesOnOnAnotherDeviceOnlyWhereThatIsAskedFor) {
  train_toy(cache_, settings_, unbroken_);
  ASSERT_NO_FATAL_FAILURE(train_until_killed(5, broken_));
  core::Json record = core::read_json(broken_ / "settings.json");
  EXPECT_FALSE(record["settings"].contains("device"));  // the CPU, as ever
  record["settings"]["device"] = "cuda";                // as if it had begun on a GPU
  core::write_json(broken_ / "settings.json", record);
  try {
    train_toy(cache_, settings_, broken_, /*resume=*/true);
    ADD_FAILURE() << "moved unasked";
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ExitCode::usage);
    EXPECT_NE(std::string(e.what()).find(": device; "), std::string::npos) << e.what();
    EXPECT_NE(std::string(e.what()).find("--change-device"), std::string::npos) << e.what();
  }
  settings_.change_device = true;
  train_toy(cache_, settings_, broken_, /*resume=*/true);
  expect_same_run(unbroken_, broken_);
  EXPECT_FALSE(core::read_json(broken_ / "settings.json")["settings"].contains("device"));
}

/// A run of two epochs that stands after its first, with a learning rate from there on at which no
/// step can be made until it was halved some times.
class ResumeTooFast : public Resume {
 protected:
  void SetUp() override {
    settings_.iterations = 6;
    settings_.rollbacks = 60;
    ASSERT_NO_FATAL_FAILURE(train_until_killed(5, broken_));
    const fs::path file = broken_ / "checkpoint-3" / "state.json";
    core::Json state = core::read_json(file);
    state["plateau"]["share"] = 1e6;
    core::write_json(file, state);
  }
};

TEST_F(ResumeTooFast, ReturnsToItsCheckpointWithHalfTheRate) {
  nn::set_threads(1);
  Progress progress;
  const TrainingResult result = train({{cache_, {}, 1.0}}, settings_, broken_, true, progress);
  EXPECT_EQ(result.iterations, 6);
  ASSERT_GE(result.rollbacks, 1);
  ASSERT_EQ(progress.warnings().size(), static_cast<std::size_t>(result.rollbacks));
  EXPECT_NE(progress.warnings()[0].find("goes on from iteration 3 with half the learning rate"),
            std::string::npos)
      << progress.warnings()[0];
  // The row before stays, and the rate of the one after is halved as often as is said.
  const core::Table history = core::Table::read(broken_ / "history.tsv");
  ASSERT_EQ(history.rows().size(), 2U);
  EXPECT_EQ(history.rows()[0][history.column("rollbacks")], "0");
  EXPECT_EQ(history.rows()[1][history.column("rollbacks")], std::to_string(result.rollbacks));
  const double rate = 1e6 * learning_rate_at(settings_, 5) * std::pow(0.5, result.rollbacks);
  EXPECT_NEAR(std::stod(history.rows()[1][history.column("learning_rate")]), rate,
              1e-6 + 1e-6 * rate);
}

/// Ends the process when the run has gone back so often.
class KillAtWarning : public ProgressSink {
 public:
  explicit KillAtWarning(int warning) : left_(warning) {}
  void step_started(const std::string&, std::size_t) override {}
  void advanced(std::size_t, std::size_t) override {}
  void step_finished(const StepRecord&) override {}
  void warned(const std::string&) override {
    if (--left_ == 0) raise(SIGKILL);
  }

 private:
  int left_;
};

TEST_F(ResumeTooFast, GivesTheWeightsOfAnUnbrokenRunAfterAKillAmidRollbacks) {
  fs::copy(broken_, unbroken_, fs::copy_options::recursive);
  ASSERT_GE(train_toy(cache_, settings_, unbroken_, true).rollbacks, 2);
  for (const int warning : {1, 2}) {
    const int status = wait_for(start_process([&] {
      KillAtWarning kill(warning);
      train_toy(cache_, settings_, broken_, true, &kill);
      return 0;
    }));
    ASSERT_TRUE(WIFSIGNALED(status)) << status;
  }
  train_toy(cache_, settings_, broken_, true);
  ASSERT_FALSE(weights_of(unbroken_, 6).empty());
  EXPECT_TRUE(weights_of(unbroken_, 6) == weights_of(broken_, 6));
  EXPECT_EQ(history_without_times(broken_), history_without_times(unbroken_));
}

TEST_F(Resume, RefusesADamagedCheckpoint) {
  ASSERT_NO_FATAL_FAILURE(train_until_killed(5, broken_));
  for (const char* name : {"optimiser.pt", "weights.safetensors", "state.json"}) {
    const fs::path file = broken_ / "checkpoint-3" / name;
    const std::string whole = testing::read(file);
    testing::write(file, whole.substr(0, whole.size() / 2));
    try {
      train_toy(cache_, settings_, broken_, /*resume=*/true);
      ADD_FAILURE() << name << " was read";
    } catch (const Error& e) {
      EXPECT_EQ(e.code(), ExitCode::input);
      EXPECT_NE(std::string(e.what()).find("damaged"), std::string::npos);
    }
    testing::write(file, whole);
  }
}

TEST_F(Resume, GoesOnAfterTheDiskWasFull) {
  train_toy(cache_, settings_, unbroken_);
  ASSERT_NO_FATAL_FAILURE(train_until_killed(5, broken_));
  const fs::path checkpoint = broken_ / "checkpoint-3";
  const auto weights = fs::file_size(checkpoint / "weights.safetensors");
  const auto optimiser = fs::file_size(checkpoint / "optimiser.pt");
  ASSERT_GT(optimiser, weights);
  const std::string before = testing::read(checkpoint / "optimiser.pt");
  // Room for nothing; for the run's record, but not for the weights; for these, but not for the
  // optimiser's state.
  for (const std::uintmax_t bytes : {std::uintmax_t{0}, weights - 1, (weights + optimiser) / 2}) {
    EXPECT_EQ(exit_code_with_files_up_to(bytes, broken_), static_cast<int>(ExitCode::output));
    EXPECT_EQ(checkpoints(broken_), std::set<std::string>{"checkpoint-3"});
    EXPECT_TRUE(testing::read(checkpoint / "optimiser.pt") == before);
  }
  train_toy(cache_, settings_, broken_, /*resume=*/true);
  expect_same_run(unbroken_, broken_);
}

TEST_F(Resume, GoesOnWhereTheDiskHadNoRoomForTheSlicesToLookAt) {
  settings_.iterations = 3;
  settings_.validation_slices = 20;
  // A scan so large, against this network, that its slices need more room than any checkpoint.
  cache::Entry large = toy_entry("sub-4", 40, 6);
  large.size = {80, 72, 40};
  cache::Writer(cache_, cache::Cache::open(cache_).recipe(), "lesion", false)
      .add(large, toy_arrays(large, core::Random(4)));
  fs::path unbroken;
  for (settings_.seed = 1;; ++settings_.seed) {  // one by which that scan validates
    unbroken = unbroken_ / std::to_string(settings_.seed);
    train_toy(cache_, settings_, unbroken);
    const core::Json record = core::read_json(unbroken / "settings.json");
    if (record.at("data").at("validation_patients")[0] == "toy/sub-4") break;
    ASSERT_LT(settings_.seed, 30U);
  }
  const auto slices = fs::file_size(unbroken / "validation" / "slices.npy");
  std::uintmax_t largest = 0;
  for (const auto& file : fs::directory_iterator(unbroken / "checkpoint-3")) {
    largest = std::max(largest, file.file_size());
  }
  ASSERT_GT(slices, largest + 1);
  EXPECT_EQ(exit_code_with_files_up_to(slices - 1, broken_), static_cast<int>(ExitCode::output));
  EXPECT_FALSE(fs::exists(broken_ / "validation"));
  train_toy(cache_, settings_, broken_, /*resume=*/true);
  ASSERT_FALSE(weights_of(unbroken, 3).empty());
  EXPECT_TRUE(weights_of(unbroken, 3) == weights_of(broken_, 3));
  EXPECT_TRUE(testing::read(broken_ / "validation" / "slices.npy") ==
              testing::read(unbroken / "validation" / "slices.npy"));
}

}  // namespace
}  // namespace dawson::training
