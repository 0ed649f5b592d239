#include "dawson/workflow/processes.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <thread>

#include "dawson/core/error.h"
#include "support/temporary_folder.h"

namespace dawson::workflow {
namespace {

namespace fs = std::filesystem;

class SideBySide : public ::testing::Test {
 protected:
  Launch shell(const std::string& script) {
    return {{"/bin/sh", "-c", script}, folder_ / ("log-" + std::to_string(++logs_))};
  }
  std::vector<Ended> run(const std::vector<Launch>& launches, int jobs, double limit_s = 0) {
    std::vector<Ended> all(launches.size());
    run_side_by_side(launches, jobs, limit_s, progress_,
                     [&](std::size_t i, const Ended& e) { all[i] = e; });
    return all;
  }
  testing::TemporaryFolder folder_;
  int logs_ = 0;
  Progress progress_;
};

TEST_F(SideBySide, SayHowEachEnded) {
  const std::vector<Ended> all =
      run({shell("echo well; exit 0"), shell("echo no memory >&2; exit 6"), shell("kill -9 $$"),
           shell("sleep 60")},
          4, 0.5);
  EXPECT_TRUE(all[0].done);
  EXPECT_EQ(testing::read(folder_ / "log-1"), "well\n");
  EXPECT_EQ(all[1].reason, "exit code 6: no memory");
  EXPECT_EQ(all[1].exit_code, 6);
  EXPECT_EQ(all[2].reason, "killed by signal 9 (out of memory?)");
  EXPECT_TRUE(all[3].reason.starts_with("took longer")) << all[3].reason;
}

TEST_F(SideBySide, AreNoMoreThanJobs) {
  const std::string line = "d=" + folder_.path().string() +
                           "; touch $d/on.$$; ls $d | grep -c '^on' >> $d/counts; sleep 0.1; "
                           "rm $d/on.$$";
  (void)run(std::vector<Launch>(6, shell(line)), 2);
  const std::string counts = testing::read(folder_ / "counts");
  EXPECT_EQ(counts.find_first_not_of("12\n"), std::string::npos) << counts;
  EXPECT_NE(counts.find('2'), std::string::npos) << counts;
}

/// Gone, or waiting for somebody to ask how it ended.
bool is_over(const std::string& pid) {
  const std::string state = testing::read("/proc/" + pid + "/stat");
  return state.empty() || state.find(") Z") != std::string::npos;
}

void wait_until(const std::function<bool()>& is_so) {
  for (int i = 0; i < 500 && !is_so(); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
}

TEST_F(SideBySide, EndWhenTheProcessThatStartedThemIsKilled) {
  const fs::path file = folder_ / "pid";
  const pid_t parent = fork();
  if (parent == 0) {
    const std::string name = file.string();
    (void)run({shell("echo $$ >" + name + ".new; mv " + name + ".new " + name + "; exec sleep 60")},
              1);
    _exit(0);
  }
  wait_until([&] { return fs::exists(file); });
  std::string pid = testing::read(file);
  ASSERT_FALSE(pid.empty());
  pid.pop_back();
  EXPECT_FALSE(is_over(pid));
  kill(parent, SIGKILL);
  waitpid(parent, nullptr, 0);
  wait_until([&] { return is_over(pid); });
  EXPECT_TRUE(is_over(pid));
}

TEST_F(SideBySide, SayWhereAProgramCannotBeStarted) {
  const std::vector<Ended> all = run({{{"/nowhere/program"}, folder_ / "log"}}, 1);
  EXPECT_FALSE(all[0].done);
  EXPECT_EQ(all[0].exit_code, 127);
  EXPECT_NE(all[0].reason.find("cannot be started"), std::string::npos) << all[0].reason;
}

TEST_F(SideBySide, StopWhenTheWorkIsCancelled) {
  std::atomic<bool> cancel = false;
  Progress progress(nullptr, &cancel);
  const auto begun = std::chrono::steady_clock::now();
  const std::string file = (folder_ / "alive").string();
  try {
    run_side_by_side({shell("exit 0"), shell("sleep 2; touch " + file)}, 2, 0, progress,
                     [&](std::size_t, const Ended&) { cancel = true; });
    FAIL() << "went on";
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ExitCode::interrupted);
  }
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(2));
  EXPECT_FALSE(fs::exists(file));
}

}  // namespace
}  // namespace dawson::workflow
