#include "dawson/training/memory.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <fstream>
#include <new>
#include <stdexcept>

#include "dawson/nn/graph.h"
#include "training/run.h"

namespace dawson::training {
namespace {

using testing::TemporaryFolder;

constexpr std::int64_t mebibyte = 1 << 20;

Error refusal_of(const nn::Graph& graph, const TrainingSettings& s, std::int64_t bytes) {
  try {
    require_memory(graph, s, bytes);
  } catch (const Error& e) {
    return e;
  }
  return {ExitCode::done, ""};
}

class TrainingMemoryCheck : public ::testing::Test {
 protected:
  TrainingMemoryCheck() {
    settings_.network.input_channels = 4;
    settings_.batch = 64;
    settings_.patch = 64;
  }
  [[nodiscard]] nn::Graph graph() const { return nn::build_without_weights(settings_.network); }

  TrainingSettings settings_ = toy_settings();
};

TEST_F(TrainingMemoryCheck, NamesTheLargestBatchThatFits) {
  const std::int64_t bytes = 20 * mebibyte;
  const Error error = refusal_of(graph(), settings_, bytes);
  ASSERT_EQ(error.code(), ExitCode::resources);
  EXPECT_NE(error.where().find("--batch 64"), std::string::npos) << error.what();
  const std::string advice = error.what_to_do();
  const int named = std::stoi(advice.substr(advice.find_first_of("0123456789")));
  ASSERT_GT(named, 1) << advice;
  settings_.batch = named;
  EXPECT_EQ(refusal_of(graph(), settings_, bytes).code(), ExitCode::done);
  settings_.batch = named + 1;
  EXPECT_EQ(refusal_of(graph(), settings_, bytes).code(), ExitCode::resources);
}

TEST_F(TrainingMemoryCheck, LetsMoreIntoTheSameMemoryInBfloat16) {
  const std::int64_t needed =
      graph().cost(settings_.batch, settings_.patch, settings_.patch).training_peak_bytes;
  EXPECT_EQ(refusal_of(graph(), settings_, needed).code(), ExitCode::done);
  EXPECT_EQ(refusal_of(graph(), settings_, needed - 1).code(), ExitCode::resources);
  settings_.compute = "bfloat16";
  EXPECT_EQ(refusal_of(graph(), settings_, needed - 1).code(), ExitCode::done);
}

TEST_F(TrainingMemoryCheck, SaysWhereNoBatchFitsAndPassesWhereNothingIsKnown) {
  const Error error = refusal_of(graph(), settings_, 1000);
  EXPECT_NE(error.what_to_do().find("not even a batch of 1"), std::string::npos) << error.what();
  EXPECT_EQ(refusal_of(graph(), settings_, -1).code(), ExitCode::done);
}

TEST_F(TrainingMemoryCheck, TakesNineTenthsOfWhatIsFreeOrWhatIsGiven) {
  const std::int64_t found = memory_for_training(settings_, c10::Device(c10::kCPU));
  EXPECT_GT(found, 64 * mebibyte);
  settings_.memory_gib = 0.25;
  EXPECT_EQ(memory_for_training(settings_, c10::Device(c10::kCPU)), 256 * mebibyte);
}

TEST(OutOfMemory, IsKnownFromOtherFailures) {
  try {
    (void)at::empty({std::int64_t{1} << 52});
    FAIL() << "16 PiB were given";
  } catch (const std::exception& e) {
    EXPECT_TRUE(is_out_of_memory(e)) << e.what();
  }
  try {
    (void)at::ones({2}).view({3});
    FAIL();
  } catch (const std::exception& e) {
    EXPECT_FALSE(is_out_of_memory(e)) << e.what();
  }
  EXPECT_TRUE(is_out_of_memory(std::bad_alloc()));
  EXPECT_FALSE(is_out_of_memory(std::runtime_error("out of memory of the good times")));
}

class RunWithoutMemory : public ::testing::Test {
 protected:
  RunWithoutMemory() { write_toy_cache(cache_, 2); }
  TemporaryFolder folder_;
  fs::path cache_ = folder_ / "cache";
  fs::path run_ = folder_ / "run";
  TrainingSettings settings_ = toy_settings();
};

TEST_F(RunWithoutMemory, IsRefusedBeforeAnythingIsWritten) {
  settings_.memory_gib = 1e-4;
  try {
    train_toy(cache_, settings_, run_);
    ADD_FAILURE() << "the run was done";
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ExitCode::resources);
    EXPECT_NE(std::string(e.what()).find("batch"), std::string::npos) << e.what();
  }
  EXPECT_FALSE(fs::exists(run_));
}

std::int64_t virtual_bytes() {
  std::ifstream file("/proc/self/statm");
  std::int64_t pages = 0;
  file >> pages;
  return pages * 4096;
}

TEST_F(RunWithoutMemory, LeavesNothingWhereTheFirstStepFailsForLackOfIt) {
  settings_.memory_gib = 1000;  // so that the step is tried
  settings_.augmentation = no_augmentation();
  settings_.network.width = 128;  // the first value alone: 1 GiB
  settings_.patch = 512;
  settings_.batch = 8;
  const fs::path said = folder_ / "said";
  const int status = wait_for(start_process([&] {
    const auto most = static_cast<rlim_t>(virtual_bytes() + 500 * mebibyte);
    const rlimit limit{most, most};
    setrlimit(RLIMIT_AS, &limit);
    try {
      train_toy(cache_, settings_, run_);
    } catch (const Error& e) {
      testing::write(said, e.what());
      return static_cast<int>(e.code());
    }
    return 0;
  }));
  ASSERT_TRUE(WIFEXITED(status)) << status;
  EXPECT_EQ(WEXITSTATUS(status), static_cast<int>(ExitCode::resources));
  EXPECT_NE(testing::read(said).find("a batch of 4 would fit"), std::string::npos)
      << testing::read(said);
  EXPECT_FALSE(fs::exists(run_));
}

}  // namespace
}  // namespace dawson::training
