#include <gtest/gtest.h>
#include <sys/resource.h>

#include <chrono>
#include <cstdlib>
#include <random>
#include <thread>
#include <utility>

#include "dawson/core/error.h"
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

TEST_F(Resume, GivesTheWeightsOfAnUnbrokenRunAfterKillsBetweenCheckpoints) {
  for (const auto& [optimiser, compute] : {std::pair{"adamw", "float32"}, {"adam", "bfloat16"}}) {
    settings_.optimiser = optimiser;
    settings_.compute = compute;
    const fs::path unbroken = unbroken_ / optimiser, broken = broken_ / optimiser;
    train_toy(cache_, settings_, unbroken);
    for (const std::size_t iteration : {2U, 5U, 6U, 10U}) {
      ASSERT_NO_FATAL_FAILURE(train_until_killed(iteration, broken));
    }
    EXPECT_EQ(checkpoints(broken), std::set<std::string>{"checkpoint-9"});
    train_toy(cache_, settings_, broken, /*resume=*/true);
    expect_same_run(unbroken, broken);
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
  fs::create_directories(broken_ / ".checkpoint");
  testing::write(broken_ / ".checkpoint" / "weights.safetensors", "half");
  train_toy(cache_, settings_, broken_, /*resume=*/true);
  expect_same_run(unbroken_, broken_);
  EXPECT_EQ(checkpoints(broken_), std::set<std::string>{"checkpoint-12"});
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

TEST_F(Resume, RefusesOtherSettingsAndOtherScans) {
  ASSERT_NO_FATAL_FAILURE(train_until_killed(5, broken_));
  const std::string record = testing::read(broken_ / "settings.json");
  const auto code = [&] {
    try {
      train_toy(cache_, settings_, broken_, /*resume=*/true);
    } catch (const Error& e) {
      return e.code();
    }
    return ExitCode::done;
  };
  settings_.network.width = 6;
  EXPECT_EQ(code(), ExitCode::usage);
  settings_ = toy_settings();
  settings_.validation_patients = 1;
  settings_.augmentation.noise = 0.4;
  EXPECT_EQ(code(), ExitCode::usage);
  settings_.augmentation.noise = toy_settings().augmentation.noise;
  cache::Writer(cache_, cache::Cache::open(cache_).recipe(), "lesion", false)
      .add(toy_entry("sub-9"), toy_arrays(toy_entry("sub-9"), core::Random(9)));
  EXPECT_EQ(code(), ExitCode::usage);
  EXPECT_EQ(testing::read(broken_ / "settings.json"), record);
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
  // Room for not even the weights; for these, but not for the optimiser's state.
  for (const std::uintmax_t bytes : {weights - 1, (weights + optimiser) / 2}) {
    EXPECT_EQ(exit_code_with_files_up_to(bytes, broken_), static_cast<int>(ExitCode::output));
    EXPECT_EQ(checkpoints(broken_), std::set<std::string>{"checkpoint-3"});
    EXPECT_TRUE(testing::read(checkpoint / "optimiser.pt") == before);
  }
  train_toy(cache_, settings_, broken_, /*resume=*/true);
  expect_same_run(unbroken_, broken_);
}

}  // namespace
}  // namespace dawson::training
