// On a real Slurm, where there is one: scripts/slurm-single-node makes one of this machine.
#include "dawson/workflow/slurm.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <thread>

#include "dawson/core/error.h"
#include "support/slurm.h"
#include "support/temporary_folder.h"

namespace dawson::workflow {
namespace {

namespace fs = std::filesystem;

class Slurm : public ::testing::Test {
 protected:
  void SetUp() override { DAWSON_NEEDS_SLURM(); }
  Launch shell(const std::string& script) {
    return {{"/bin/sh", "-c", script}, folder_ / ("log-" + std::to_string(++logs_))};
  }
  std::vector<Ended> run(const std::vector<Launch>& launches, const SlurmSettings& settings = {}) {
    std::vector<Ended> all(launches.size());
    run_on_slurm(launches, settings, folder_ / "array", progress_,
                 [&](std::size_t i, const Ended& e) { all[i] = e; });
    return all;
  }
  testing::TemporaryFolder folder_;
  int logs_ = 0;
  Progress progress_;
};

TEST_F(Slurm, RunsAnArrayAndSaysHowEachEnded) {
  const std::vector<Ended> all =
      run({shell("echo \"it's $SLURM_ARRAY_TASK_ID of $SLURM_ARRAY_TASK_COUNT\""),
           shell("echo no memory >&2; exit 6"), shell("scancel $SLURM_JOB_ID; sleep 60")},
          {.memory = "50M"});
  EXPECT_TRUE(all[0].done) << all[0].reason;
  EXPECT_EQ(testing::read(folder_ / "log-1"), "it's 0 of 3\n");
  EXPECT_EQ(all[1].reason, "exit code 6: no memory");
  EXPECT_EQ(all[1].exit_code, 6);
  EXPECT_FALSE(all[2].done);
  EXPECT_EQ(all[2].reason, "Slurm: CANCELLED");
}

TEST_F(Slurm, IsAskedWhoSentTheSignalThatEndsATask) {
  const std::vector<Ended> all = run({shell("echo a fault >&2; kill -SEGV $$"),
                                      shell("while sleep 0.5; do scancel $SLURM_JOB_ID; done & kill $$")});
  EXPECT_EQ(all[0].reason, "exit code 139: a fault");
  EXPECT_EQ(all[1].reason, "Slurm: CANCELLED");
}

TEST_F(Slurm, SharesOutMoreTasksThanAnArrayMayHave) {
  std::vector<Launch> launches;
  for (int i = 0; i < 5; ++i) {
    launches.push_back(shell("echo $SLURM_ARRAY_TASK_ID of $SLURM_ARRAY_TASK_COUNT; exit " +
                             std::to_string(i == 1 ? 6 : 0)));
  }
  const std::vector<Ended> all = run(launches, {.most_elements = 2});
  for (int i = 0; i < 5; ++i) {
    const std::string log = testing::read(folder_ / ("log-" + std::to_string(i + 1)));
    EXPECT_EQ(log, std::to_string(i % 2) + " of 2\n");
    EXPECT_EQ(all[std::size_t(i)].done, i != 1) << i;  // one that fails stops none behind it
  }
}

TEST_F(Slurm, SaysThatThereWasNoRoomForAnExitCode) {
  const std::string in_the_way = (folder_ / "array/task-0.code.new").string();
  const std::vector<Ended> all = run({shell("mkdir " + in_the_way)});
  EXPECT_EQ(all[0].exit_code, 4) << all[0].reason;
  EXPECT_NE(all[0].reason.find("disk full"), std::string::npos) << all[0].reason;
}

TEST_F(Slurm, RefusesWhatItCannotGive) {
  try {
    (void)run({shell("exit 0")}, {.partition = "nowhere"});
    FAIL() << "was taken";
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ExitCode::resources);
    EXPECT_NE(std::string(e.what()).find("partition"), std::string::npos) << e.what();
  }
}

TEST_F(Slurm, GivesATaskItsLimitInWholeMinutes) {
  Where where;
  where.limit_s = 61;
  where.slurm = SlurmSettings();
  Ended how;
  run_all({shell("scontrol -o show job $SLURM_JOB_ID")}, where, folder_ / "array", progress_,
          [&](std::size_t, const Ended& e) { how = e; });
  EXPECT_TRUE(how.done) << how.reason;
  EXPECT_NE(testing::read(folder_ / "log-1").find("TimeLimit=00:02:00"), std::string::npos)
      << testing::read(folder_ / "log-1");
}

TEST_F(Slurm, CancelsTheArrayWithTheWork) {
  std::atomic<bool> cancel = false;
  Progress progress(nullptr, &cancel);
  EXPECT_THROW(run_on_slurm({shell("exit 0"), shell("sleep 60")}, {}, folder_ / "array", progress,
                            [&](std::size_t, const Ended&) { cancel = true; }),
               Error);
  std::string job = testing::read(folder_ / "array/job.txt");
  job.pop_back();
  const std::string still =
      "sleep 2; test -z \"$(squeue -h -t RUNNING,PENDING -j " + job + " 2>/dev/null)\"";
  EXPECT_EQ(std::system(still.c_str()), 0);
}

TEST_F(Slurm, CancelsTheArrayOfAnEarlierCallThatWasKilled) {
  const std::string begun = (folder_ / "begun").string();
  const pid_t earlier = fork();
  if (earlier == 0) {
    try {
      (void)run({shell("touch " + begun + "; sleep 60")});
    } catch (...) {
    }
    _exit(0);
  }
  for (int i = 0; i < 300 && !fs::exists(begun); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  ASSERT_TRUE(fs::exists(begun));
  kill(earlier, SIGKILL);
  waitpid(earlier, nullptr, 0);
  std::string job = testing::read(folder_ / "array/job.txt");
  job.pop_back();
  const std::vector<Ended> all = run(
      {shell("test -z \"$(squeue -h -t RUNNING,PENDING,COMPLETING -j " + job + " 2>/dev/null)\"")});
  EXPECT_TRUE(all[0].done) << "job " << job << " went on beside the new one";
  ASSERT_EQ(progress_.warnings().size(), 1U);
  EXPECT_NE(progress_.warnings()[0].find("job " + job), std::string::npos);
}

TEST(WithoutSlurm, IsSaidInASentence) {
  const std::string path = std::getenv("PATH");
  setenv("PATH", "/nowhere", 1);
  try {
    require_slurm();
    ADD_FAILURE() << "found one";
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ExitCode::resources);
    EXPECT_NE(std::string(e.what()).find("there is no Slurm here"), std::string::npos);
  }
  setenv("PATH", path.c_str(), 1);
}

}  // namespace
}  // namespace dawson::workflow
