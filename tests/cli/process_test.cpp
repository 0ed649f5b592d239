#include "dawson/cli/process.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <functional>
#include <thread>

#include "dawson/core/atomic_file.h"
#include "dawson/core/error.h"
#include "dawson/core/progress.h"
#include "support/temporary_folder.h"

namespace dawson::cli {
namespace {

struct Ending {
  int code = -1;  ///< −1: killed by the signal
  double seconds = 0;
};

// Sends `signal_number` to a process that does `work` and waits for its end.
Ending interrupt(int signal_number, const std::function<int()>& work) {
  int ready[2];
  if (pipe(ready) != 0) throw std::runtime_error("no pipe");
  const pid_t child = fork();
  if (child == 0) {
    int code = 99;
    {
      const InterruptWatch watch;
      if (write(ready[1], "x", 1) != 1) _exit(98);
      Progress progress(nullptr, &watch.cancel());
      try {
        progress.step("work");
        while (work() == 0) progress.check();
      } catch (const Error& e) {
        code = static_cast<int>(e.code());
      }
    }
    _exit(code);
  }
  char byte = 0;
  if (read(ready[0], &byte, 1) != 1) throw std::runtime_error("the child did not begin");
  close(ready[0]);
  close(ready[1]);
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  const auto begin = std::chrono::steady_clock::now();
  kill(child, signal_number);
  int status = 0;
  waitpid(child, &status, 0);
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - begin;
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, elapsed.count()};
}

int doze() {
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  return 0;
}

TEST(Interrupt, CancelsWorkThatLooks) {
  for (const int signal_number : {SIGINT, SIGTERM}) {
    const Ending ending = interrupt(signal_number, doze);
    EXPECT_EQ(ending.code, 130);
    EXPECT_LT(ending.seconds, 0.5);
  }
}

TEST(Interrupt, EndsWorkThatNeverLooksAndLeavesNothingBehind) {
  const dawson::testing::TemporaryFolder folder;
  const Ending ending = interrupt(SIGINT, [&] {
    const core::AtomicFolder out(folder / "out", false);
    dawson::testing::write(out.temporary() / "mask.nii", "half");
    std::this_thread::sleep_for(std::chrono::seconds(20));
    return 0;
  });
  EXPECT_EQ(ending.code, 130);
  EXPECT_LT(ending.seconds, 2.0);  // 0.7 s of grace, and a busy machine
  EXPECT_TRUE(folder.contents().empty());
}

TEST(Interrupt, WatchEndsQuietlyWhenNoSignalComes) {
  const auto begin = std::chrono::steady_clock::now();
  {
    const InterruptWatch watch;
    EXPECT_FALSE(watch.cancel());
  }
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - begin;
  EXPECT_LT(elapsed.count(), 0.5);
}

TEST(Process, RunsWithAFastBlas) {
  EXPECT_EQ(blas_warning(), "");
}

// The program as a user starts it.
int start(const std::string& line) {
  const int status = std::system((std::string(DAWSON_PROGRAM) + " " + line).c_str());
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/// What a user starts, beside a program that says what it was given.
class Launcher : public ::testing::Test {
 protected:
  void SetUp() override {
    namespace fs = std::filesystem;
    fs::create_directories(folder_ / "bin");
    fs::create_directories(folder_ / "libexec");
    fs::copy_file(DAWSON_PROGRAM, folder_ / "bin/dawson");
    unsetenv("OMP_WAIT_POLICY");
    unsetenv("OPENBLAS_NUM_THREADS");
  }
  void add_program() const {
    dawson::testing::write(
        folder_ / "libexec/dawson",
        "#!/bin/sh\necho \"$OMP_WAIT_POLICY $OPENBLAS_NUM_THREADS $1 $2\"\nexit 7\n");
    std::filesystem::permissions(folder_ / "libexec/dawson", std::filesystem::perms::owner_all);
  }
  /// Exit code, and what was said.
  [[nodiscard]] std::pair<int, std::string> started(const std::string& before) const {
    const std::string said = (folder_ / "said").string();
    const int status = std::system((before + " " + (folder_ / "bin/dawson").string() +
                                    " segment 'two words' >" + said + " 2>&1")
                                       .c_str());
    return {WEXITSTATUS(status), dawson::testing::read(said)};
  }
  dawson::testing::TemporaryFolder folder_;
};

TEST_F(Launcher, SetsWhatLibrariesReadAndKeepsWhatIsSet) {
  add_program();
  EXPECT_EQ(started(""), std::pair(7, std::string("PASSIVE 1 segment two words\n")));
  EXPECT_EQ(started("OMP_WAIT_POLICY=ACTIVE"),
            std::pair(7, std::string("ACTIVE 1 segment two words\n")));
}

TEST_F(Launcher, SaysWhereItsProgramIsMissing) {
  const auto [code, said] = started("");
  EXPECT_EQ(code, 70);
  EXPECT_EQ(said, "dawson: " + (folder_ / "libexec/dawson").string() +
                      ": cannot be started; install dawson again\n");
}

TEST(Program, SpeaksOnStandardErrorAndEndsWithTheErrorsCode) {
  const dawson::testing::TemporaryFolder folder;
  const std::string out = (folder / "out").string();
  const std::string err = (folder / "err").string();
  EXPECT_EQ(start("models shwo >" + out + " 2>" + err), 2);
  EXPECT_EQ(dawson::testing::read(out), "");
  EXPECT_EQ(dawson::testing::read(err),
            "dawson: 'action' must be one of list, show, verify, describe, not 'shwo'; did you "
            "mean 'show'?\n");
  EXPECT_EQ(start("models verify /nowhere 2>" + err), 5);
  EXPECT_EQ(start("models list --json >/dev/full 2>" + err), 4);
  EXPECT_EQ(dawson::testing::read(err), "dawson: standard output: cannot be written\n");
}

}  // namespace
}  // namespace dawson::cli
